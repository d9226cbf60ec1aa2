package io.heartbus.server.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What was lost lately, against a list of all losses. */
class LostTimeTest {
  private record Loss(long slot, long nanos) {}

  @Test
  void theSumIsThatOfTheSlotsOfFiveMinutes() {
    for (int seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      long startNanos = seed % 3 == 0 ? Long.MAX_VALUE - seed : random.nextLong();
      LostTime lost = new LostTime(startNanos);
      List<Loss> all = new ArrayList<>();
      long passedNanos = 0;
      for (int i = 0; i < 500; i++) {
        passedNanos += random.nextLong(LostTime.SLOT_NANOS << random.nextInt(9));
        long slot = passedNanos / LostTime.SLOT_NANOS;
        long nanos = random.nextLong(3) * random.nextLong(LostTime.SLOT_NANOS);
        all.add(new Loss(slot, nanos));
        lost.add(startNanos + passedNanos, nanos);
        assertThat(lost.sumNanos())
            .as("seed %d", seed)
            .isEqualTo(
                all.stream()
                    .filter(loss -> slot - loss.slot() < LostTime.SLOTS)
                    .mapToLong(Loss::nanos)
                    .sum());
      }
    }
  }
}
