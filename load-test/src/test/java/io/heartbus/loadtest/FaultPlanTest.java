package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.loadtest.FaultPlan.Victim;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FaultPlanTest {
  private static final int NODES = 200;
  private static final int VICTIMS = 40;
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Scenario scenario =
      Scenarios.detect(1, 1, VICTIMS)
          .nodes(NODES)
          .interval(INTERVAL)
          .lasting(Duration.ofSeconds(40))
          .cutting(5)
          .scenario();

  @Test
  void asManyDieOfEachFaultAndNobodyTwice() {
    for (long seed = 0; seed < 20; seed++) {
      List<Victim> victims = plan(seed).victims();
      Set<Integer> dead = new HashSet<>();
      for (Victim victim : victims) {
        assertThat(dead.add(victim.index())).as("seed %d, %s", seed, victim).isTrue();
        assertThat(victim.index() < NODES).as("%s", victim).isEqualTo(victim.fault().inFleet());
      }
      for (Fault fault : Fault.values()) {
        assertThat(victims.stream().filter(victim -> victim.fault() == fault)).hasSize(VICTIMS);
      }
      assertThat(dead).allMatch(index -> index < FaultPlan.nodes(scenario, scenario.faults()));
    }
  }

  @Test
  void thereIsTimeForTheLastVerdict() {
    // The timeout is three intervals, and two more are left for the verdict.
    long latest = Duration.ofSeconds(40 - 3 - 2).toNanos();
    for (long seed = 0; seed < 20; seed++) {
      assertThat(plan(seed).victims())
          .allMatch(victim -> victim.afterNanos() >= 0 && victim.afterNanos() <= latest);
      assertThat(plan(seed).cutsNanos()).hasSize(5);
    }
  }

  @Test
  void noIntervalSeesMuchMoreThanItsShare() {
    for (long seed = 0; seed < 20; seed++) {
      int[] perInterval = new int[41];
      for (Victim victim : plan(seed).victims()) {
        if (victim.fault() != Fault.STOP) {
          perInterval[(int) (victim.afterNanos() / INTERVAL.toNanos())]++;
        }
      }
      // 160 victims over 34 intervals or so; each moves by less than one interval.
      assertThat(Arrays.stream(perInterval).max().getAsInt()).as("seed %d", seed).isLessThan(13);
    }
  }

  @Test
  void aFaultHitsAnyPhaseOfABeat() {
    int[] tenths = new int[10];
    for (long seed = 0; seed < 50; seed++) {
      for (Victim victim : plan(seed).victims()) {
        if (victim.fault() == Fault.SILENCE) {
          tenths[(int) (victim.afterNanos() % INTERVAL.toNanos() * 10 / INTERVAL.toNanos())]++;
        }
      }
    }
    // 200 each on average; six standard deviations to either side.
    assertThat(Arrays.stream(tenths)).allMatch(count -> count > 115 && count < 285);
  }

  private FaultPlan plan(long seed) {
    return FaultPlan.of(scenario, scenario.faults(), new Random(seed));
  }
}
