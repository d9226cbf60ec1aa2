package io.heartbus.protocol;

import java.nio.ByteBuffer;

/**
 * The way back of {@link Body}: fields appended to a buffer of their exact size. A value that its
 * field cannot hold is a fault of the caller and throws IllegalArgumentException; cut to fit, it
 * would be a different message.
 */
final class BodyBuilder {
  private final ByteBuffer out;

  private BodyBuilder(int bytes) {
    this.out = ByteBuffer.allocate(bytes);
  }

  /** A frame with a body of that size; the header is in it already. */
  static BodyBuilder frame(FrameType type, int bodyBytes) {
    return new BodyBuilder(Wire.HEADER_BYTES + bodyBytes)
        .u16(Wire.MAGIC)
        .u8(type.code())
        .u32(bodyBytes);
  }

  /** Fields without a header. */
  static BodyBuilder part(int bytes) {
    return new BodyBuilder(bytes);
  }

  BodyBuilder u8(int value) {
    out.put((byte) fit(value, 0xFF));
    return this;
  }

  BodyBuilder u16(int value) {
    out.putShort((short) fit(value, 0xFFFF));
    return this;
  }

  BodyBuilder u32(long value) {
    out.putInt((int) fit(value, 0xFFFF_FFFFL));
    return this;
  }

  /** Bits, not a number. */
  BodyBuilder bits32(int bits) {
    out.putInt(bits);
    return this;
  }

  BodyBuilder u64(long value) {
    out.putLong(value);
    return this;
  }

  BodyBuilder bytes(byte[] bytes) {
    out.put(bytes);
    return this;
  }

  /** What was built, once every byte of it is there. */
  byte[] array() {
    if (out.hasRemaining()) {
      throw new IllegalStateException(out.remaining() + " bytes are missing");
    }
    return out.array();
  }

  private static long fit(long value, long max) {
    if (value < 0 || value > max) {
      throw new IllegalArgumentException(value + " does not fit a field of at most " + max);
    }
    return value;
  }
}
