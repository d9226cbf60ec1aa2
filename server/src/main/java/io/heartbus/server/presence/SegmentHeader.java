package io.heartbus.server.presence;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a segment: whose events it holds, and under which conditions they were
 * written. Pure bytes.
 *
 * @param epoch of all events in it
 * @param previousEpoch whose numbers this epoch went on with, and where to read what was before; 0
 *     for none
 * @param firstSeq the number of its first event
 * @param createdMs wall clock
 * @param boot the run of the operating system that wrote it: while that lasts, what was written is
 *     there, synced or not
 * @param syncedBeforeTold whether nobody was told of an event before the disk had it
 */
record SegmentHeader(
    long epoch,
    long previousEpoch,
    long firstSeq,
    long createdMs,
    UUID boot,
    boolean syncedBeforeTold) {
  /** "HBPL". */
  private static final int MAGIC = 0x4842504C;

  private static final byte VERSION = 1;
  private static final byte SYNCED_BEFORE_TOLD = 1;

  /** What may be known of a run of an operating system that does not name it. */
  static final UUID UNKNOWN_BOOT = new UUID(0, 0);

  /** How long it is. */
  static final int BYTES = Integer.BYTES + 2 + 6 * Long.BYTES + Integer.BYTES;

  void encode(ByteBuffer out) {
    int start = out.position();
    out.putInt(MAGIC);
    out.put(VERSION);
    out.put(syncedBeforeTold ? SYNCED_BEFORE_TOLD : 0);
    out.putLong(epoch).putLong(previousEpoch).putLong(firstSeq).putLong(createdMs);
    out.putLong(boot.getMostSignificantBits()).putLong(boot.getLeastSignificantBits());
    out.putInt(sum(out, start));
  }

  /** The header that those bytes are; null when they are none of this version, or damaged. */
  static @Nullable SegmentHeader decode(ByteBuffer in) {
    if (in.remaining() < BYTES) {
      return null;
    }
    int start = in.position();
    int magic = in.getInt();
    byte version = in.get();
    byte flags = in.get();
    SegmentHeader header =
        new SegmentHeader(
            in.getLong(),
            in.getLong(),
            in.getLong(),
            in.getLong(),
            new UUID(in.getLong(), in.getLong()),
            flags == SYNCED_BEFORE_TOLD);
    int sum = sum(in, start);
    boolean ours = magic == MAGIC && version == VERSION && in.getInt() == sum;
    return ours ? header : null;
  }

  private static int sum(ByteBuffer buffer, int start) {
    CRC32C sum = new CRC32C();
    sum.update(buffer.slice(start, BYTES - Integer.BYTES));
    return (int) sum.getValue();
  }

  /** Whether that run of the operating system wrote it; never when nobody knows. */
  boolean writtenIn(UUID thisBoot) {
    return boot.equals(thisBoot) && !boot.equals(UNKNOWN_BOOT);
  }
}
