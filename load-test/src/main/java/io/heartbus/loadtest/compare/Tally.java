package io.heartbus.loadtest.compare;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * How many answers came within a window and how long each took, from the time its question was
 * meant to leave. Not thread-safe.
 */
final class Tally {
  private static final long MICROS_MAX = TimeUnit.MINUTES.toMicros(1);

  private final Window window;
  private final Histogram micros = new Histogram(MICROS_MAX, 3);

  Tally(Window window) {
    this.window = window;
  }

  /** An answer came. */
  void answered(long intendedNanos, long nowNanos) {
    if (window.contains(nowNanos)) {
      long tookMicros = TimeUnit.NANOSECONDS.toMicros(nowNanos - intendedNanos);
      micros.recordValue(Math.clamp(tookMicros, 0, MICROS_MAX));
    }
  }

  long count() {
    return micros.getTotalCount();
  }

  double perSecond() {
    return count() / window.seconds();
  }

  double percentileMs(double percentile) {
    return micros.getValueAtPercentile(percentile) / (double) TimeUnit.MILLISECONDS.toMicros(1);
  }
}
