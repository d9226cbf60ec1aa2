package io.heartbus.server.http;

import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How fast some counters grew over the last second. Owns one platform thread, which reads them once
 * a second; any thread asks.
 */
final class Rates implements AutoCloseable {
  private static final double NANOS_PER_SECOND = 1e9;

  /** What the counters were at one time, and how fast they had grown until then. Immutable. */
  private static final class Sample {
    final long nanos;
    final long[] counts;
    final double[] perSecond;

    Sample(long nanos, long[] counts, double[] perSecond) {
      this.nanos = nanos;
      this.counts = counts;
      this.perSecond = perSecond;
    }
  }

  private final LongSupplier[] counters;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("rates").daemon().factory());

  /** Written by the starting thread once, then by the sampling one. */
  private volatile Sample last;

  /** Whether a second has passed; written by the sampling thread. */
  private volatile boolean known;

  Rates(LongSupplier... counters) {
    this.counters = counters.clone();
    this.last = new Sample(System.nanoTime(), read(), new double[counters.length]);
  }

  Rates start() {
    // A delay and not a rate: after a stall there would be samples of no time at all.
    Future<?> _ = executor.scheduleWithFixedDelay(this::sample, 1, 1, TimeUnit.SECONDS);
    return this;
  }

  /** The rate of the counter with that index; 0 in the first second. */
  double perSecond(int counter) {
    return last.perSecond[counter];
  }

  /** Whether that counter has not moved for a second at least. */
  boolean stands(int counter) {
    Sample sample = last;
    return known
        && sample.perSecond[counter] == 0
        && counters[counter].getAsLong() == sample.counts[counter];
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }

  private void sample() {
    Sample before = last;
    long nowNanos = System.nanoTime();
    double seconds = (nowNanos - before.nanos) / NANOS_PER_SECOND;
    long[] counts = read();
    double[] perSecond = new double[counts.length];
    for (int i = 0; i < counts.length; i++) {
      perSecond[i] = (counts[i] - before.counts[i]) / seconds;
    }
    last = new Sample(nowNanos, counts, perSecond);
    known = true;
  }

  private long[] read() {
    long[] counts = new long[counters.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = counters[i].getAsLong();
    }
    return counts;
  }
}
