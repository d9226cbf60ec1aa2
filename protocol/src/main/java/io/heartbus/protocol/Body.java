package io.heartbus.protocol;

import java.nio.ByteBuffer;

/**
 * A cursor over the body of one frame. Reading past its end is FRAME_SIZE, and so is a rest that
 * nobody read ({@link #end()}).
 */
final class Body {
  private final ByteBuffer buffer;
  private final int end;
  private int at;

  Body(ByteBuffer buffer, int start, int bytes) {
    this.buffer = buffer;
    this.at = start;
    this.end = start + bytes;
  }

  int remaining() {
    return end - at;
  }

  int u8() throws ProtocolException {
    return buffer.get(take(1)) & 0xFF;
  }

  int u16() throws ProtocolException {
    return buffer.getShort(take(2)) & 0xFFFF;
  }

  long u32() throws ProtocolException {
    return buffer.getInt(take(4)) & 0xFFFF_FFFFL;
  }

  /** Bits, not a number. */
  int bits32() throws ProtocolException {
    return buffer.getInt(take(4));
  }

  long u64() throws ProtocolException {
    return buffer.getLong(take(8));
  }

  byte[] bytes(int count) throws ProtocolException {
    int from = take(count);
    byte[] copy = new byte[count];
    buffer.get(from, copy);
    return copy;
  }

  byte[] rest() throws ProtocolException {
    return bytes(remaining());
  }

  /** The next bytes as a body of their own. */
  Body part(int count) throws ProtocolException {
    return new Body(buffer, take(count), count);
  }

  /**
   * The rest as text.
   *
   * @throws ProtocolException PROTOCOL_ERROR when that is not UTF-8
   */
  String text() throws ProtocolException {
    String text = Utf8.decode(rest());
    if (text == null) {
      throw new ProtocolException(ErrorCode.PROTOCOL_ERROR, "text that is not UTF-8");
    }
    return text;
  }

  /** Says that the body ends here. */
  void end() throws ProtocolException {
    if (at != end) {
      throw new ProtocolException(ErrorCode.FRAME_SIZE, remaining() + " bytes too many");
    }
  }

  private int take(int count) throws ProtocolException {
    if (count > end - at) {
      throw new ProtocolException(ErrorCode.FRAME_SIZE, (count - remaining()) + " bytes short");
    }
    int from = at;
    at += count;
    return from;
  }
}
