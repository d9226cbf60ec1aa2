package io.heartbus.loadtest.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class BucketTest {
  private static final long HOUR_MICROS = 3_600_000_000L;

  private final Histogram micros = new Histogram(HOUR_MICROS, 3);

  @Test
  void nothingHasNoBuckets() {
    assertThat(Bucket.of(micros)).isEmpty();
  }

  @Test
  void eightBucketsMakeADecade() {
    micros.recordValue(1_000);
    micros.recordValue(10_000);

    List<Bucket> buckets = Bucket.of(micros);

    assertThat(buckets).hasSize(9);
    assertThat(buckets.getFirst()).isEqualTo(new Bucket(1, 1.334, 1));
    assertThat(buckets.get(1)).isEqualTo(new Bucket(1.334, 1.778, 0));
    assertThat(buckets.getLast().count()).isEqualTo(1);
    assertThat(buckets.getLast().fromMs()).isEqualTo(10);
  }

  @Test
  void whatIsTooShortToTellApartSharesTheFirstOne() {
    micros.recordValue(0);
    micros.recordValue(9);

    assertThat(Bucket.of(micros)).containsExactly(new Bucket(0, 0.01, 2));
  }

  @Test
  void everyLatencyIsInOneBucketAndTheyFollowEachOther() {
    long seed = System.nanoTime();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (int i = 0; i < 10_000; i++) {
      micros.recordValue((long) Math.pow(HOUR_MICROS, random.nextDouble()));
    }
    List<Bucket> buckets = Bucket.of(micros);

    assertThat(buckets.stream().mapToLong(Bucket::count).sum())
        .as("seed %d", seed)
        .isEqualTo(10_000);
    for (int i = 1; i < buckets.size(); i++) {
      assertThat(buckets.get(i).fromMs()).as("seed %d", seed).isEqualTo(buckets.get(i - 1).toMs());
    }
  }
}
