package io.heartbus.loadtest;

import io.heartbus.protocol.FrameType;
import io.heartbus.protocol.Wire;
import java.nio.ByteBuffer;

/**
 * The two frames that a load is made of, DATA and CREDIT, written where they are to leave from. The
 * same bytes as {@link io.heartbus.protocol.FrameWriter} writes, without an object for each.
 * Stateless.
 */
final class FrameBytes {
  /** What a DATA without a sequence number has before its payload. */
  static final int DATA_FIXED_BYTES = 5;

  /** All of a DATA but its payload. */
  static final int DATA_BYTES = Wire.HEADER_BYTES + DATA_FIXED_BYTES;

  /** All of a CREDIT. */
  static final int CREDIT_BYTES = Wire.HEADER_BYTES + 8;

  private FrameBytes() {}

  /** Writes a DATA up to its payload, which the caller adds. */
  static void putData(ByteBuffer out, int channel, boolean more, int payloadBytes) {
    putHeader(out, FrameType.DATA, DATA_FIXED_BYTES + payloadBytes);
    out.putInt(channel).put((byte) (more ? Wire.DATA_MORE : 0));
  }

  /** Writes a CREDIT. */
  static void putCredit(ByteBuffer out, int channel, int delta) {
    putHeader(out, FrameType.CREDIT, 8);
    out.putInt(channel).putInt(delta);
  }

  private static void putHeader(ByteBuffer out, FrameType type, int bodyBytes) {
    out.putShort((short) Wire.MAGIC).put((byte) type.code()).putInt(bodyBytes);
  }
}
