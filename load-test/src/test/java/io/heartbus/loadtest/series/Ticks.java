package io.heartbus.loadtest.series;

import org.HdrHistogram.Histogram;

/** Ticks of tests: seconds of a run that has ten nodes. */
final class Ticks {
  private static final long SECOND = 1_000_000_000L;

  private Ticks() {}

  /** The second that ends then, in which beats took so long. */
  static Tick second(int endSeconds, String phase, long... beatMicros) {
    Histogram beats = new Histogram(3);
    for (long micros : beatMicros) {
      beats.recordValue(micros);
    }
    return new Tick(
        (endSeconds - 1) * SECOND,
        endSeconds * SECOND,
        phase,
        10,
        10,
        0,
        0,
        0,
        beatMicros.length,
        beatMicros.length,
        0,
        0,
        0,
        new Histogram(3),
        beats,
        new Histogram(3),
        0);
  }
}
