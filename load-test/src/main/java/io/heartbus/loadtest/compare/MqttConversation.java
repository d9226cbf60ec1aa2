package io.heartbus.loadtest.compare;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * MQTT 3.1.1 with quality of service 0: CONNECT with a clean session, SUBSCRIBE, PUBLISH; a beat is
 * PINGREQ. An echo is what a connection publishes to a topic that only it subscribed to.
 */
final class MqttConversation implements Conversation {
  private static final int CONNECT = 0x10;
  private static final int CONNACK = 0x20;
  private static final int PUBLISH = 0x30;
  private static final int SUBSCRIBE = 0x82;
  private static final int SUBACK = 0x90;
  private static final int PINGRESP = 0xD0;
  private static final byte[] PINGREQ = {(byte) 0xC0, 0};

  /** As long as Heartbus nodes may be silent. */
  private static final int KEEP_ALIVE_SECONDS = 900;

  private static final int LENGTH_BYTES_MAX = 4;
  private static final int REFUSED = 0x80;

  private final Part part;
  private final byte[] message;

  MqttConversation(Part part) {
    this.part = part;
    this.message = packet(PUBLISH, text(part.address('/')), new byte[part.payloadBytes()]);
  }

  @Override
  public void greet(ByteBuffer out) {
    byte[] versionAndFlags = {4, 2, (byte) (KEEP_ALIVE_SECONDS >> 8), (byte) KEEP_ALIVE_SECONDS};
    out.put(packet(CONNECT, text("MQTT"), versionAndFlags, text(part.id())));
  }

  @Override
  public Heard hear(ByteBuffer in, ByteBuffer out) throws IOException {
    int start = in.position();
    int bodyBytes = 0;
    int lengthBytes = 0;
    boolean more = true;
    while (more) {
      if (in.remaining() < 2 + lengthBytes) {
        return Heard.FRAGMENT;
      }
      byte digit = in.get(start + 1 + lengthBytes);
      bodyBytes |= (digit & 0x7F) << (7 * lengthBytes);
      lengthBytes++;
      more = digit < 0;
      if (more && lengthBytes == LENGTH_BYTES_MAX) {
        throw new IOException("the server does not speak MQTT");
      }
    }
    int body = start + 1 + lengthBytes;
    if (in.limit() - body < bodyBytes) {
      return Heard.FRAGMENT;
    }
    in.position(body + bodyBytes);
    return packet(Byte.toUnsignedInt(in.get(start)), in.slice(body, bodyBytes), out);
  }

  private Heard packet(int type, ByteBuffer body, ByteBuffer out) throws IOException {
    if (type == PUBLISH) {
      return Heard.MESSAGE;
    }
    if (type == PINGRESP) {
      return Heard.BEAT;
    }
    if (type == SUBACK && body.get(2) != (byte) REFUSED) {
      return Heard.READY;
    }
    if (type != CONNACK || body.get(1) != 0) {
      throw new IOException("the server says %02X %s".formatted(type, body));
    }
    if (!part.receives()) {
      return Heard.READY;
    }
    byte[] packetId = {0, 1};
    byte[] quality = {0};
    out.put(packet(SUBSCRIBE, packetId, text(part.address('/')), quality));
    return Heard.NOTE;
  }

  @Override
  public void beat(ByteBuffer out) {
    out.put(PINGREQ);
  }

  @Override
  public boolean publish(ByteBuffer out) {
    out.put(message);
    return true;
  }

  private static byte[] text(String value) {
    byte[] bytes = value.getBytes(UTF_8);
    return ByteBuffer.allocate(2 + bytes.length).putShort((short) bytes.length).put(bytes).array();
  }

  private static byte[] packet(int type, byte[]... parts) {
    int rest = 0;
    for (byte[] bytes : parts) {
      rest += bytes.length;
    }
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    packet.write(type);
    do {
      packet.write((rest & 0x7F) | (rest > 0x7F ? 0x80 : 0));
      rest >>= 7;
    } while (rest > 0);
    for (byte[] bytes : parts) {
      packet.writeBytes(bytes);
    }
    return packet.toByteArray();
  }
}
