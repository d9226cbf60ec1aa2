package io.heartbus.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
  private final Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

  @ParameterizedTest
  @CsvSource({
    "1, 1000",
    "2, 2000",
    "3, 4000",
    "4, 8000",
    "5, 16000",
    "6, 30000",
    "7, 30000",
    "1000, 30000",
    "2147483647, 30000"
  })
  void theBoundDoublesUpToTheLargest(int failures, long boundMs) {
    assertThat(Duration.ofNanos(backoff.boundNanos(failures)).toMillis()).isEqualTo(boundMs);
  }

  @Test
  void waitsAreSpreadOverTheWholeRange() {
    Random random = new Random(7);
    int[] quarters = new int[4];
    for (int i = 0; i < 4000; i++) {
      long nanos = backoff.delay(3, random).toNanos();
      assertThat(nanos).isBetween(0L, Duration.ofSeconds(4).toNanos());
      quarters[(int) Math.min(3, nanos / Duration.ofSeconds(1).toNanos())]++;
    }
    for (int count : quarters) {
      assertThat(count).isBetween(850, 1150);
    }
  }

  @Test
  void anInitialDelayOfTheLargestSizeDoesNotOverflow() {
    Backoff hours = new Backoff(Duration.ofMinutes(59), Duration.ofHours(1));
    assertThat(hours.boundNanos(50)).isEqualTo(Duration.ofHours(1).toNanos());
  }
}
