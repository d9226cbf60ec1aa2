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

  private final LongSupplier[] counters;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("rates").daemon().factory());

  /** Touched by the starting thread first, then by the sampling one only. */
  private final long[] lastCounts;

  private long lastNanos;

  /** Replaced as a whole by the sampling thread; empty during the first second. */
  private volatile double[] perSecond = {};

  Rates(LongSupplier... counters) {
    this.counters = counters.clone();
    this.lastCounts = new long[counters.length];
  }

  Rates start() {
    read(System.nanoTime());
    // A delay and not a rate: after a stall there would be samples of no time at all.
    Future<?> _ =
        executor.scheduleWithFixedDelay(() -> sample(System.nanoTime()), 1, 1, TimeUnit.SECONDS);
    return this;
  }

  /** Whether there was time to measure anything. */
  boolean known() {
    return perSecond.length > 0;
  }

  /** The rate of the counter with that index; 0 while not known. */
  double perSecond(int counter) {
    double[] current = perSecond;
    return current.length == 0 ? 0 : current[counter];
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }

  private void sample(long nowNanos) {
    double seconds = (nowNanos - lastNanos) / NANOS_PER_SECOND;
    long[] before = lastCounts.clone();
    read(nowNanos);
    double[] rates = new double[before.length];
    for (int i = 0; i < rates.length; i++) {
      rates[i] = (lastCounts[i] - before[i]) / seconds;
    }
    perSecond = rates;
  }

  private void read(long nowNanos) {
    lastNanos = nowNanos;
    for (int i = 0; i < counters.length; i++) {
      lastCounts[i] = counters[i].getAsLong();
    }
  }
}
