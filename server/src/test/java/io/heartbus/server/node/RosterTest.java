package io.heartbus.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The roster against a plain list. */
class RosterTest {
  private static List<Link> met(Roster roster) {
    List<Link> met = new ArrayList<>();
    roster.forEach(met::add);
    return met;
  }

  @Test
  void randomChangesLeaveExactlyThoseWhoAreThere() {
    for (int seed = 0; seed < 8; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Roster roster = new Roster();
      List<Link> model = new ArrayList<>();
      int addsOfTen = 4 + random.nextInt(5);
      for (int i = 0; i < 6_000; i++) {
        if (model.isEmpty() || random.nextInt(10) < addsOfTen) {
          Link link = new TestLink();
          roster.add(link);
          model.add(link);
        } else {
          Collections.swap(model, random.nextInt(model.size()), model.size() - 1);
          roster.remove(model.removeLast());
        }
      }
      assertThat(roster.size()).as("seed %d", seed).isEqualTo(model.size());
      assertThat(met(roster)).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(model);
      for (Link link : model) {
        roster.remove(link);
      }
      assertThat(met(roster)).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void aPassMayRemoveWhatItMeetsAndStillMeetsTheOthers() {
    for (int seed = 0; seed < 8; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Roster roster = new Roster();
      Set<Link> kept = Collections.newSetFromMap(new IdentityHashMap<>());
      for (int i = 0; i < 3_000; i++) {
        Link link = new TestLink();
        roster.add(link);
        if (random.nextInt(3) == 0) {
          kept.add(link);
        }
      }
      List<Link> met = new ArrayList<>();
      roster.forEach(link -> {
        met.add(link);
        if (!kept.contains(link)) {
          roster.remove(link);
        }
      });
      assertThat(met).as("seed %d", seed).hasSize(3_000).doesNotHaveDuplicates();
      assertThat(met(roster)).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(kept);
    }
  }

  @Test
  void whoIsThereAllTheTimeIsMetInEveryPassWhileOthersComeAndGo() throws InterruptedException {
    Roster roster = new Roster();
    Set<Link> permanent = new HashSet<>();
    for (int i = 0; i < 2_000; i++) {
      Link link = new TestLink();
      permanent.add(link);
      roster.add(link);
    }
    AtomicBoolean over = new AtomicBoolean();
    List<Thread> crowd = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      crowd.add(
          Thread.startVirtualThread(() -> {
            List<Link> own = new ArrayList<>();
            while (!over.get()) {
              for (int j = 0; j < 500; j++) {
                Link link = new TestLink();
                roster.add(link);
                own.add(link);
              }
              own.forEach(roster::remove);
              own.clear();
              LockSupport.parkNanos(10_000);
            }
          }));
    }
    for (int pass = 0; pass < 100; pass++) {
      Set<Link> met = new HashSet<>(met(roster));
      assertThat(met.containsAll(permanent)).as("pass %d", pass).isTrue();
    }
    over.set(true);
    for (Thread thread : crowd) {
      thread.join();
    }
    assertThat(met(roster)).containsExactlyInAnyOrderElementsOf(permanent);
  }
}
