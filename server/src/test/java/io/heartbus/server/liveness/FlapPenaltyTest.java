package io.heartbus.server.liveness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** When a node that comes and goes is told of, and when not. */
class FlapPenaltyTest {
  private static final long MINUTE = 60_000_000_000L;
  private static final FlapSettings SETTINGS = new FlapSettings(1_000, 300_000, 3_000, 750);

  private static FlapPenalty returns(int times, long everyNanos, long startNanos) {
    FlapPenalty penalty = null;
    for (int i = 0; i < times; i++) {
      penalty = FlapPenalty.returned(penalty, SETTINGS, startNanos + i * everyNanos);
    }
    return penalty;
  }

  @Test
  void threeReturnsInAMomentAreBornWithAndTheFourthIsNot() {
    assertThat(returns(3, 1, 0).suppressed()).isFalse();
    assertThat(returns(4, 1, 0).suppressed()).isTrue();
  }

  @Test
  void halfIsForgivenInAHalfLife() {
    FlapPenalty second = returns(2, 5 * MINUTE, 0);
    assertThat(second.penalty()).isCloseTo(1_500, within(0.001));
  }

  @Test
  void whoReturnsOncePerHalfLifeIsNeverHeldBack() {
    assertThat(returns(1_000, 5 * MINUTE, 0).suppressed()).isFalse();
  }

  @Test
  void theSettledIsToldOfAgainAfterTwoHalfLivesAndALittle() {
    FlapPenalty penalty = returns(4, 1, 0);
    assertThat(penalty.settled(SETTINGS, 10 * MINUTE)).isFalse();
    // 4,000 falls below 750 after 2.42 half-lives.
    assertThat(penalty.settled(SETTINGS, 12 * MINUTE)).isFalse();
    assertThat(penalty.settled(SETTINGS, 13 * MINUTE)).isTrue();
  }

  @Test
  void whoIsHeldBackStaysSoUntilItHasSettledHoweverRarelyItReturnsMeanwhile() {
    FlapPenalty penalty = returns(4, 1, 0);
    penalty = FlapPenalty.returned(penalty, SETTINGS, 6 * MINUTE);
    assertThat(penalty.penalty()).isLessThan(SETTINGS.suppressOver());
    assertThat(penalty.suppressed()).isTrue();
  }

  @Test
  void nothingIsHeldBackWhenItIsOff() {
    FlapSettings off = new FlapSettings(1_000, 300_000, 0, 0);
    FlapPenalty penalty = null;
    for (int i = 0; i < 100; i++) {
      penalty = FlapPenalty.returned(penalty, off, i);
      assertThat(penalty.suppressed()).isFalse();
    }
  }

  @Test
  void whereTheClockBeginsDoesNotMatter() {
    for (int seed = 0; seed < 200; seed++) {
      long start = Long.MAX_VALUE - new SplittableRandom(seed).nextLong(20 * MINUTE);
      SplittableRandom random = new SplittableRandom(seed);
      FlapPenalty here = null;
      FlapPenalty there = null;
      long now = 0;
      for (int i = 0; i < 20; i++) {
        now += random.nextLong(4 * MINUTE);
        here = FlapPenalty.returned(here, SETTINGS, now);
        there = FlapPenalty.returned(there, SETTINGS, start + now);
        assertThat(there.penalty()).as("seed %d", seed).isEqualTo(here.penalty());
        assertThat(there.suppressed()).isEqualTo(here.suppressed());
      }
    }
  }
}
