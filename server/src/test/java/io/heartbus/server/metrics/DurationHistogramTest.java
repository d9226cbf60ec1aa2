package io.heartbus.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Durations in buckets. */
class DurationHistogramTest {
  private static final long MS = 1_000_000;

  @Test
  void aDurationFallsIntoTheFirstBucketThatHoldsIt() {
    DurationHistogram histogram = new DurationHistogram(0.001, 0.01, 1);
    histogram.record(0);
    histogram.record(MS);
    histogram.record(MS + 1);
    histogram.record(10 * MS);
    histogram.record(1_000 * MS);
    histogram.record(1_000 * MS + 1);
    histogram.record(Long.MAX_VALUE / 2);
    assertThat(histogram.counts()).containsExactly(2, 2, 1, 2);
    assertThat(histogram.boundsSeconds()).containsExactly(0.001, 0.01, 1);
  }

  @Test
  void aDurationBelowZeroIsNone() {
    DurationHistogram histogram = new DurationHistogram(0.001);
    histogram.record(-5);
    histogram.record(Long.MIN_VALUE);
    histogram.record(3 * MS);
    assertThat(histogram.counts()).containsExactly(2, 1);
    assertThat(histogram.sumSeconds()).isCloseTo(0.003, Offset.offset(1e-12));
  }

  @Test
  void aQuantileIsTheBoundThatItsShareStaysUnder() {
    DurationHistogram histogram = new DurationHistogram(0.001, 0.01, 0.1);
    assertThat(histogram.quantileMs(0.5)).isNaN();
    for (int i = 0; i < 98; i++) {
      histogram.record(MS / 2);
    }
    histogram.record(5 * MS);
    assertThat(histogram.quantileMs(0.98)).isEqualTo(1);
    assertThat(histogram.quantileMs(0.99)).isEqualTo(10);
    assertThat(histogram.quantileMs(1)).isEqualTo(10);
    histogram.record(500 * MS);
    assertThat(histogram.quantileMs(0.99)).isEqualTo(10);
    assertThat(histogram.quantileMs(1)).isInfinite();
  }

  @Test
  void manyThreadsLoseNothing() throws InterruptedException {
    DurationHistogram histogram = new DurationHistogram(0.001);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          Thread.startVirtualThread(() -> {
            for (int j = 0; j < 10_000; j++) {
              histogram.record(j % 2 * 2L * MS);
            }
          }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(histogram.counts()).containsExactly(40_000, 40_000);
    assertThat(histogram.sumSeconds()).isCloseTo(80, Offset.offset(1e-6));
  }
}
