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
  private record Weather(long gapMaxNanos, int jumpIn, int answerIn, int slowIn) {
    static final int NEVER = 0;

    static Weather calm(long gapMaxNanos) {
      return new Weather(gapMaxNanos, NEVER, NEVER, NEVER);
    }

    /** Now and then the clock's thread has to wait between its look and its showing the time. */
    static Weather slow(SplittableRandom random, int gapBitsMax) {
      return new Weather(MS << random.nextInt(gapBitsMax), NEVER, NEVER, 1 + random.nextInt(9));
    }

    static Weather foul(SplittableRandom random, int gapBitsMax) {
      return new Weather(
          MS << random.nextInt(gapBitsMax),
          1 + random.nextInt(200),
          1 + random.nextInt(200),
          NEVER);
    }

    /** For how long the clock shows the old time although it has looked. */
    long slowNanos(SplittableRandom random) {
      boolean slow = slowIn != NEVER && random.nextInt(slowIn) == 0;
      return slow ? random.nextLong(gapMaxNanos) : 0;
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
      long look = now + 1 + random.nextLong(weather.gapMaxNanos());
      // Only until then, because time that is lost later makes up for it.
      long shown = look + (stamp == 0 ? weather.slowNanos(random) : 0);
      if (stamp == 0 && shown - heardAt > 0) {
        // It comes in before the clock shows the next time, and is stamped with what it shows.
        stamp = guard.livenessNanos();
      }
      wallMs += (look - now) / MS;
      wallMs += weather.jumps(random) ? random.nextLong(-HOUR_MS, HOUR_MS) : 0;
      answers += weather.answers(random) ? 1 : 0;
      guard.advance(look, wallMs, answers);
      guard.shown(shown);
      wallMs += (shown - look) / MS;
      now = shown;
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
  void aVerdictIsNeverEarlyHoweverLongTheClockTakesToShowTheTime() {
    for (int seed = 0; seed < 3_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Run run = run(random, Weather.slow(random, 6));
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
      Run run =
          run(
              random,
              new Weather(LivenessClock.TICK_NANOS, foul.jumpIn(), foul.answerIn(), Weather.NEVER));
      assertThat(run.lateNanos() - run.frozenNanos())
          .as("seed %d", seed)
          .isLessThanOrEqualTo(LivenessClock.STALE_NANOS + LivenessClock.TICK_NANOS);
    }
  }
}
