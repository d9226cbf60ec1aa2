package io.heartbus.loadtest;

import static io.heartbus.loadtest.Sequence.Arrival.COPY;
import static io.heartbus.loadtest.Sequence.Arrival.LATE;
import static io.heartbus.loadtest.Sequence.Arrival.NEWER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SequenceTest {
  private final Sequence sequence = new Sequence();

  @Test
  void eachInItsTurnIsNewer() {
    for (long seq = 0; seq < 200; seq++) {
      assertThat(sequence.arrived(seq)).isEqualTo(NEWER);
    }
    assertThat(sequence.received()).isEqualTo(200);
  }

  @Test
  void theSecondOfTheSameIsACopy() {
    sequence.arrived(0);
    sequence.arrived(1);

    assertThat(sequence.arrived(1)).isEqualTo(COPY);
    assertThat(sequence.arrived(0)).isEqualTo(COPY);
    assertThat(sequence.received()).isEqualTo(2);
  }

  @Test
  void oneThatWasLeftOutIsLateAndThenACopy() {
    sequence.arrived(0);
    assertThat(sequence.arrived(2)).isEqualTo(NEWER);

    assertThat(sequence.arrived(1)).isEqualTo(LATE);
    assertThat(sequence.arrived(1)).isEqualTo(COPY);
    assertThat(sequence.received()).isEqualTo(3);
  }

  @Test
  void theMemoryHasItsEnds() {
    long newest = Sequence.MEMORY;
    sequence.arrived(newest);

    assertThat(sequence.arrived(1)).isEqualTo(LATE);
    assertThat(sequence.arrived(0)).as("too old to tell").isEqualTo(COPY);
    assertThat(sequence.received()).isEqualTo(2);
  }

  @Test
  void aModelThatRemembersEverythingAgrees() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Set<Long> seen = new HashSet<>();
    List<String> log = new ArrayList<>();
    long highest = -1;
    for (int step = 0; step < 10_000; step++) {
      long seq = Math.max(0, highest + random.nextInt(-Sequence.MEMORY + 1, 4));
      boolean tellable = seq > highest - Sequence.MEMORY;
      Sequence.Arrival expected =
          !tellable || seen.contains(seq) ? COPY : seq > highest ? NEWER : LATE;
      if (expected != COPY) {
        seen.add(seq);
      }
      highest = Math.max(highest, seq);
      log.add(seq + " " + expected);
      assertThat(sequence.arrived(seq))
          .as("seed %d, step %d: %s", seed, step, log.getLast())
          .isEqualTo(expected);
    }
    assertThat(sequence.received()).isEqualTo(seen.size());
  }
}
