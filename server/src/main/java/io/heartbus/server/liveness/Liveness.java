package io.heartbus.server.liveness;

/** What silence says about a node. Pure: durations come in, a judgement goes out. */
public enum Liveness {
  /** Heard from within 1.3 intervals. */
  ONLINE,
  /** Overdue. Counted, and without consequence. */
  LATE,
  /** Two intervals silent: worth a probe. */
  SUSPECT,
  /** Silent for longer than its timeout. */
  OFFLINE;

  /**
   * Judges a silence against what was agreed with the node. All in nanoseconds of the liveness
   * clock.
   *
   * <p>A stamp of that clock may be older than true, so that much of any silence does not count: a
   * judgement may come late and never early. A timeout under two intervals cannot be negotiated,
   * but when one is set from outside it still outranks the suspicion.
   */
  public static Liveness judge(long silenceNanos, long intervalNanos, long timeoutNanos) {
    long certainNanos = silenceNanos - LivenessClock.STALE_NANOS;
    if (isOver(silenceNanos, timeoutNanos)) {
      return OFFLINE;
    }
    if (certainNanos > 2 * intervalNanos) {
      return SUSPECT;
    }
    return certainNanos > lateNanos(intervalNanos) ? LATE : ONLINE;
  }

  /** Whether that silence has outlasted the timeout. As {@link #judge}. */
  public static boolean isOver(long silenceNanos, long timeoutNanos) {
    return silenceNanos - LivenessClock.STALE_NANOS > timeoutNanos;
  }

  /** Whether that silence outlasts the timeout within one more interval. As {@link #judge}. */
  public static boolean atRisk(long silenceNanos, long intervalNanos, long timeoutNanos) {
    return isOver(silenceNanos, timeoutNanos - intervalNanos);
  }

  /** The silence from which on a node with that interval is overdue. */
  public static long lateNanos(long intervalNanos) {
    return intervalNanos + intervalNanos * 3 / 10;
  }
}
