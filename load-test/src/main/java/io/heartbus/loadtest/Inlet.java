package io.heartbus.loadtest;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.FrameReader;
import io.heartbus.protocol.FrameType;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.protocol.Role;
import io.heartbus.protocol.Wire;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What one read of a socket brought, cut into frames where it lies. All connections of a fleet
 * share one, because between two reads a connection has nothing but the beginning of a frame to
 * keep. The two frames that a load is made of, DATA and CREDIT, are looked at in place and cost no
 * object; all others, and whatever is wrong, are the business of {@link FrameReader}. Bytes: knows
 * no socket. Owned by the fleet's thread.
 */
final class Inlet {
  /** One read takes this much at most: larger is faster and keeps other connections waiting. */
  static final int BUFFER_BYTES = 256 * 1024;

  private static final byte[] NOTHING = new byte[0];
  private static final int TYPE_AT = 2;
  private static final int LENGTH_AT = 3;
  private static final int FLAGS_AT = 4;
  private static final int DELTA_AT = 4;
  private static final int CREDIT_BODY_BYTES = 8;

  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final FrameReader reader = new FrameReader(Role.SERVER);
  private int next;
  private int body;
  private int bodyBytes;

  Inlet() {
    reader.registered(Wire.BODY_BYTES_MAX);
  }

  /** Forgets everything. Returns where to put what comes in, behind what a connection has kept. */
  ByteBuffer begin(byte[] kept) {
    next = 0;
    return buffer.clear().put(kept);
  }

  /**
   * Moves to the next complete frame; skips what SPEC says to skip.
   *
   * @param bodyBytesMax the largest body that may come
   * @return false when there is no further complete frame
   * @throws ProtocolException when the next header breaks SPEC
   */
  boolean advance(int bodyBytesMax) throws ProtocolException {
    while (true) {
      int available = buffer.position() - next;
      if (available == 0) {
        return false;
      }
      if (!ordinary(available, bodyBytesMax)) {
        judge(available, bodyBytesMax);
      }
      if (available < Wire.HEADER_BYTES
          || available - Wire.HEADER_BYTES < buffer.getInt(next + LENGTH_AT)) {
        return false;
      }
      body = next + Wire.HEADER_BYTES;
      bodyBytes = buffer.getInt(next + LENGTH_AT);
      next = body + bodyBytes;
      if (type() != null) {
        return true;
      }
    }
  }

  /** The beginning of a frame that is left over. */
  byte[] rest() {
    int bytes = buffer.position() - next;
    if (bytes == 0) {
      return NOTHING;
    }
    byte[] rest = new byte[bytes];
    buffer.get(next, rest);
    return rest;
  }

  /** Whether the frame is a DATA that can be looked at in place. */
  boolean isData() {
    return type() == FrameType.DATA
        && bodyBytes >= FrameBytes.DATA_FIXED_BYTES
        && bodyBytes >= payloadAt() - body;
  }

  /** Whether the frame is a CREDIT that can be looked at in place. */
  boolean isCredit() {
    return type() == FrameType.CREDIT && bodyBytes == CREDIT_BODY_BYTES;
  }

  /** Of which channel a DATA or CREDIT is. */
  long channel() {
    return buffer.getInt(body) & 0xFFFF_FFFFL;
  }

  /** How much a CREDIT grants. */
  long delta() {
    return buffer.getInt(body + DELTA_AT) & 0xFFFF_FFFFL;
  }

  /** Whether the message of a DATA goes on in the next one; END overrides MORE. */
  boolean more() {
    return (flags() & (Wire.DATA_MORE | Wire.DATA_END)) == Wire.DATA_MORE;
  }

  /** Where the payload of a DATA begins in {@link #bytes()}. */
  int payloadAt() {
    boolean sequenced = (flags() & Wire.DATA_SEQUENCED) != 0;
    return body + FrameBytes.DATA_FIXED_BYTES + (sequenced ? Long.BYTES : 0);
  }

  int payloadBytes() {
    return next - payloadAt();
  }

  /** All bytes; for reading by absolute positions, until the next {@link #begin}. */
  ByteBuffer bytes() {
    return buffer;
  }

  /**
   * The frame as a record.
   *
   * @throws ProtocolException when its body breaks SPEC
   */
  Frame frame() throws ProtocolException {
    int from = body - Wire.HEADER_BYTES;
    while (from < next) {
      ByteBuffer in = reader.intake(next - from);
      int bytes = Math.min(in.remaining(), next - from);
      in.put(buffer.slice(from, bytes));
      from += bytes;
    }
    if (!reader.advance()) {
      throw new IllegalStateException("a frame of " + bodyBytes + " bytes is not complete");
    }
    return reader.frame();
  }

  private @Nullable FrameType type() {
    return FrameType.of(buffer.get(body - Wire.HEADER_BYTES + TYPE_AT));
  }

  private int flags() {
    return buffer.get(body + FLAGS_AT);
  }

  /** Whether there is a whole header of DATA, which is what nearly always is the case. */
  private boolean ordinary(int available, int bodyBytesMax) {
    if (available < Wire.HEADER_BYTES) {
      return false;
    }
    int length = buffer.getInt(next + LENGTH_AT);
    return (buffer.getShort(next) & 0xFFFF) == Wire.MAGIC
        && buffer.get(next + TYPE_AT) == FrameType.DATA.code()
        && length >= 0
        && length <= bodyBytesMax;
  }

  /** Has the protocol's own reader judge a header, or as much of it as there is. */
  private void judge(int available, int bodyBytesMax) throws ProtocolException {
    FrameReader judging = new FrameReader(Role.SERVER);
    judging.registered(bodyBytesMax);
    int bytes = Math.min(available, Wire.HEADER_BYTES);
    judging.intake(0).put(buffer.slice(next, bytes));
    boolean _ = judging.advance();
  }
}
