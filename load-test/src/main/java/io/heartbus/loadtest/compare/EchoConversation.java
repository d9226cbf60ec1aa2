package io.heartbus.loadtest.compare;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What is spoken to a server that sends back what it gets: {@code kind u8, length u16, body}, so
 * that the answers say by themselves what they are.
 */
final class EchoConversation implements Conversation {
  private static final int HEADER_BYTES = 3;
  private static final byte GREETING = 'G';
  private static final byte BEAT = 'B';
  private static final byte MESSAGE = 'M';

  private final byte[] payload;

  EchoConversation(Part part) {
    this.payload = new byte[part.payloadBytes()];
  }

  @Override
  public void greet(ByteBuffer out) {
    out.put(GREETING).putShort((short) 0);
  }

  @Override
  public Heard hear(ByteBuffer in, ByteBuffer out) throws IOException {
    int start = in.position();
    if (in.remaining() < HEADER_BYTES) {
      return Heard.FRAGMENT;
    }
    Heard heard =
        switch (in.get(start)) {
          case GREETING -> Heard.READY;
          case BEAT -> Heard.BEAT;
          case MESSAGE -> Heard.MESSAGE;
          default -> throw new IOException("the server does not echo");
        };
    int whole = HEADER_BYTES + Short.toUnsignedInt(in.getShort(start + 1));
    if (in.remaining() < whole) {
      return Heard.FRAGMENT;
    }
    in.position(start + whole);
    return heard;
  }

  @Override
  public void beat(ByteBuffer out) {
    out.put(BEAT).putShort((short) 0);
  }

  @Override
  public boolean publish(ByteBuffer out) {
    out.put(MESSAGE).putShort((short) payload.length).put(payload);
    return true;
  }
}
