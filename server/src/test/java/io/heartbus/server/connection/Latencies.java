package io.heartbus.server.connection;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;

/** Durations in nanoseconds, counted with an error of a sixteenth at most. Any thread. */
final class Latencies {
  private static final int PARTS_LOG2 = 4;
  private static final int PARTS = 1 << PARTS_LOG2;
  private static final double MICRO = 1e3;

  private final AtomicLongArray counts = new AtomicLongArray(Long.SIZE * PARTS);
  private final LongAccumulator largest = new LongAccumulator(Math::max, 0);

  void add(long nanos) {
    counts.incrementAndGet(bucket(Math.max(0, nanos)));
    largest.accumulate(nanos);
  }

  /** Below 16 each has its own; above, each power of two has 16. */
  private static int bucket(long nanos) {
    int shift = Math.max(0, Long.SIZE - PARTS_LOG2 - 1 - Long.numberOfLeadingZeros(nanos));
    return shift * PARTS + (int) (nanos >>> shift);
  }

  private static long upperBound(int bucket) {
    int shift = Math.max(0, bucket / PARTS - 1);
    return ((long) (bucket - shift * PARTS + 1) << shift) - 1;
  }

  /** Forgets all; what is added meanwhile may be or not. */
  void clear() {
    for (int i = 0; i < counts.length(); i++) {
      counts.set(i, 0);
    }
    largest.reset();
  }

  /** How many there were. */
  long count() {
    long total = 0;
    for (int i = 0; i < counts.length(); i++) {
      total += counts.get(i);
    }
    return total;
  }

  /** The duration that such a share of all is not over. */
  long quantileNanos(double share) {
    double rank = share * count();
    long seen = 0;
    for (int i = 0; i < counts.length(); i++) {
      seen += counts.get(i);
      if (seen >= rank) {
        return Math.min(upperBound(i), largest.get());
      }
    }
    return largest.get();
  }

  /** Percentiles and the largest, in microseconds. */
  String text() {
    return String.format(
        Locale.ROOT,
        "p50 %.0f, p99 %.0f, p99.9 %.0f, p99.99 %.0f, max %.0f",
        quantileNanos(0.5) / MICRO,
        quantileNanos(0.99) / MICRO,
        quantileNanos(0.999) / MICRO,
        quantileNanos(0.9999) / MICRO,
        largest.get() / MICRO);
  }
}
