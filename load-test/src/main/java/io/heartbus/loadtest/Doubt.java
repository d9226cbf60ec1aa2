package io.heartbus.loadtest;

/**
 * What a node thinks of a server that is silent: after half the timeout it asks, after all of it it
 * goes. A pure judgement that is handed the time. Owned by the fleet's thread; times are
 * nanoseconds since the run began.
 */
final class Doubt {
  /** What to do about the silence. */
  enum Advice {
    WAIT,
    PROBE,
    GIVE_UP
  }

  private long heardNanos;
  private boolean probed;

  /** The server sent a frame. */
  void heard(long nowNanos) {
    heardNanos = nowNanos;
    probed = false;
  }

  /** When advice is worth asking for again, if nothing is heard. */
  long dueNanos(long timeoutNanos) {
    return heardNanos + (probed ? timeoutNanos : timeoutNanos / 2);
  }

  /** What to do now; says so once for each silence. */
  Advice advice(long timeoutNanos, long nowNanos) {
    long silence = nowNanos - heardNanos;
    if (silence >= timeoutNanos) {
      return Advice.GIVE_UP;
    }
    if (silence >= timeoutNanos / 2 && !probed) {
      probed = true;
      return Advice.PROBE;
    }
    return Advice.WAIT;
  }
}
