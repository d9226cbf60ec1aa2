package io.heartbus.loadtest;

import io.heartbus.loadtest.DetectionFigures.FalseVerdicts;
import io.heartbus.loadtest.DetectionFigures.FaultFigures;
import io.heartbus.loadtest.LatencyRecorder.Latencies;
import java.util.Formatter;
import org.jspecify.annotations.Nullable;

/** What the scenarios detect and storm measured, as lines for people. Pure. */
final class DrillTable {
  private DrillTable() {}

  /** The lines of detect. */
  static void detection(Formatter out, DetectionFigures figures) {
    out.format(
        "\n%-12s%8s%10s%9s%9s%9s%10s%9s%11s%9s\n",
        "fault",
        "victims",
        "detected",
        "p50 ms",
        "p99 ms",
        "max ms",
        "late p50",
        "late p99",
        "late p99.9",
        "late max");
    for (FaultFigures fault : figures.faults()) {
      if (fault.skipped() != null) {
        out.format("%-12s skipped: %s\n", fault.fault(), fault.skipped());
      }
      if (fault.skipped() == null || fault.victims() > 0) {
        Latencies detection = fault.detection();
        Latencies delay = fault.delay();
        out.format(
            "%-12s%8d%10d%9s%9s%9s%10s%9s%11s%9s\n",
            fault.fault(),
            fault.victims(),
            fault.detected(),
            Report.millis(detection.p50Ms()),
            Report.millis(detection.p99Ms()),
            Report.millis(detection.maxMs()),
            Report.millis(delay.p50Ms()),
            Report.millis(delay.p99Ms()),
            Report.millis(delay.p999Ms()),
            Report.millis(delay.maxMs()));
      }
    }
    out.format(
        "            from the fault to the verdict; late: from the deadline, which is the last"
            + " frame and the timeout\n");
    FalseVerdicts wrong = figures.falseVerdicts();
    verdicts(out, "offline", wrong.offline(), wrong.offlinePerNodeHour(), wrong);
    verdicts(out, "suspect", wrong.suspect(), wrong.suspectPerNodeHour(), wrong);
    DetectionFigures.Feed feed = figures.feed();
    out.format(
        "feed        %d events: %d missing, %d doubled, %d out of order, %d impossible, %d never"
            + " came; %d gaps, resumed %d times\n",
        feed.events(),
        feed.missing(),
        feed.duplicated(),
        feed.reordered(),
        feed.illegal(),
        feed.absent(),
        feed.gaps(),
        feed.resumed());
  }

  /** The lines of storm. */
  static void storm(Formatter out, StormFigures figures) {
    out.format(
        "\n%-7s%8s%8s%7s%7s%9s%9s%9s%9s%9s%9s%9s\n",
        "storm", "dropped", "back", "busy", "failed", "50 % ms", "90 % ms", "99 % ms", "99.9 %",
        "all ms", "mean/s", "peak/s");
    int number = 0;
    for (StormFigures.Round round : figures.rounds()) {
      long failed = round.failures().values().stream().mapToLong(Long::longValue).sum();
      out.format("%-7d%8d%8d%7d%7d", ++number, round.dropped(), round.back(), round.busy(), failed);
      for (@Nullable Double reachedMs :
          new @Nullable Double[] {
            round.back50Ms(),
            round.back90Ms(),
            round.back99Ms(),
            round.back999Ms(),
            round.backAllMs()
          }) {
        out.format("%9s", Report.millis(reachedMs));
      }
      out.format("%9.0f%9.0f\n", round.perSecondMean(), round.perSecondPeak());
    }
    number = 0;
    for (StormFigures.Round round : figures.rounds()) {
      Latencies beats = round.untouchedLatencies();
      out.format(
          "untouched   %d nodes, storm %d: %d beats answered, p50 %s ms, p99 %s ms, p99.9 %s ms,"
              + " max %s ms\n",
          figures.untouched(),
          ++number,
          round.untouchedBeats(),
          Report.millis(beats.p50Ms()),
          Report.millis(beats.p99Ms()),
          Report.millis(beats.p999Ms()),
          Report.millis(beats.maxMs()));
    }
  }

  private static void verdicts(
      Formatter out, String what, long count, double perNodeHour, FalseVerdicts all) {
    out.format("false %-9s%d in %.2f node-hours", what, count, all.nodeHours());
    if (count > 0) {
      out.format(": %.2f per node-hour\n", perNodeHour);
    } else if (all.nodeHours() > 0) {
      out.format(
          ": < %.2f per node-hour at 95 %%\n", FalseVerdicts.RULE_OF_THREE / all.nodeHours());
    } else {
      out.format("\n");
    }
  }
}
