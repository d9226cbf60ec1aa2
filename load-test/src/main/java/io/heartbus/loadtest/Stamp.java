package io.heartbus.loadtest;

import java.nio.ByteBuffer;

/**
 * What is in a message of the load: who sent it, as which of its messages, when it was meant to
 * leave, and a filler that follows from these, so that a receiver sees a loss, a copy, a wrong
 * order and a changed byte by itself. Bytes: all integers are big-endian.
 *
 * <pre>
 *  0  sender u32
 *  4  check u32, over all the rest of the stamp, the size and the run
 *  8  sequence number u64, from 0
 * 16  intended time u64, nanoseconds since the run began
 * 24  filler
 * </pre>
 *
 * <p>Immutable.
 */
final class Stamp {
  /** The smallest message: a stamp without filler. */
  static final int BYTES = 24;

  private static final int CHECK_AT = 4;
  private static final int SEQ_AT = 8;
  private static final int INTENDED_AT = 16;

  /** A prime, so that filler that is shifted or belongs to another message does not match. */
  private static final int PERIOD_BYTES = 251;

  private static final int CHUNK_BYTES = 4096;
  private static final byte[] FILLER = new byte[PERIOD_BYTES + CHUNK_BYTES];
  private static final ByteBuffer EXPECTED = ByteBuffer.wrap(FILLER);
  private static final long MIX = 0x9E37_79B9_7F4A_7C15L;
  private static final int MIX_BITS = 29;

  static {
    for (int at = 0; at < FILLER.length; at++) {
      FILLER[at] = (byte) (at % PERIOD_BYTES);
    }
  }

  private final int messageBytes;
  private final long seed;

  /** Messages of that size; {@code run} tells this run's from others. */
  Stamp(int messageBytes, int run) {
    if (messageBytes < BYTES) {
      throw new IllegalArgumentException(messageBytes + " bytes hold no stamp");
    }
    this.messageBytes = messageBytes;
    this.seed = (long) run << Integer.SIZE | messageBytes;
  }

  int messageBytes() {
    return messageBytes;
  }

  /** Writes the whole stamp of a message; {@link #putFiller} has to follow. */
  void put(ByteBuffer out, int sender, long seq, long intendedNanos) {
    out.putInt(sender).putInt(check(sender, seq, intendedNanos)).putLong(seq);
    out.putLong(intendedNanos);
  }

  /** Writes so much filler of a message, from that place in the message on. */
  static void putFiller(ByteBuffer out, long seq, int place, int bytes) {
    int end = place + bytes;
    for (int at = place; at < end; at += CHUNK_BYTES) {
      out.put(FILLER, offset(seq, at), Math.min(CHUNK_BYTES, end - at));
    }
  }

  /** Whether the bytes are a message of this run, every one as it was sent. */
  boolean intact(ByteBuffer in, int at, int bytes) {
    return bytes == messageBytes
        && in.getInt(at + CHECK_AT) == check(sender(in, at), seq(in, at), intendedNanos(in, at))
        && filled(in, at, seq(in, at));
  }

  static int sender(ByteBuffer in, int at) {
    return in.getInt(at);
  }

  static long seq(ByteBuffer in, int at) {
    return in.getLong(at + SEQ_AT);
  }

  static long intendedNanos(ByteBuffer in, int at) {
    return in.getLong(at + INTENDED_AT);
  }

  private boolean filled(ByteBuffer in, int at, long seq) {
    for (int place = BYTES; place < messageBytes; place += CHUNK_BYTES) {
      int bytes = Math.min(CHUNK_BYTES, messageBytes - place);
      if (!same(in, at + place, offset(seq, place), bytes)) {
        return false;
      }
    }
    return true;
  }

  private static boolean same(ByteBuffer in, int at, int offset, int bytes) {
    int done = 0;
    for (; done + Long.BYTES <= bytes; done += Long.BYTES) {
      if (in.getLong(at + done) != EXPECTED.getLong(offset + done)) {
        return false;
      }
    }
    for (; done < bytes; done++) {
      if (in.get(at + done) != EXPECTED.get(offset + done)) {
        return false;
      }
    }
    return true;
  }

  private static int offset(long seq, int place) {
    return (int) Long.remainderUnsigned(seq + place, PERIOD_BYTES);
  }

  private int check(int sender, long seq, long intendedNanos) {
    long mixed = Long.rotateLeft((seed ^ sender) * MIX, MIX_BITS) ^ seq;
    mixed = Long.rotateLeft(mixed * MIX, MIX_BITS) ^ intendedNanos;
    return (int) ((mixed * MIX) >>> Integer.SIZE);
  }
}
