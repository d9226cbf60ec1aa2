package io.heartbus.server.connection;

import io.heartbus.server.liveness.LivenessClock;

/**
 * The limits on what a peer may leave unfinished. Pure; all times are liveness time, and a start of
 * 0 means that nothing was begun. As everywhere, what a stamp can be too old by is added, so that
 * no limit strikes early.
 */
record Deadlines(long registerNanos, long frameNanos, long writeNanos) {
  private static final long NANOS_PER_MS = 1_000_000;

  static Deadlines of(ConnectionSettings settings) {
    return new Deadlines(
        settings.registerTimeoutMs() * NANOS_PER_MS + LivenessClock.STALE_NANOS,
        settings.frameTimeoutMs() * NANOS_PER_MS + LivenessClock.STALE_NANOS,
        settings.writeTimeoutMs() * NANOS_PER_MS + LivenessClock.STALE_NANOS);
  }

  /** What begins now cannot be missed before so long. */
  long shortestNanos() {
    return Math.min(frameNanos, writeNanos);
  }

  boolean registerMissed(long nowNanos, long acceptedNanos) {
    return nowNanos - acceptedNanos > registerNanos;
  }

  boolean frameMissed(long nowNanos, long startNanos) {
    return startNanos != 0 && nowNanos - startNanos > frameNanos;
  }

  boolean writeMissed(long nowNanos, long startNanos) {
    return startNanos != 0 && nowNanos - startNanos > writeNanos;
  }
}
