package io.heartbus.loadtest;

import io.heartbus.loadtest.DetectionFigures.FaultFigures;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether the server did what the scenarios detect and storm ask of it. Pure. */
final class DrillVerdict {
  private static final double NANOS_PER_MILLI = 1e6;

  private DrillVerdict() {}

  /** Judges what became of the dead, and of the living. */
  static void detection(Faults faults, DetectionFigures figures, List<String> failures) {
    if (figures.faults().stream().mapToInt(FaultFigures::victims).sum() == 0) {
      failures.add("no node died, so nothing was to be detected");
    }
    for (FaultFigures fault : figures.faults()) {
      Map<String, Integer> faulty = new LinkedHashMap<>();
      faulty.put("were never called offline", fault.victims() - fault.detected());
      faulty.put("were called offline for another cause", fault.wrongCause());
      faulty.put("were called offline before their timeout", fault.early());
      faulty.forEach((what, count) -> {
        if (count > 0) {
          failures.add(fault.fault() + ": " + count + " of " + fault.victims() + " nodes " + what);
        }
      });
      bound(faults.delayMax(), fault, failures);
    }
    Map<String, Long> wrong = new LinkedHashMap<>();
    wrong.put("nodes were called offline that were alive", figures.falseVerdicts().offline());
    DetectionFigures.Feed feed = figures.feed();
    wrong.put("events are missing from the feed", feed.missing());
    wrong.put("events are missing from the feed, as it says itself", feed.gapEvents());
    wrong.put("events came twice", feed.duplicated());
    wrong.put("events came out of order", feed.reordered());
    wrong.put("events cannot follow those before them", feed.illegal());
    wrong.put("nodes came in or left, and no event said so", feed.absent());
    wrong.put("times the feed turned out to be of another log", feed.otherLogs());
    wrong.forEach((what, count) -> {
      if (count > 0) {
        failures.add(count + " " + what);
      }
    });
  }

  /** Judges whether everybody came back, and soon enough. */
  static void storm(Scenario scenario, Storm storm, StormFigures figures, List<String> failures) {
    if (figures.rounds().size() < storm.rounds()) {
      failures.add("only " + figures.rounds().size() + " of " + storm.rounds() + " storms came");
    }
    int number = 0;
    for (StormFigures.Round round : figures.rounds()) {
      number++;
      int missing = round.dropped() - round.back();
      if (missing > 0) {
        String most = round.failures().keySet().stream().findFirst().orElse("SERVER_BUSY");
        failures.add(
            "storm %d: %d of %d nodes did not come back: %s"
                .formatted(number, missing, round.dropped(), most));
      }
      Duration bound = scenario.p99Max();
      Double back = round.back99Ms();
      if (bound != null && back != null && back > millis(bound)) {
        failures.add(
            String.format(
                Locale.ROOT,
                "storm %d: 99 %% were back after %.2f ms, over %.2f ms",
                number,
                back,
                millis(bound)));
      }
    }
  }

  private static void bound(@Nullable Duration bound, FaultFigures fault, List<String> failures) {
    Double latest = fault.bounded().maxMs();
    if (bound != null && latest != null && latest > millis(bound)) {
      failures.add(
          String.format(
              Locale.ROOT,
              "%s: the latest verdict came after %.2f ms, over %.2f ms",
              fault.fault(),
              latest,
              millis(bound)));
    }
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / NANOS_PER_MILLI;
  }
}
