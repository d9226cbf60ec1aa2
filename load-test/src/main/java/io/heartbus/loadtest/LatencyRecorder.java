package io.heartbus.loadtest;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A histogram of latencies, each counted from the time at which the thing was meant to happen and
 * not from when it did, so that a late generator or a stalled server cannot hide (no coordinated
 * omission). Three significant digits, one microsecond to one hour. Not thread-safe.
 */
final class LatencyRecorder {
  /** Longer ones count as this. */
  static final long MICROS_MAX = 3_600_000_000L;

  private static final int SIGNIFICANT_DIGITS = 3;
  private static final long NANOS_PER_MICRO = 1_000;
  private static final double MICROS_PER_MILLI = 1_000;

  private final Histogram micros = new Histogram(MICROS_MAX, SIGNIFICANT_DIGITS);

  /** What was recorded since it was taken last. */
  private Histogram recentMicros = new Histogram(MICROS_MAX, SIGNIFICANT_DIGITS);

  /** Counts one that took so long; less than nothing counts as nothing. */
  void record(long nanos) {
    long value = Math.clamp(nanos / NANOS_PER_MICRO, 0, MICROS_MAX);
    micros.recordValue(value);
    recentMicros.recordValue(value);
  }

  /** What was recorded since this was called last. The caller owns it. */
  Histogram takeRecent() {
    Histogram taken = recentMicros;
    recentMicros = new Histogram(MICROS_MAX, SIGNIFICANT_DIGITS);
    return taken;
  }

  /** The percentiles of what was recorded. */
  Latencies latencies() {
    return latencies(micros);
  }

  /** The percentiles of what both recorded. */
  static Latencies merged(LatencyRecorder one, LatencyRecorder other) {
    if (one.micros.getTotalCount() == 0) {
      return other.latencies();
    }
    if (other.micros.getTotalCount() == 0) {
      return one.latencies();
    }
    Histogram both = one.micros.copy();
    both.add(other.micros);
    return latencies(both);
  }

  /** The percentiles of a histogram of microseconds. */
  static Latencies latencies(Histogram micros) {
    if (micros.getTotalCount() == 0) {
      return Latencies.NONE;
    }
    return new Latencies(
        millis(micros, 50.0),
        millis(micros, 99.0),
        millis(micros, 99.9),
        micros.getMaxValue() / MICROS_PER_MILLI);
  }

  private static double millis(Histogram micros, double percentile) {
    return micros.getValueAtPercentile(percentile) / MICROS_PER_MILLI;
  }

  /** Percentiles in milliseconds; all are null when nothing was recorded. */
  record Latencies(
      @Nullable Double p50Ms,
      @Nullable Double p99Ms,
      @Nullable Double p999Ms,
      @Nullable Double maxMs) {
    static final Latencies NONE = new Latencies(null, null, null, null);

    /** The higher of each. */
    Latencies worst(Latencies other) {
      return new Latencies(
          higher(p50Ms, other.p50Ms),
          higher(p99Ms, other.p99Ms),
          higher(p999Ms, other.p999Ms),
          higher(maxMs, other.maxMs));
    }

    /** The higher one of those that are known. */
    static @Nullable Double higher(@Nullable Double one, @Nullable Double other) {
      if (one == null || other == null) {
        return one == null ? other : one;
      }
      return Math.max(one, other);
    }
  }
}
