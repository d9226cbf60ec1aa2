package io.heartbus.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryDelayTest {
  private final Random random = new Random(1);

  @ParameterizedTest
  @CsvSource({
    "60000, 1, 500",
    "60000, 2, 1000",
    "60000, 5, 8000",
    "60000, 8, 60000",
    "60000, 2147483647, 60000",
    "1, 1, 1",
    "300, 3, 300",
    "700, 2, 700"
  })
  void itDoublesUpToItsBoundAndLosesHalfOfThatAtMost(long maxMs, int failures, long boundMs) {
    RetryDelay delay = new RetryDelay(maxMs);
    for (int i = 0; i < 1000; i++) {
      assertThat(delay.delayMs(failures, random)).isBetween((boundMs + 1) / 2, boundMs);
    }
  }

  @Test
  void itVaries() {
    RetryDelay delay = new RetryDelay(60_000);
    assertThat(random.longs(100).map(_ -> delay.delayMs(8, random)).distinct().count())
        .isGreaterThan(50);
  }
}
