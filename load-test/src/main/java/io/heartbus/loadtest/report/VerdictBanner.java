package io.heartbus.loadtest.report;

import java.util.List;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/** Whether the run passed, why not, and what was asked beside what was measured. Pure. */
final class VerdictBanner {
  private static final String CHECK = "M5,13L10,18L19,7";
  private static final String CROSS = "M6,6L18,18M18,6L6,18";

  private VerdictBanner() {}

  static void write(Markup out, JsonNode report) {
    boolean isPassed = Facts.at(report, "verdict.passed").asBoolean(false);
    String style = isPassed ? "verdict passed" : "verdict failed";
    out.open("section", "class", style, "aria-labelledby", "verdict").open("header");
    out.open("svg", "viewBox", "0 0 24 24", "aria-hidden", "true");
    out.leaf("path", "d", isPassed ? CHECK : CROSS).close();
    out.element("h2", isPassed ? "Passed" : "Failed", "id", "verdict");
    JsonNode failures = Facts.at(report, "verdict.failures");
    if (failures.isEmpty()) {
      out.element("small", isPassed ? "everything was as asked" : "the report does not say why");
    }
    out.close();
    if (!failures.isEmpty()) {
      out.open("ul", "class", "failures");
      failures.forEach(failure -> out.element("li", Facts.text(failure)));
      out.close();
    }
    bounds(report).write(out, "bounds");
    out.close();
  }

  private static Table bounds(JsonNode report) {
    Table table = new Table("What was asked of the server", "", "asked", "measured");
    boolean isDemo = Facts.text(report, "scenario").equals("demo");
    table.row(
        "Nodes",
        isDemo ? "one at least" : "all " + count(report, "nodes.requested") + ", none lost",
        counts(report, "nodes", "connected", "failed", "lost"));
    if (isDemo) {
      return table;
    }
    if (Facts.number(report, "heartbeats.sent") > 0) {
      table.row(
          "Heartbeats",
          "each answered",
          "%s of %s answered, %s"
              .formatted(
                  count(report, "heartbeats.acked"),
                  count(report, "heartbeats.sent"),
                  counts(report, "heartbeats", "missing", "stray")));
    }
    if (Facts.number(report, "messages.expected") > 0) {
      table.row(
          "Messages",
          "each once, in order, unchanged",
          "%s of %s received, %s"
              .formatted(
                  count(report, "messages.received"),
                  count(report, "messages.expected"),
                  counts(
                      report,
                      "messages",
                      "lost",
                      "dropped",
                      "duplicated",
                      "reordered",
                      "corrupted")));
    }
    if (Facts.at(report, "detection").isObject()) {
      String bound = bound(Facts.text(report, "settings.max-detection"));
      table.row("Verdicts on the dead", bound, detected(report));
    } else {
      p99(report, table);
    }
    return table;
  }

  private static void p99(JsonNode report, Table table) {
    String scenario = Facts.text(report, "scenario");
    String bound = bound(Facts.text(report, "settings.max-p99"));
    if (scenario.equals("storm")) {
      table.row("99 % back", bound, slowestReturn(report));
      return;
    }
    List<String> judged =
        switch (scenario) {
          case "connect" -> List.of("connect");
          case "echo", "fanout" -> List.of("messages");
          case "mixed" -> List.of("heartbeats", "messages");
          default -> List.of("heartbeats");
        };
    StringJoiner measured = new StringJoiner(", ");
    for (String kind : judged) {
      double millis = Facts.number(report, kind + ".p99Ms");
      measured.add((judged.size() > 1 ? kind + " " : "") + Numbers.millis(millis));
    }
    table.row("99th percentile of latency", bound, measured.toString());
  }

  private static String bound(String setting) {
    return setting.isEmpty() || setting.equals("none") ? "no bound" : "at most " + setting;
  }

  private static String slowestReturn(JsonNode report) {
    double slowest = Double.NaN;
    for (JsonNode round : Facts.at(report, "storm.rounds")) {
      slowest = larger(slowest, Facts.number(round, "back99Ms"));
    }
    return "after " + Numbers.millis(slowest) + " in the slowest storm";
  }

  private static String detected(JsonNode report) {
    double latest = Double.NaN;
    double early = 0;
    double missed = 0;
    for (JsonNode fault : Facts.at(report, "detection.faults")) {
      double delay = Facts.number(fault, "delay.maxMs");
      latest = larger(latest, Double.isNaN(delay) ? Facts.number(fault, "detection.maxMs") : delay);
      early += orZero(Facts.number(fault, "early"));
      missed += orZero(Facts.number(fault, "victims") - Facts.number(fault, "detected"));
    }
    return "latest after %s, %s false, %s early, %s missed"
        .formatted(
            Numbers.millis(latest),
            count(report, "detection.falseVerdicts.offline"),
            Numbers.plain(early),
            Numbers.plain(missed));
  }

  private static double orZero(double number) {
    return Double.isNaN(number) ? 0 : number;
  }

  private static double larger(double one, double other) {
    return Double.isNaN(one) || other > one ? other : one;
  }

  private static String count(JsonNode report, String path) {
    return Numbers.plain(Facts.number(report, path));
  }

  /** As in "3 lost, 0 dropped". */
  private static String counts(JsonNode report, String path, String... names) {
    StringJoiner counts = new StringJoiner(", ");
    for (String name : names) {
      counts.add(count(report, path + "." + name) + " " + name);
    }
    return counts.toString();
  }
}
