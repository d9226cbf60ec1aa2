package io.heartbus.loadtest.report;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What the scenarios detect and storm measured. Pure. */
final class DrillTables {
  private DrillTables() {}

  /** Writes the sections of those that the report has. */
  static void write(Markup out, JsonNode report) {
    JsonNode detection = Facts.at(report, "detection");
    if (detection.isObject()) {
      section(
          out,
          "Detection",
          "ms from the fault to the verdict; late: from the deadline, the last frame and the"
              + " timeout");
      detection(detection).write(out);
      skipped(out, detection);
      falseVerdicts(Facts.at(detection, "falseVerdicts")).write(out);
      FigureTables.row("Presence feed", Facts.at(detection, "feed")).write(out);
      out.close();
    }
    JsonNode storm = Facts.at(report, "storm");
    if (storm.isObject()) {
      section(out, "Storms", "from the cut until that share was back, ms");
      storms(storm).write(out);
      if (Facts.number(storm, "untouched") > 0) {
        untouched(storm).write(out);
      }
      out.close();
    }
  }

  private static void section(Markup out, String title, String remark) {
    out.open("section").open("header").element("h2", title).element("small", remark).close();
  }

  private static Table detection(JsonNode detection) {
    Table table =
        new Table(
            "By fault",
            "fault",
            "victims",
            "detected",
            "wrong cause",
            "early",
            "p50",
            "p99",
            "max",
            "late p50",
            "late p99",
            "late max");
    for (JsonNode fault : Facts.at(detection, "faults")) {
      if (!Facts.text(fault, "skipped").isEmpty() && !(Facts.number(fault, "victims") > 0)) {
        continue;
      }
      List<String> row = new ArrayList<>(List.of(Facts.text(fault, "fault")));
      numbers(row, fault, "victims", "detected", "wrongCause", "early");
      numbers(row, fault, "detection.p50Ms", "detection.p99Ms", "detection.maxMs");
      numbers(row, fault, "delay.p50Ms", "delay.p99Ms", "delay.maxMs");
      table.row(row);
    }
    return table;
  }

  private static void skipped(Markup out, JsonNode detection) {
    for (JsonNode fault : Facts.at(detection, "faults")) {
      String why = Facts.text(fault, "skipped");
      if (!why.isEmpty()) {
        out.element("p", Facts.text(fault, "fault") + " skipped: " + why, "class", "none");
      }
    }
  }

  private static Table falseVerdicts(JsonNode wrong) {
    Table table = new Table("False verdicts", "", "verdicts", "node-hours", "per node-hour");
    for (String what : List.of("offline", "suspect")) {
      double most = Facts.number(wrong, what + "PerNodeHourMax");
      String rate =
          Double.isNaN(most)
              ? Numbers.plain(Facts.number(wrong, what + "PerNodeHour"))
              : "under " + Numbers.plain(most) + " at 95 %";
      table.row(
          what,
          Numbers.plain(Facts.number(wrong, what)),
          Numbers.plain(Facts.number(wrong, "nodeHours")),
          rate);
    }
    return table;
  }

  private static Table storms(JsonNode storm) {
    Table table =
        new Table(
            "Nodes that were cut off",
            "storm",
            "dropped",
            "back",
            "busy",
            "failed",
            "50 %",
            "90 %",
            "99 %",
            "99.9 %",
            "all",
            "mean per s",
            "peak per s");
    int number = 0;
    for (JsonNode round : Facts.at(storm, "rounds")) {
      List<String> row = new ArrayList<>();
      row.add(Integer.toString(++number));
      numbers(row, round, "dropped", "back", "busy");
      double failed = 0;
      for (JsonNode count : Facts.at(round, "failures")) {
        failed += Facts.number(count);
      }
      row.add(Numbers.plain(failed));
      numbers(row, round, "back50Ms", "back90Ms", "back99Ms", "back999Ms", "backAllMs");
      numbers(row, round, "perSecondMean", "perSecondPeak");
      table.row(row);
    }
    return table;
  }

  private static Table untouched(JsonNode storm) {
    Table table =
        new Table(
            "Heartbeats of " + Numbers.plain(Facts.number(storm, "untouched")) + " untouched nodes",
            "storm",
            "answered",
            "p50",
            "p99",
            "p99.9",
            "max");
    int number = 0;
    for (JsonNode round : Facts.at(storm, "rounds")) {
      List<String> row = new ArrayList<>();
      row.add(Integer.toString(++number));
      numbers(row, round, "untouchedBeats");
      JsonNode latencies = Facts.at(round, "untouchedLatencies");
      numbers(row, latencies, "p50Ms", "p99Ms", "p999Ms", "maxMs");
      table.row(row);
    }
    return table;
  }

  /** Adds a cell for each of those values. */
  static void numbers(List<String> row, JsonNode node, String... paths) {
    for (String path : paths) {
      row.add(Numbers.plain(Facts.number(node, path)));
    }
  }
}
