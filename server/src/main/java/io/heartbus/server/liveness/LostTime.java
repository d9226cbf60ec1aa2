package io.heartbus.server.liveness;

/**
 * How much of the last five minutes was lost to stalls. A loss counts as a whole from when it
 * ended, to within a slot.
 *
 * <p>Pure; not thread-safe: the clock's thread owns it.
 */
final class LostTime {
  /** What is looked back on. */
  static final long WINDOW_NANOS = 300_000_000_000L;

  static final int SLOTS = 60;
  static final long SLOT_NANOS = WINDOW_NANOS / SLOTS;

  /** By the slot's number, modulo their count. */
  private final long[] lostNanos = new long[SLOTS];

  private final long startNanos;
  private long slot;
  private long sumNanos;

  LostTime(long nowNanos) {
    this.startNanos = nowNanos;
  }

  /** Moves on to that time, at which so much was lost (0 mostly). */
  void add(long nowNanos, long moreNanos) {
    long current = (nowNanos - startNanos) / SLOT_NANOS;
    if (current - slot >= SLOTS) {
      // Everything is too old; what there was between matters no more.
      slot = current - SLOTS;
    }
    while (slot < current) {
      slot++;
      int place = (int) (slot % SLOTS);
      sumNanos -= lostNanos[place];
      lostNanos[place] = 0;
    }
    lostNanos[(int) (slot % SLOTS)] += moreNanos;
    sumNanos += moreNanos;
  }

  /** Nanoseconds; more than the window when a longer stall has just ended. */
  long sumNanos() {
    return sumNanos;
  }
}
