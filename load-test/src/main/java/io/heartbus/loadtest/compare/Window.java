package io.heartbus.loadtest.compare;

import java.time.Duration;

/**
 * The time that is measured, after a time that is not. Immutable and pure. Times are those of
 * {@link System#nanoTime}.
 */
record Window(long fromNanos, long untilNanos) {
  private static final double NANOS_PER_SECOND = 1e9;

  /** The one that begins so long after that time. */
  static Window after(long nowNanos, Duration warmUp, Duration length) {
    long fromNanos = nowNanos + warmUp.toNanos();
    return new Window(fromNanos, fromNanos + length.toNanos());
  }

  boolean contains(long nanos) {
    return nanos - fromNanos >= 0 && nanos - untilNanos < 0;
  }

  double seconds() {
    return (untilNanos - fromNanos) / NANOS_PER_SECOND;
  }
}
