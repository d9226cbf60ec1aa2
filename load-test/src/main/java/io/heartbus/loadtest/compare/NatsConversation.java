package io.heartbus.loadtest.compare;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The text protocol of NATS: CONNECT, SUB, PUB; a beat is PING. An echo is what a connection
 * publishes to a subject that only it subscribed to.
 */
final class NatsConversation implements Conversation {
  private static final byte[] PING = ascii("PING\r\n");
  private static final byte[] PONG = ascii("PONG\r\n");
  private static final byte[] LINE_END = ascii("\r\n");
  private static final String CONNECT =
      "CONNECT {\"verbose\":false,\"pedantic\":false,\"lang\":\"compare\",\"version\":\"1\"}\r\n";

  /** INFO is the longest line there is; a server that sends none this long is none. */
  private static final int LINE_BYTES_MAX = 16 * 1024;

  private final Part part;
  private final byte[] message;
  private boolean ready;

  NatsConversation(Part part) {
    this.part = part;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(ascii("PUB " + part.address('.') + " " + part.payloadBytes() + "\r\n"));
    bytes.writeBytes(new byte[part.payloadBytes()]);
    bytes.writeBytes(LINE_END);
    this.message = bytes.toByteArray();
  }

  @Override
  public void greet(ByteBuffer out) {
    out.put(ascii(CONNECT));
    if (part.receives()) {
      out.put(ascii("SUB " + part.address('.') + " 1\r\n"));
    }
    // SUB has no answer of its own.
    out.put(PING);
  }

  @Override
  public Heard hear(ByteBuffer in, ByteBuffer out) throws IOException {
    int start = in.position();
    int end = lineEnd(in);
    if (end < 0) {
      return Heard.FRAGMENT;
    }
    int next = end + 1;
    byte first = in.get(start);
    if (first == 'M') {
      next += number(in, end - 2) + LINE_END.length;
      if (next > in.limit()) {
        return Heard.FRAGMENT;
      }
    }
    in.position(next);
    return switch (first) {
      case 'M' -> Heard.MESSAGE;
      case 'I', '+' -> Heard.NOTE;
      case 'P' -> in.get(start + 1) == 'I' ? pinged(out) : ponged();
      default -> {
        byte[] line = new byte[end - start];
        in.get(start, line);
        throw new IOException("the server says " + new String(line, US_ASCII).strip());
      }
    };
  }

  private static Heard pinged(ByteBuffer out) {
    out.put(PONG);
    return Heard.NOTE;
  }

  private Heard ponged() {
    if (ready) {
      return Heard.BEAT;
    }
    ready = true;
    return Heard.READY;
  }

  @Override
  public void beat(ByteBuffer out) {
    out.put(PING);
  }

  @Override
  public boolean publish(ByteBuffer out) {
    out.put(message);
    return true;
  }

  private static int lineEnd(ByteBuffer in) throws IOException {
    for (int at = in.position(); at < in.limit(); at++) {
      if (in.get(at) == '\n') {
        return at;
      }
    }
    if (in.remaining() > LINE_BYTES_MAX) {
      throw new IOException("the server does not speak NATS");
    }
    return -1;
  }

  /** The decimal number whose last digit is there. */
  private static int number(ByteBuffer in, int last) {
    int value = 0;
    int weight = 1;
    for (int at = last; in.get(at) != ' '; at--) {
      value += weight * (in.get(at) - '0');
      weight *= 10;
    }
    return value;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
