package io.heartbus.loadtest.series;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * How many latencies lie between two bounds. Bounds are the same in every report, eight to a
 * decade, so that two can be laid over each other; below the first bound lies one bucket.
 */
public record Bucket(double fromMs, double toMs, long count) {
  private static final int PER_DECADE = 8;
  private static final MathContext DIGITS = new MathContext(4);
  private static final double MICROS_PER_MILLI = 1e3;

  /** The first bound: below it, microseconds are too coarse to tell buckets apart. */
  private static final double FIRST_MS = 0.01;

  /** The buckets from the lowest that holds any to the highest that does, without a gap. */
  public static List<Bucket> of(Histogram micros) {
    List<Bucket> buckets = new ArrayList<>();
    int index = 0;
    long count = 0;
    for (HistogramIterationValue value : micros.recordedValues()) {
      int place = index(value.getValueIteratedTo() / MICROS_PER_MILLI);
      while (index < place) {
        add(buckets, index, count);
        count = 0;
        index++;
      }
      count += value.getCountAddedInThisIterationStep();
    }
    add(buckets, index, count);
    return List.copyOf(buckets);
  }

  private static void add(List<Bucket> buckets, int index, long count) {
    if (count > 0 || !buckets.isEmpty()) {
      buckets.add(new Bucket(index == 0 ? 0 : bound(index - 1), bound(index), count));
    }
  }

  private static int index(double ms) {
    if (ms < FIRST_MS) {
      return 0;
    }
    int index = 1 + (int) (Math.log10(ms / FIRST_MS) * PER_DECADE);
    // Bounds are rounded, so the logarithm may be one off next to them.
    if (ms >= bound(index)) {
      return index + 1;
    }
    return ms < bound(index - 1) ? index - 1 : index;
  }

  /** The upper bound of a bucket, in the digits that a reader needs. */
  private static double bound(int index) {
    double exact = FIRST_MS * Math.pow(10, (double) index / PER_DECADE);
    return BigDecimal.valueOf(exact).round(DIGITS).doubleValue();
  }
}
