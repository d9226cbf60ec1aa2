package io.heartbus.loadtest;

import io.heartbus.loadtest.LatencyRecorder.Latencies;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the scenario detect measured, in the shape and with the names of the JSON report: a public
 * contract. Immutable.
 */
record DetectionFigures(List<FaultFigures> faults, FalseVerdicts falseVerdicts, Feed feed) {
  /**
   * What became of the nodes that died of one fault.
   *
   * @param victims nodes that died of it
   * @param detected were called offline
   * @param wrongCause were called offline for another cause
   * @param early were called offline before their silence had lasted for the timeout
   * @param unsure whose last frame left so close to the fault that nobody knows whether it arrived
   * @param detection from the fault to the verdict's arrival
   * @param delay the same from the deadline (the last frame and the timeout), where silence alone
   *     shows the fault; of the unsure there is none
   * @param skipped why this machine cannot do that to a node; null when it can
   */
  record FaultFigures(
      String fault,
      int victims,
      int detected,
      int wrongCause,
      int early,
      int unsure,
      Latencies detection,
      Latencies delay,
      @Nullable String skipped) {
    /** What the bound on a verdict is about. */
    Latencies bounded() {
      return delay.maxMs() == null ? detection : delay;
    }
  }

  /**
   * Verdicts about nodes that were alive and beating.
   *
   * @param nodeHours for how long nodes were alive, all together
   * @param offlinePerNodeHourMax with 95 % confidence there are fewer: 3 / n when there was none in
   *     n node-hours, else null
   * @param neglected verdicts about nodes that the load tester itself kept silent too long
   */
  record FalseVerdicts(
      double nodeHours,
      long offline,
      double offlinePerNodeHour,
      @Nullable Double offlinePerNodeHourMax,
      long suspect,
      double suspectPerNodeHour,
      @Nullable Double suspectPerNodeHourMax,
      long neglected) {
    /** Zero in that many says no more than: most likely fewer than this. */
    static final double RULE_OF_THREE = 3;

    static FalseVerdicts of(double nodeHours, long offline, long suspect, long neglected) {
      return new FalseVerdicts(
          nodeHours,
          offline,
          rate(offline, nodeHours),
          bound(offline, nodeHours),
          suspect,
          rate(suspect, nodeHours),
          bound(suspect, nodeHours),
          neglected);
    }

    private static double rate(long count, double nodeHours) {
      return nodeHours > 0 ? count / nodeHours : 0;
    }

    private static @Nullable Double bound(long count, double nodeHours) {
      return count == 0 && nodeHours > 0 ? RULE_OF_THREE / nodeHours : null;
    }
  }

  /**
   * Whether the feed kept its promise.
   *
   * @param missing numbers that were left out without a word
   * @param duplicated events that came again
   * @param reordered events that came behind newer ones
   * @param illegal events that cannot follow what was said of the node before
   * @param absent nodes that came in or left, and nobody said so
   * @param gapEvents events that the feed said are missing
   * @param resumed how often it was connected again where it was
   * @param otherLogs how often the log turned out to be another one
   */
  record Feed(
      long events,
      long missing,
      long duplicated,
      long reordered,
      long illegal,
      long absent,
      long gaps,
      long gapEvents,
      long resumed,
      long otherLogs,
      long massLosses,
      long stalls) {}
}
