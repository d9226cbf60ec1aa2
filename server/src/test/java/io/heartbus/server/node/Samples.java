package io.heartbus.server.node;

import java.util.Arrays;
import java.util.Locale;

/** Durations in nanoseconds, as many as come. One thread. */
public final class Samples {
  private long[] nanos;
  private int size;

  /** With room for so many; further ones are taken all the same. */
  public Samples(int room) {
    this.nanos = new long[room];
  }

  public void add(long duration) {
    if (size == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * size);
    }
    nanos[size++] = duration;
  }

  public int size() {
    return size;
  }

  public double mean() {
    return Arrays.stream(nanos, 0, size).average().orElse(Double.NaN);
  }

  /** Smallest, percentiles and largest, in that many nanoseconds each. */
  public String text(double unit) {
    if (size == 0) {
      return "none";
    }
    long[] sorted = Arrays.copyOf(nanos, size);
    Arrays.sort(sorted);
    return String.format(
        Locale.ROOT,
        "min %.1f, p50 %.1f, p99 %.1f, p99.9 %.1f, max %.1f",
        sorted[0] / unit,
        at(sorted, 0.5) / unit,
        at(sorted, 0.99) / unit,
        at(sorted, 0.999) / unit,
        sorted[size - 1] / unit);
  }

  private static long at(long[] sorted, double share) {
    return sorted[(int) Math.max(0, Math.ceil(share * sorted.length) - 1)];
  }
}
