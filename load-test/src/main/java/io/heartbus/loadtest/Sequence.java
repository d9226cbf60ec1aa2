package io.heartbus.loadtest;

/**
 * Which messages of one sender a receiver has got: told by their numbers whether one is new, late
 * or a copy. Pure. Not thread-safe.
 */
final class Sequence {
  /**
   * How far back late ones can be told from copies. What is older counts as a copy; either is a
   * fault of the server, so nothing passes that should not.
   */
  static final int MEMORY = Long.SIZE;

  /** What a message is to those before it. */
  enum Arrival {
    /** Newer than all before it; what it leaves out may be lost. */
    NEWER,
    /** It should have come before others that have. */
    LATE,
    COPY
  }

  /** One more than the highest number that came. */
  private long next;

  /** Bit {@code i} stands for number {@code next - 1 - i}: whether it came. */
  private long came;

  private long received;

  /** A message with that number came in; numbers begin at 0. */
  Arrival arrived(long seq) {
    if (seq >= next) {
      long ahead = seq - next + 1;
      came = ahead >= MEMORY ? 1 : came << ahead | 1;
      next = seq + 1;
      received++;
      return Arrival.NEWER;
    }
    long behind = next - 1 - seq;
    if (behind >= MEMORY || (came >>> behind & 1) != 0) {
      return Arrival.COPY;
    }
    came |= 1L << behind;
    received++;
    return Arrival.LATE;
  }

  /** How many different ones came. */
  long received() {
    return received;
  }
}
