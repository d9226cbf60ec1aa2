package io.heartbus.loadtest;

/**
 * What a node thinks of a server that is silent: after half the timeout it asks, after all of it,
 * and at least half of one after it asked, it goes. The second condition spares a server whose
 * answers waited unread while this process was stopped. A pure judgement that is handed the time.
 * Owned by the fleet's thread; times are nanoseconds since the run began.
 */
final class Doubt {
  /** What to do about the silence. */
  enum Advice {
    WAIT,
    PROBE,
    GIVE_UP
  }

  private long heardNanos;
  private long probedNanos;
  private boolean probed;

  /** The server sent a frame. */
  void heard(long nowNanos) {
    heardNanos = nowNanos;
    probed = false;
  }

  /** When advice is worth asking for again, if nothing is heard. */
  long dueNanos(long timeoutNanos) {
    long halfNanos = timeoutNanos / 2;
    return probed
        ? Math.max(heardNanos + timeoutNanos, probedNanos + halfNanos)
        : heardNanos + halfNanos;
  }

  /** What to do now; says so once for each silence. */
  Advice advice(long timeoutNanos, long nowNanos) {
    if (nowNanos < dueNanos(timeoutNanos)) {
      return Advice.WAIT;
    }
    if (probed) {
      return Advice.GIVE_UP;
    }
    probed = true;
    probedNanos = nowNanos;
    return Advice.PROBE;
  }
}
