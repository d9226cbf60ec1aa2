package io.heartbus.server.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rate with bursts of a second's worth. */
class TokenBucketTest {
  private static final long SECOND = 1_000_000_000;

  private static int burst(TokenBucket bucket, long nowNanos) {
    int taken = 0;
    while (bucket.tryTake(nowNanos)) {
      taken++;
    }
    return taken;
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 10_000_000, -5, Long.MAX_VALUE - 5, Long.MIN_VALUE})
  void aFullBucketHoldsASecondsWorthAndFillsAtTheRate(long start) {
    TokenBucket bucket = new TokenBucket(10, start);
    assertThat(burst(bucket, start)).isEqualTo(10);
    assertThat(burst(bucket, start + SECOND / 10 - 1)).isZero();
    assertThat(burst(bucket, start + SECOND / 10)).isEqualTo(1);
    assertThat(burst(bucket, start + SECOND / 2)).isEqualTo(4);
    // However long it rests, it holds no more than that.
    assertThat(burst(bucket, start + 100 * SECOND)).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1_000, 20_000})
  void aBurstIsTheRate(int perSecond) {
    assertThat(burst(new TokenBucket(perSecond, 77), 77)).isEqualTo(perSecond);
  }

  @Test
  void noTimeSpanSeesMoreThanItsRateAndOneBurst() {
    for (int seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int perSecond = 1 + random.nextInt(50);
      long now = random.nextLong();
      TokenBucket bucket = new TokenBucket(perSecond, now);
      List<Long> taken = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        now += random.nextLong(SECOND / 10);
        if (bucket.tryTake(now)) {
          taken.add(now);
        }
      }
      for (int i = 0; i < taken.size(); i++) {
        for (int j = i; j < taken.size(); j++) {
          long spanNanos = taken.get(j) - taken.get(i);
          assertThat(j - i + 1L)
              .as("seed %d", seed)
              .isLessThanOrEqualTo(perSecond + 1 + spanNanos / (SECOND / perSecond));
        }
      }
    }
  }

  @Test
  void manyThreadsTakeNoMoreThanThereIs() throws InterruptedException {
    TokenBucket bucket = new TokenBucket(1_000, 0);
    AtomicInteger taken = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(Thread.startVirtualThread(() -> taken.addAndGet(burst(bucket, 5))));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(taken.get()).isEqualTo(1_000);
  }
}
