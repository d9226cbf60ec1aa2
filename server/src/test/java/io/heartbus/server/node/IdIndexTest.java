package io.heartbus.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The index against a plain sorted set. */
class IdIndexTest {
  private static List<String> expected(
      NavigableSet<String> model, String first, boolean inclusive, int count) {
    return model.tailSet(first, inclusive).stream().limit(count).toList();
  }

  @Test
  void randomChangesLeaveWhatASortedSetWouldHold() {
    for (int seed = 0; seed < 12; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      IdIndex index = new IdIndex();
      NavigableSet<String> model = new TreeSet<>(IdOrder.BYTES);
      // Some runs mostly grow, some mostly shrink again.
      int addsOfTen = 4 + random.nextInt(4);
      for (int i = 0; i < 4_000; i++) {
        String id = RandomIds.next(random);
        if (random.nextInt(10) < addsOfTen) {
          index.add(id);
          model.add(id);
        } else {
          index.remove(id);
          model.remove(id);
        }
        if (i % 50 == 0) {
          String first = random.nextInt(4) == 0 ? "" : RandomIds.next(random);
          boolean inclusive = random.nextBoolean();
          int count = random.nextInt(300);
          assertThat(index.from(first, inclusive, count))
              .as("seed %d", seed)
              .isEqualTo(expected(model, first, inclusive, count));
        }
      }
      assertThat(index.from("", true, Integer.MAX_VALUE))
          .as("seed %d", seed)
          .containsExactlyElementsOf(model);
    }
  }

  @Test
  void idsThatComeInOrderOrAgainstItAreAllThere() {
    for (boolean ascending : new boolean[] {true, false}) {
      IdIndex index = new IdIndex();
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 5_000; i++) {
        ids.add("node-%06d".formatted(i));
      }
      List<String> order = ascending ? ids : ids.reversed();
      order.forEach(index::add);
      assertThat(index.from("", true, 10_000)).isEqualTo(ids);
      assertThat(index.from("node-002500", false, 2)).containsExactly("node-002501", "node-002502");
      order.forEach(index::remove);
      assertThat(index.from("", true, 10_000)).isEmpty();
      order.forEach(index::add);
      assertThat(index.from("", true, 10_000)).isEqualTo(ids);
    }
  }

  @Test
  void anIdCountsOnceHoweverOftenItIsAdded() {
    IdIndex index = new IdIndex();
    for (int i = 0; i < 600; i++) {
      index.add("same");
      index.add("id-" + i % 300);
    }
    assertThat(index.from("", true, 10_000)).hasSize(301);
    index.remove("same");
    index.remove("same");
    index.remove("never there");
    assertThat(index.from("", true, 10_000)).hasSize(300).doesNotContain("same");
  }
}
