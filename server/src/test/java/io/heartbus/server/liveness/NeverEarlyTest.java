package io.heartbus.server.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The promise of the whole server, on paper: a clock that ticks as badly as it likes, frames that
 * are stamped with it, and passes that judge them.
 */
class NeverEarlyTest {
  private static final long MS = 1_000_000;
  private static final long INTERVAL = 1_000 * MS;
  private static final long TIMEOUT = 3_000 * MS;

  /** One run: a node is heard once, at a random moment, and judged until it is offline. */
  private record Run(long lateNanos, long suspectNanos) {}

  private static Run run(SplittableRandom random, long gapMaxNanos) {
    long now = random.nextLong();
    StallGuard guard = guard(now);
    long heardAt = now + random.nextLong(2 * TIMEOUT);
    long stamp = 0;
    long suspectNanos = -1;
    while (true) {
      long next = now + 1 + random.nextLong(gapMaxNanos);
      if (stamp == 0 && next - heardAt > 0) {
        // It comes in between two ticks, and is stamped with what the clock shows.
        stamp = guard.livenessNanos();
      }
      now = next;
      guard.advance(now);
      if (stamp != 0) {
        switch (Liveness.judge(guard.livenessNanos() - stamp, INTERVAL, TIMEOUT)) {
          case ONLINE, LATE -> assertThat(suspectNanos).as("back without a word").isEqualTo(-1);
          case SUSPECT -> suspectNanos = suspectNanos < 0 ? now - heardAt : suspectNanos;
          case OFFLINE -> {
            return new Run(now - heardAt - TIMEOUT, suspectNanos);
          }
        }
      }
    }
  }

  @Test
  void aVerdictIsNeverEarlyHoweverBadlyTheClockTicks() {
    for (int seed = 0; seed < 3_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      long gapMaxNanos = MS << random.nextInt(12);
      Run run = run(random, gapMaxNanos);
      assertThat(run.lateNanos()).as("seed %d", seed).isGreaterThanOrEqualTo(0);
    }
  }

  @Test
  void aProbeIsNeverEarlyHoweverBadlyTheClockTicks() {
    for (int seed = 0; seed < 3_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      long gapMaxNanos = MS << random.nextInt(8);
      Run run = run(random, gapMaxNanos);
      assertThat(run.suspectNanos()).as("seed %d", seed).isGreaterThanOrEqualTo(2 * INTERVAL);
    }
  }

  @Test
  void whileTheClockTicksWellAVerdictIsLateByTheAllowanceAndATickAtMost() {
    for (int seed = 0; seed < 3_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Run run = run(random, LivenessClock.TICK_NANOS);
      assertThat(run.lateNanos())
          .as("seed %d", seed)
          .isLessThanOrEqualTo(LivenessClock.STALE_NANOS + LivenessClock.TICK_NANOS);
    }
  }

  private static StallGuard guard(long nowNanos) {
    return new StallGuard(nowNanos, LivenessClock.STALE_NANOS);
  }
}
