package io.heartbus.loadtest.compare;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/** A conversation without a socket: what it says, in hexadecimal or text, and what it hears. */
final class Talk {
  private static final int BYTES = 2 << 20;

  private final Conversation conversation;
  private final ByteBuffer out = ByteBuffer.allocate(BYTES);

  Talk(Conversation conversation) {
    this.conversation = conversation;
  }

  static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }

  static byte[] text(String text) {
    return text.getBytes(ISO_8859_1);
  }

  /** What it says when asked to. */
  byte[] says(Consumer<ByteBuffer> asked) {
    asked.accept(out);
    return said();
  }

  /** What it has said since the last time. */
  byte[] said() {
    byte[] bytes = new byte[out.flip().remaining()];
    out.get(bytes).clear();
    return bytes;
  }

  /** What it hears when all of that comes in at once; a fragment is the last of it. */
  List<Conversation.Heard> hears(byte[]... bytes) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(BYTES);
    for (byte[] part : bytes) {
      in.put(part);
    }
    in.flip();
    List<Conversation.Heard> heard = new ArrayList<>();
    boolean whole = true;
    while (whole && in.hasRemaining()) {
      heard.add(conversation.hear(in, out));
      whole = heard.getLast() != Conversation.Heard.FRAGMENT;
    }
    return heard;
  }

  /** What it hears of that when it comes in byte by byte. */
  List<Conversation.Heard> hearsInBytes(byte[] bytes) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(bytes.length).limit(0);
    List<Conversation.Heard> heard = new ArrayList<>();
    for (byte next : bytes) {
      in.compact().put(next).flip();
      Conversation.Heard one = conversation.hear(in, out);
      if (one != Conversation.Heard.FRAGMENT) {
        heard.add(one);
      }
    }
    return heard;
  }
}
