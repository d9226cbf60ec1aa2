package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DueQueueTest {
  private static final class Thing extends DueQueue.Entry {}

  private final DueQueue<Thing> queue = new DueQueue<>();

  @Test
  void anEmptyQueueHasNothingDue() {
    assertThat(queue.takeDue(Long.MAX_VALUE)).isNull();
    assertThat(queue.nextDueNanos()).isEqualTo(Long.MAX_VALUE);
    assertThat(queue.size()).isZero();
  }

  @Test
  void aThingIsDueAtItsTimeAndNotBefore() {
    Thing thing = new Thing();
    queue.schedule(thing, 100);

    assertThat(queue.takeDue(99)).isNull();
    assertThat(queue.takeDue(100)).isSameAs(thing);
    assertThat(thing.dueNanos()).isEqualTo(100);
    assertThat(queue.size()).isZero();
  }

  @Test
  void schedulingAgainMovesAThing() {
    Thing thing = new Thing();
    Thing other = new Thing();
    queue.schedule(thing, 10);
    queue.schedule(other, 20);
    queue.schedule(thing, 30);

    assertThat(queue.size()).isEqualTo(2);
    assertThat(queue.takeDue(50)).isSameAs(other);
    assertThat(queue.takeDue(50)).isSameAs(thing);
  }

  @Test
  void removingWhatIsNotInDoesNothing() {
    queue.remove(new Thing());

    assertThat(queue.size()).isZero();
  }

  @Test
  void randomOperationsAgreeWithAPlainMap() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Thing> things = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      things.add(new Thing());
    }
    Map<Thing, Long> model = new HashMap<>();
    for (int step = 0; step < 20_000; step++) {
      Thing thing = things.get(random.nextInt(things.size()));
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          long due = random.nextInt(1_000);
          queue.schedule(thing, due);
          model.put(thing, due);
        }
        case 2 -> {
          queue.remove(thing);
          model.remove(thing);
        }
        default -> {
          long now = random.nextInt(1_000);
          long earliest =
              model.values().stream().mapToLong(due -> due).min().orElse(Long.MAX_VALUE);
          Thing taken = queue.takeDue(now);
          assertThat(taken != null).as("seed %d step %d", seed, step).isEqualTo(earliest <= now);
          if (taken != null) {
            assertThat(model.remove(taken)).as("seed %d step %d", seed, step).isEqualTo(earliest);
          }
        }
      }
      assertThat(queue.size()).as("seed %d step %d", seed, step).isEqualTo(model.size());
    }
    assertThat(queue.entries())
        .as("seed %d", seed)
        .containsExactlyInAnyOrderElementsOf(model.keySet());
  }
}
