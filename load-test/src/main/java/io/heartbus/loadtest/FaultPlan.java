package io.heartbus.loadtest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Who dies of what, and when: dealt out at random before the run. The faults of a kind are spread
 * evenly over the time there is, so that no moment looks like a mass loss, and each is moved by a
 * random part of an interval, so that it hits its node at any phase of its beat. Immutable.
 *
 * @param victims in no particular order
 * @param cutsNanos when the feed is cut, after the last node came in
 */
record FaultPlan(List<Victim> victims, List<Long> cutsNanos) {
  /**
   * A node that is to die.
   *
   * @param afterNanos how long after the last node came in
   */
  record Victim(int index, Fault fault, long afterNanos) {}

  FaultPlan {
    victims = List.copyOf(victims);
    cutsNanos = List.copyOf(cutsNanos);
  }

  /** A plan for that scenario. */
  static FaultPlan of(Scenario scenario, Faults faults, RandomGenerator random) {
    Duration duration = Objects.requireNonNull(scenario.duration());
    long windowNanos = Faults.windowNanos(scenario.interval(), scenario.timeout(), duration);
    long intervalNanos = scenario.interval().toNanos();
    int[] own = shuffled(scenario.nodes(), random);
    int taken = 0;
    List<Victim> victims = new ArrayList<>();
    double turn = 0;
    for (Fault fault : Fault.values()) {
      // A process that stands still takes all its nodes with it; their beats are at any phase.
      long atOnceNanos = windowNanos / 2 + random.nextLong(intervalNanos);
      for (int i = 0; i < faults.victims(); i++) {
        int index = fault.inFleet() ? own[taken++] : firstOutside(fault, scenario, faults) + i;
        double share = (i + turn) / faults.victims();
        long spreadNanos = (long) (windowNanos * share) + random.nextLong(intervalNanos);
        victims.add(new Victim(index, fault, fault == Fault.STOP ? atOnceNanos : spreadNanos));
      }
      turn += 1.0 / Fault.values().length;
    }
    List<Long> cuts = new ArrayList<>();
    for (int cut = 0; cut < faults.cuts(); cut++) {
      cuts.add(random.nextLong(duration.toNanos()));
    }
    return new FaultPlan(victims, cuts);
  }

  /** The number of the first node in the process that this fault is done to. */
  static int firstOutside(Fault fault, Scenario scenario, Faults faults) {
    return scenario.nodes() + (fault == Fault.STOP ? 0 : faults.victims());
  }

  /** How many nodes there are, those in other processes included. */
  static int nodes(Scenario scenario, Faults faults) {
    return scenario.nodes() + 2 * faults.victims();
  }

  private static int[] shuffled(int count, RandomGenerator random) {
    int[] numbers = new int[count];
    Arrays.setAll(numbers, i -> i);
    for (int i = count - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int other = numbers[j];
      numbers[j] = numbers[i];
      numbers[i] = other;
    }
    return numbers;
  }
}
