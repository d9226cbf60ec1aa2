package io.heartbus.server.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The promise of the whole server, on paper: a clock that ticks as badly as it likes, a wall clock
 * that jumps, a canary that is answered or not, frames that are stamped with that clock, and passes
 * that judge them.
 */
class NeverEarlyTest {
  private static final long MS = 1_000_000;
  private static final long HOUR_MS = 3_600_000;
  private static final long INTERVAL = 1_000 * MS;
  private static final long TIMEOUT = 3_000 * MS;
  private static final StallSettings SETTINGS = new StallSettings(500, 700, 4_000);

  /** One run: a node is heard once, at a random moment, and judged until it is offline. */
  private record Run(long lateNanos, long suspectNanos, long frozenNanos) {}

  /** How bad the world is. */
  private record Weather(long gapMaxNanos, int jumpIn, int answerIn) {
    static final int NEVER = 0;

    static Weather calm(long gapMaxNanos) {
      return new Weather(gapMaxNanos, NEVER, NEVER);
    }

    static Weather foul(SplittableRandom random, int gapBitsMax) {
      return new Weather(
          MS << random.nextInt(gapBitsMax), 1 + random.nextInt(200), 1 + random.nextInt(200));
    }

    boolean jumps(SplittableRandom random) {
      return jumpIn != NEVER && random.nextInt(jumpIn) == 0;
    }

    boolean answers(SplittableRandom random) {
      return answerIn != NEVER && random.nextInt(answerIn) == 0;
    }
  }

  private static Run run(SplittableRandom random, Weather weather) {
    long now = random.nextLong();
    long wallMs = random.nextLong(HOUR_MS * 1_000_000);
    long answers = 0;
    StallGuard guard = new StallGuard(SETTINGS, now, wallMs);
    long heardAt = now + random.nextLong(2 * TIMEOUT);
    long stamp = 0;
    long suspectNanos = -1;
    while (true) {
      long next = now + 1 + random.nextLong(weather.gapMaxNanos());
      if (stamp == 0 && next - heardAt > 0) {
        // It comes in between two ticks, and is stamped with what the clock shows.
        stamp = guard.livenessNanos();
      }
      wallMs += (next - now) / MS;
      wallMs += weather.jumps(random) ? random.nextLong(-HOUR_MS, HOUR_MS) : 0;
      answers += weather.answers(random) ? 1 : 0;
      now = next;
      guard.advance(now, wallMs, answers);
      if (stamp != 0) {
        switch (Liveness.judge(guard.livenessNanos() - stamp, INTERVAL, TIMEOUT)) {
          case ONLINE, LATE -> assertThat(suspectNanos).as("back without a word").isEqualTo(-1);
          case SUSPECT -> suspectNanos = suspectNanos < 0 ? now - heardAt : suspectNanos;
          case OFFLINE -> {
            return new Run(now - heardAt - TIMEOUT, suspectNanos, guard.frozenNanos());
          }
        }
      }
    }
  }

  @Test
  void aVerdictIsNeverEarlyHoweverBadlyTheClockTicks() {
    for (int seed = 0; seed < 3_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Run run = run(random, Weather.calm(MS << random.nextInt(12)));
      assertThat(run.lateNanos()).as("seed %d", seed).isGreaterThanOrEqualTo(0);
    }
  }

  @Test
  void aVerdictIsNeverEarlyWhateverTheWallClockAndTheCanaryDo() {
    long frozenNanos = 0;
    for (int seed = 0; seed < 3_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Run run = run(random, Weather.foul(random, 12));
      assertThat(run.lateNanos()).as("seed %d", seed).isGreaterThanOrEqualTo(0);
      frozenNanos += run.frozenNanos();
    }
    assertThat(frozenNanos).as("the weather was foul").isGreaterThan(3_000 * 1_000 * MS);
  }

  @Test
  void aProbeIsNeverEarlyHoweverBadlyTheClockTicks() {
    for (int seed = 0; seed < 3_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Run run = run(random, Weather.foul(random, 8));
      assertThat(run.suspectNanos()).as("seed %d", seed).isGreaterThanOrEqualTo(2 * INTERVAL);
    }
  }

  @Test
  void whileTheClockTicksWellAVerdictIsLateByTheAllowanceAndATickAtMost() {
    for (int seed = 0; seed < 3_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Run run = run(random, Weather.calm(LivenessClock.TICK_NANOS));
      assertThat(run.lateNanos())
          .as("seed %d", seed)
          .isLessThanOrEqualTo(LivenessClock.STALE_NANOS + LivenessClock.TICK_NANOS);
    }
  }

  @Test
  void aVerdictIsLateByWhatWasFrozenAndNoMore() {
    for (int seed = 0; seed < 3_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Weather foul = Weather.foul(random, 1);
      Run run = run(random, new Weather(LivenessClock.TICK_NANOS, foul.jumpIn(), foul.answerIn()));
      assertThat(run.lateNanos() - run.frozenNanos())
          .as("seed %d", seed)
          .isLessThanOrEqualTo(LivenessClock.STALE_NANOS + LivenessClock.TICK_NANOS);
    }
  }
}
