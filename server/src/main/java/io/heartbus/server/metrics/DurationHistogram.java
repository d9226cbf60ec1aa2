package io.heartbus.server.metrics;

import java.util.concurrent.atomic.LongAdder;

/**
 * A histogram of durations with fixed bounds, in seconds as Prometheus wants them. Any thread may
 * record; it costs two adds and no thread-local, which simpleclient's own would leave behind on
 * every virtual thread.
 */
public final class DurationHistogram {
  private static final double NANOS_PER_SECOND = 1e9;

  private final long[] boundsNanos;
  private final LongAdder[] counts;
  private final LongAdder sumNanos = new LongAdder();

  /**
   * A histogram with those upper bounds.
   *
   * @param boundsSeconds ascending; what is over the last falls into an unbounded bucket
   */
  public DurationHistogram(double... boundsSeconds) {
    boundsNanos = new long[boundsSeconds.length];
    counts = new LongAdder[boundsSeconds.length + 1];
    for (int i = 0; i < boundsNanos.length; i++) {
      boundsNanos[i] = Math.round(boundsSeconds[i] * NANOS_PER_SECOND);
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  /** Counts one duration; one below zero counts as zero. */
  public void record(long nanos) {
    int bucket = 0;
    while (bucket < boundsNanos.length && nanos > boundsNanos[bucket]) {
      bucket++;
    }
    counts[bucket].increment();
    sumNanos.add(Math.max(0, nanos));
  }

  /** The upper bounds in seconds, without the unbounded bucket. */
  public double[] boundsSeconds() {
    double[] seconds = new double[boundsNanos.length];
    for (int i = 0; i < seconds.length; i++) {
      seconds[i] = boundsNanos[i] / NANOS_PER_SECOND;
    }
    return seconds;
  }

  /** How many durations fell into each bucket, the unbounded one last. Not cumulative. */
  public long[] counts() {
    long[] snapshot = new long[counts.length];
    for (int i = 0; i < snapshot.length; i++) {
      snapshot[i] = counts[i].sum();
    }
    return snapshot;
  }

  /** The sum of all durations in seconds. */
  public double sumSeconds() {
    return sumNanos.sum() / NANOS_PER_SECOND;
  }

  /**
   * The smallest bound under which that share of all durations lies, in milliseconds; NaN when
   * there are none, infinite when it lies over the last bound.
   */
  public double quantileMs(double share) {
    long[] snapshot = counts();
    long total = 0;
    for (long count : snapshot) {
      total += count;
    }
    if (total == 0) {
      return Double.NaN;
    }
    long rank = (long) Math.ceil(share * total);
    long seen = 0;
    for (int i = 0; i < boundsNanos.length; i++) {
      seen += snapshot[i];
      if (seen >= rank) {
        return boundsNanos[i] / 1e6;
      }
    }
    return Double.POSITIVE_INFINITY;
  }
}
