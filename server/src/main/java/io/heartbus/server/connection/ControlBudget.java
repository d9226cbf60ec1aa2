package io.heartbus.server.connection;

/**
 * How many control frames a node may send: beats, PINGs, resets and refused opens in 30 s. Guards
 * against floods that credit does not bound (SPEC §4). Pure; the count is one long, so that a
 * connection need not hold an object for it.
 */
final class ControlBudget {
  /** What a count means. */
  enum Judgement {
    WITHIN,
    /** Over the budget for the first time in this window: a warning is due. */
    WARN,
    /** Over twice the budget. */
    FLOOD
  }

  private static final long WINDOW_MS = 30_000;
  private static final long WINDOW_NANOS = WINDOW_MS * 1_000_000;

  private ControlBudget() {}

  /** The count with one more frame; a count of zero is a fresh one. */
  static long count(long count, long nowNanos) {
    long window = nowNanos / WINDOW_NANOS;
    return (count >>> Integer.SIZE == window ? count : window << Integer.SIZE) + 1;
  }

  /**
   * What to do about a count.
   *
   * @param framesMax what is allowed beyond twice what the interval implies; 0 = anything
   */
  static Judgement judge(long count, int framesMax, long intervalMs) {
    if (framesMax == 0) {
      return Judgement.WITHIN;
    }
    int frames = (int) count;
    long budget = framesMax + 2 * Math.ceilDiv(WINDOW_MS, intervalMs);
    if (frames > 2 * budget) {
      return Judgement.FLOOD;
    }
    return frames == budget + 1 ? Judgement.WARN : Judgement.WITHIN;
  }
}
