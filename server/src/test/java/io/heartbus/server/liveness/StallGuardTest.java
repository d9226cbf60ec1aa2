package io.heartbus.server.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Liveness time: real time, without what nobody was there to listen in. */
class StallGuardTest {
  private static final long STEP = 20;

  @ParameterizedTest
  @ValueSource(longs = {0, 1_000_000, -1_000_000, Long.MAX_VALUE - 30, Long.MIN_VALUE})
  void timePassesAsItDoesWhileTheTicksComeInTime(long start) {
    StallGuard guard = new StallGuard(start, STEP);
    assertThat(guard.livenessNanos()).isEqualTo(STEP);
    assertThat(guard.advance(start)).isZero();
    assertThat(guard.advance(start + 7)).isZero();
    assertThat(guard.advance(start + 27)).isZero();
    assertThat(guard.advance(start + 47)).isZero();
    assertThat(guard.livenessNanos()).isEqualTo(STEP + 47);
    assertThat(guard.frozenNanos()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 30, Long.MIN_VALUE + 5})
  void aStallCountsAsOneStepHoweverLongItWas(long start) {
    StallGuard guard = new StallGuard(start, STEP);
    assertThat(guard.advance(start + 21)).isEqualTo(1);
    assertThat(guard.livenessNanos()).isEqualTo(2 * STEP);
    assertThat(guard.advance(start + 21 + 1_000_000)).isEqualTo(1_000_000 - STEP);
    assertThat(guard.livenessNanos()).isEqualTo(3 * STEP);
    assertThat(guard.frozenNanos()).isEqualTo(1 + 1_000_000 - STEP);
    guard.advance(start + 21 + 1_000_000 + 5);
    assertThat(guard.livenessNanos()).isEqualTo(3 * STEP + 5);
  }

  @Test
  void whatPassedAndWhatWasFrozenIsAllTheTimeThereWas() {
    for (int seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      long start = random.nextLong();
      long now = start;
      StallGuard guard = new StallGuard(start, STEP);
      for (int i = 0; i < 200; i++) {
        long before = guard.livenessNanos();
        now += random.nextLong(3 * STEP);
        guard.advance(now);
        assertThat(guard.livenessNanos() - before).as("seed %d", seed).isBetween(0L, STEP);
      }
      assertThat(guard.livenessNanos() - STEP + guard.frozenNanos())
          .as("seed %d", seed)
          .isEqualTo(now - start);
    }
  }
}
