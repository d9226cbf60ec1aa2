package io.heartbus.server.interleaving;

import java.io.IOException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random interleavings of everything that nodes may do and must not do, against a plain model. A
 * failure prints the seed and the newest lines of the trace: {@code heartbus.interleaving.seed}
 * repeats one, as far as the scheduling of threads allows, and {@code
 * heartbus.interleaving.seconds} goes on with new seeds for that long.
 */
class ChannelInterleavingTest {
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final int SECONDS_USUAL = 3;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatIsSaidIsWhatTheModelAllows(long seed) throws IOException {
    new Round(seed).run();
  }

  @Test
  void soItIsWithSeedsThatNobodyChose() throws IOException {
    Long given = Long.getLong("heartbus.interleaving.seed");
    int seconds = Integer.getInteger("heartbus.interleaving.seconds", SECONDS_USUAL);
    long first = given == null ? new SplittableRandom().nextLong() : given;
    SplittableRandom seeds = new SplittableRandom(first);
    System.out.println("interleavings from seed " + first);
    long startNanos = System.nanoTime();
    Round.Tally sum = new Round(first).run();
    int rounds = 1;
    while (System.nanoTime() - startNanos < seconds * NANOS_PER_SECOND) {
      sum = sum.plus(new Round(seeds.nextLong()).run());
      rounds++;
    }
    System.out.println(rounds + " rounds, " + sum);
  }
}
