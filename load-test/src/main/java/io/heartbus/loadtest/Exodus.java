package io.heartbus.loadtest;

import org.jspecify.annotations.Nullable;

/**
 * When most sessions ended at once: what a server looks like that died. Sessions that end within a
 * second of each other belong together. A pure judgement that is handed the time. Owned by the
 * fleet's thread; times are nanoseconds since the run began.
 */
final class Exodus {
  /** So large a share of all sessions ends at once only when something happened to the server. */
  static final double SHARE_MIN = 0.1;

  private static final long APART_NANOS = 1_000_000_000L;
  private static final double NANOS_PER_SECOND = 1e9;

  private long lastNanos;
  private long beganNanos;
  private int before;
  private int ended;
  private Measured.@Nullable Exodus largest;

  /** A session was lost; so many there were with it. */
  void lost(long nowNanos, int sessions) {
    if (ended == 0 || nowNanos - lastNanos > APART_NANOS) {
      beganNanos = nowNanos;
      before = sessions;
      ended = 0;
    }
    lastNanos = nowNanos;
    ended++;
    if (ended > 1 && ended >= before * SHARE_MIN && (largest == null || ended > largest.ended())) {
      largest = new Measured.Exodus(beganNanos / NANOS_PER_SECOND, ended, before);
    }
  }

  /** The one in which most ended; null when nothing of the kind happened. */
  Measured.@Nullable Exodus largest() {
    return largest;
  }
}
