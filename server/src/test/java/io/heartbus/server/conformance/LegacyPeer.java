package io.heartbus.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A node of the PHP fleet: knows HBP/1 and nothing else, from the text of SPEC alone. It writes its
 * JSON by hand and looks for what it needs in what comes, the way an old client may do.
 */
final class LegacyPeer implements AutoCloseable {
  /** One frame as it came: its type and its JSON, of which the payload is JSON again mostly. */
  record Message(int type, String json) {
    /** The payload, unescaped. */
    String payload() {
      Matcher found = PAYLOAD.matcher(json);
      assertThat(found.find()).as("a payload in " + json).isTrue();
      return unescape(found.group(1));
    }

    /** The first number of that name in the payload. */
    double number(String name) {
      Matcher found = Pattern.compile("\"" + name + "\"\\s*:\\s*(-?[0-9.eE+]+)").matcher(payload());
      assertThat(found.find()).as(name + " in " + json).isTrue();
      return Double.parseDouble(found.group(1));
    }

    /** The first string of that name in the payload. */
    String text(String name) {
      Matcher found =
          Pattern.compile("\"" + name + "\"\\s*:\\s*\"((?:[^\"\\\\]++|\\\\.)*+)\"")
              .matcher(payload());
      assertThat(found.find()).as(name + " in " + json).isTrue();
      return unescape(found.group(1));
    }
  }

  private static final Pattern PAYLOAD =
      Pattern.compile("\"payload\"\\s*:\\s*\"((?:[^\"\\\\]++|\\\\.)*+)\"");
  private static final Pattern ESCAPE = Pattern.compile("\\\\(u([0-9a-fA-F]{4})|.)");

  private final Socket socket = new Socket();
  private final DataInputStream in;

  private LegacyPeer(InetSocketAddress server) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(Peer.PATIENCE_MS);
    socket.connect(server, Peer.PATIENCE_MS);
    in = new DataInputStream(socket.getInputStream());
  }

  static LegacyPeer connect(TestServer server) throws IOException {
    return new LegacyPeer(server.address());
  }

  static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ') {
        escaped.append("\\u%04x".formatted((int) c));
      } else {
        escaped.append(c == '"' || c == '\\' ? "\\" : "").append(c);
      }
    }
    return escaped.toString();
  }

  private static String unescape(String text) {
    return ESCAPE
        .matcher(text)
        .replaceAll(found ->
            Matcher.quoteReplacement(
                found.group(2) == null
                    ? named(found.group(1))
                    : String.valueOf((char) Integer.parseInt(found.group(2), 16))));
  }

  private static String named(String escape) {
    return switch (escape) {
      case "n" -> "\n";
      case "r" -> "\r";
      case "t" -> "\t";
      case "b" -> "\b";
      case "f" -> "\f";
      default -> escape;
    };
  }

  LegacyPeer sendRaw(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** Sends a frame whose body is exactly that text. */
  LegacyPeer sendBody(int type, String body) throws IOException {
    return sendRaw(RawFrame.of(type, body.getBytes(StandardCharsets.UTF_8)));
  }

  /** Sends a frame with that payload. */
  LegacyPeer send(int type, long channelId, String payload) throws IOException {
    return sendBody(
        type, "{\"channel_id\":" + channelId + ",\"payload\":\"" + escape(payload) + "\"}");
  }

  LegacyPeer send(int type, String payload) throws IOException {
    return send(type, 0, payload);
  }

  /** Registers as the PHP client does; {@code metadata} is JSON. Returns the answer. */
  Message register(String id, String metadata) throws IOException {
    sendRegister(id, metadata);
    Message answer = next();
    assertThat(answer.type()).as(answer.json()).isEqualTo(RawFrame.REGISTER);
    assertThat(answer.text("node_id")).isEqualTo(id);
    assertThat(answer.text("status")).isEqualTo("ok");
    return answer;
  }

  LegacyPeer sendRegister(String id, String metadata) throws IOException {
    return send(
        RawFrame.REGISTER,
        "{\"node_id\":\""
            + escape(id)
            + "\",\"metadata\":"
            + metadata
            + ",\"timestamp\":1700000000.1234}");
  }

  /** The next frame. */
  Message next() throws IOException {
    Message message = nextOrEnd();
    assertThat(message).as("the server ended").isNotNull();
    return message;
  }

  private @Nullable Message nextOrEnd() throws IOException {
    try {
      assertThat(in.readUnsignedShort()).as("magic").isEqualTo(0xAB12);
    } catch (EOFException end) {
      return null;
    }
    int type = in.readUnsignedByte();
    byte[] body = in.readNBytes(in.readInt());
    return new Message(type, new String(body, StandardCharsets.UTF_8));
  }

  /** What one read of the socket gives, as a PHP client takes it. */
  byte[] readOnce() throws IOException {
    byte[] buffer = new byte[65_536];
    int count = socket.getInputStream().read(buffer);
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    read.write(buffer, 0, Math.max(0, count));
    return read.toByteArray();
  }

  Message expect(int type) throws IOException {
    Message message = next();
    assertThat(message.type()).as(message.json()).isEqualTo(type);
    return message;
  }

  /** The next frame is an error of that number. */
  LegacyPeer expectError(int code) throws IOException {
    Message error = expect(RawFrame.ERROR);
    assertThat(error.number("code")).as(error.json()).isEqualTo(code);
    assertThat(error.text("message")).isNotEmpty();
    return this;
  }

  void expectEnd() throws IOException {
    assertThat(nextOrEnd()).isNull();
  }

  /** All that was sent so far has been handled, and nothing was said to it. */
  LegacyPeer fence() throws IOException {
    assertThat(send(RawFrame.PING, "").expect(RawFrame.PONG).payload()).isEmpty();
    return this;
  }

  void hangUp() throws IOException {
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
