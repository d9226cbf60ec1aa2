package io.heartbus.server.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.liveness.Stall.Why;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Liveness time: real time, without what this server could not listen in. */
class StallGuardTest {
  private static final long MS = 1_000_000;
  private static final long HOUR_MS = 3_600_000;

  /** How far a call moves time at most. */
  private static final long STEP_MS = LivenessClock.STALE_NANOS / MS;

  /** So long after an answer is silence. */
  private static final long SILENCE_MS = 500 + 2_000;

  @ParameterizedTest
  @ValueSource(longs = {0, 1_000_000, -1_000_000, Long.MAX_VALUE - 30 * MS, Long.MIN_VALUE})
  void timePassesAsItDoesWhileTheTicksComeInTime(long startNanos) {
    GuardRun run = new GuardRun(startNanos);
    assertThat(run.livenessMs()).isEqualTo(STEP_MS);
    assertThat(run.after(0)).isNull();
    assertThat(run.after(7)).isNull();
    assertThat(run.after(20)).isNull();
    assertThat(run.after(STEP_MS)).isNull();
    assertThat(run.livenessMs()).isEqualTo(STEP_MS + 27 + STEP_MS);
    assertThat(run.guard.frozenNanos()).isZero();
    assertThat(run.guard.ticks()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 30 * MS, Long.MIN_VALUE + 5})
  void aStopCountsAsOneStepHoweverLongItWas(long startNanos) {
    GuardRun run = new GuardRun(startNanos);
    assertThat(run.after(STEP_MS + 1)).isNull();
    assertThat(run.livenessMs()).isEqualTo(2 * STEP_MS);
    assertThat(run.after(500)).as("nobody need know of it").isNull();
    Stall stall = run.after(10_000_000);
    assertThat(stall).isEqualTo(new Stall(Why.STOOD_STILL, (10_000_000 - STEP_MS) * MS, 0));
    assertThat(run.livenessMs()).isEqualTo(4 * STEP_MS);
    assertThat(run.guard.frozenNanos()).isEqualTo((1 + 500 - STEP_MS + 10_000_000 - STEP_MS) * MS);
    run.after(5);
    assertThat(run.livenessMs()).isEqualTo(4 * STEP_MS + 5);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 300 * MS, Long.MIN_VALUE})
  void afterAStopTimeStandsUntilTheCanaryWasWellForTwoBeats(long startNanos) {
    GuardRun run = new GuardRun(startNanos).withCanary();
    assertThat(run.after(501)).isNull();
    assertThat(run.stands()).isTrue();
    assertThat(run.guard.held()).isTrue();
    run.quietly(480);
    assertThat(run.answer()).as("one beat is not enough").isNull();
    assertThat(run.stands()).isTrue();
    run.quietly(480);
    Stall stall = run.answer();
    assertThat(stall)
        .isEqualTo(
            new Stall(Why.STOOD_STILL, (501 - STEP_MS + 10 + 480 + 10 + 10 + 480 + 10) * MS, 0));
    assertThat(stall.lostMs()).isEqualTo(1_501 - STEP_MS);
    assertThat(stall.detail()).isEqualTo("stood still");
    assertThat(run.guard.held()).isFalse();
    assertThat(run.stands()).isFalse();
  }

  @Test
  void anAnswerThatIsSeenWithTheStopIsNoEvidence() {
    GuardRun run = new GuardRun(0).withCanary();
    run.answers += 2;
    assertThat(run.after(600)).isNull();
    run.quietly(400);
    assertThat(run.answer()).isNull();
    assertThat(run.answer()).isNotNull();
  }

  @Test
  void anotherStopMakesTheOneUnderWayLonger() {
    GuardRun run = new GuardRun(0).withCanary();
    assertThat(run.after(600)).isNull();
    assertThat(run.answer()).isNull();
    assertThat(run.after(1_000)).isNull();
    assertThat(run.answer()).as("the one before the second stop counts no more").isNull();
    assertThat(run.answer())
        .isEqualTo(new Stall(Why.STOOD_STILL, (600 - STEP_MS + 1_000 + 30) * MS, 0));
  }

  @ParameterizedTest
  @ValueSource(longs = {HOUR_MS, -HOUR_MS, 2_001, -2_001})
  void aWallClockThatJumpsHoldsTimeUntilTheCanaryIsWell(long jumpMs) {
    GuardRun run = new GuardRun(0).withCanary();
    long beforeMs = run.livenessMs();
    run.wallMs += jumpMs;
    run.quietly(10);
    assertThat(run.livenessMs()).as("no more and no less than passed").isEqualTo(beforeMs + 10);
    assertThat(run.stands()).isTrue();
    assertThat(run.answer()).isNull();
    Stall stall = run.answer();
    assertThat(stall).isEqualTo(new Stall(Why.SUSPENDED, 30 * MS, jumpMs));
    assertThat(stall.detail())
        .isEqualTo("suspended, or the wall clock was set, by " + jumpMs + " ms");
    assertThat(run.stands()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(longs = {HOUR_MS, -HOUR_MS})
  void withoutACanaryAWallClockThatJumpsIsToldAndChangesNothing(long jumpMs) {
    GuardRun run = new GuardRun(0);
    run.wallMs += jumpMs;
    assertThat(run.after(10)).isEqualTo(new Stall(Why.SUSPENDED, 0, jumpMs));
    assertThat(run.livenessMs()).isEqualTo(STEP_MS + 10);
    assertThat(run.stands()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(longs = {2_000, -2_000})
  void aWallClockThatIsSetALittleIsNothing(long jumpMs) {
    GuardRun run = new GuardRun(0).withCanary();
    run.wallMs += jumpMs;
    assertThat(run.stands()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 300 * MS, Long.MIN_VALUE})
  void aCanaryWithoutAnswersHoldsTimeUntilItHasThemAgain(long startNanos) {
    GuardRun run = new GuardRun(startNanos).withCanary().quietly(SILENCE_MS);
    assertThat(run.guard.frozenNanos()).isZero();
    run.quietly(10);
    assertThat(run.stands()).isTrue();
    run.quietly(1_000);
    assertThat(run.answer()).isNull();
    run.quietly(490);
    assertThat(run.answer())
        .isEqualTo(new Stall(Why.CANARY_UNANSWERED, (10 + 1_000 + 10 + 490 + 10) * MS, 0));
    assertThat(run.stands()).isFalse();
    assertThat(run.guard.frozenNanos()).isEqualTo(1_520 * MS);
  }

  @Test
  void twoAnswersThatAreFarApartAreNoEvidence() {
    GuardRun run = new GuardRun(0).withCanary();
    assertThat(run.after(600)).isNull();
    assertThat(run.answer()).isNull();
    run.quietly(SILENCE_MS + 10);
    assertThat(run.answer()).isNull();
    run.quietly(490);
    assertThat(run.answer()).isNotNull();
  }

  @Test
  void aCanaryThatNeverHadTwoAnswersHoldsNothing() {
    GuardRun run = new GuardRun(0);
    run.quietly(10_000);
    assertThat(run.answer()).isNull();
    run.quietly(10_000);
    assertThat(run.after(600)).isEqualTo(new Stall(Why.STOOD_STILL, (600 - STEP_MS) * MS, 0));
    assertThat(run.guard.frozenNanos()).isEqualTo((600 - STEP_MS) * MS);
  }

  @Test
  void aCanaryThatLeavesLetsTimeGoOn() {
    GuardRun run = new GuardRun(0).withCanary();
    assertThat(run.after(600)).isNull();
    assertThat(run.stands()).isTrue();
    run.answers = 0;
    assertThat(run.after(10)).isEqualTo(new Stall(Why.STOOD_STILL, (620 - STEP_MS) * MS, 0));
    run.quietly(10_000);
    assertThat(run.guard.frozenNanos()).isEqualTo((620 - STEP_MS) * MS);
  }

  @Test
  void timeStandsForTheBoundAndNoLongerAndThenTheCanaryHasToEarnTrustAgain() {
    GuardRun run = new GuardRun(0).withCanary().quietly(SILENCE_MS + 10);
    long frozenMs = run.livenessMs();
    run.quietly(5_000 - 10);
    assertThat(run.after(15).lostMs()).isEqualTo(5_000);
    assertThat(run.livenessMs()).isEqualTo(frozenMs + 5);
    run.quietly(600_000);
    assertThat(run.livenessMs()).as("a dead canary holds it once").isEqualTo(frozenMs + 600_005);
    run.withCanary().quietly(SILENCE_MS + 10);
    assertThat(run.stands()).isTrue();
  }

  @Test
  void whoJustUsedUpTheBoundGetsNoMoreThanPassedSince() {
    GuardRun run = new GuardRun(0).withCanary().quietly(SILENCE_MS + 10).quietly(5_000 - 10);
    assertThat(run.after(10)).isNotNull();
    run.withCanary();
    assertThat(run.after(501)).isNull();
    // What passed since the bound was reached: two ticks, and the step of the stop.
    run.quietly(20 + STEP_MS - 10);
    assertThat(run.after(10))
        .isEqualTo(new Stall(Why.STOOD_STILL, (501 - STEP_MS + 20 + STEP_MS) * MS, 0));
  }

  @Test
  void aBoundOfNothingNeverHoldsTime() {
    GuardRun run = new GuardRun(new StallSettings(500, 2_000, 0), 0).withCanary();
    assertThat(run.after(600)).isEqualTo(new Stall(Why.STOOD_STILL, (600 - STEP_MS) * MS, 0));
    assertThat(run.stands()).isFalse();
    run.withCanary().quietly(SILENCE_MS);
    assertThat(run.after(10)).isEqualTo(new Stall(Why.CANARY_UNANSWERED, 0, 0));
    assertThat(run.guard.frozenNanos()).isEqualTo((600 - STEP_MS) * MS);
  }

  @Test
  void aServerThatLostAFifthOfFiveMinutesIsHeldUntilThatIsOver() {
    GuardRun run = new GuardRun(0);
    assertThat(run.after(60_000 + STEP_MS).lostMs()).isEqualTo(60_000);
    assertThat(run.guard.held()).as("a fifth, and not more").isFalse();
    run.after(STEP_MS + 1);
    assertThat(run.guard.held()).isTrue();
    for (int second = 0; second < 290; second++) {
      run.quietly(1_000);
      assertThat(run.guard.held()).as("second %d", second).isTrue();
    }
    run.quietly(15_000);
    assertThat(run.guard.held()).isFalse();
  }

  @Test
  void whateverHappensTimeIsAccountedForAndStandsNoLongerThanIsAllowed() {
    for (int seed = 0; seed < 500; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      StallSettings settings =
          new StallSettings(500, random.nextLong(100, 3_000), random.nextLong(0, 20_000));
      GuardRun run = new GuardRun(settings, random.nextLong());
      long startNanos = run.nowNanos;
      long waitedNanos = 0;
      for (int i = 0; i < 2_000; i++) {
        long beforeNanos = run.guard.livenessNanos();
        if (random.nextInt(100) == 0) {
          run.wallMs += random.nextLong(-2 * HOUR_MS, 2 * HOUR_MS);
        }
        run.answers = random.nextInt(2_000) == 0 ? 0 : run.answers + random.nextInt(8) / 7;
        long gapMs = random.nextLong(random.nextInt(100) == 0 ? 30_000 : 50);
        run.after(gapMs);
        long passedNanos = run.guard.livenessNanos() - beforeNanos;
        long stepNanos = Math.min(gapMs * MS, LivenessClock.STALE_NANOS);
        assertThat(passedNanos).as("seed %d", seed).isBetween(0L, stepNanos);
        waitedNanos += stepNanos - passedNanos;
        assertThat(waitedNanos)
            .as("seed %d", seed)
            .isLessThanOrEqualTo(settings.freezeMsMax() * MS + run.guard.livenessNanos());
      }
      assertThat(run.guard.livenessNanos() - LivenessClock.STALE_NANOS + run.guard.frozenNanos())
          .as("seed %d", seed)
          .isEqualTo(run.nowNanos - startNanos);
    }
  }
}
