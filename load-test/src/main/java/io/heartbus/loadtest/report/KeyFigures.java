package io.heartbus.loadtest.report;

import tools.jackson.databind.JsonNode;

/** The numbers that people look for first, as tiles. Pure. */
final class KeyFigures {
  private KeyFigures() {}

  static void write(Markup out, JsonNode report, Recording recording) {
    out.open("dl", "aria-label", "Key figures");
    tile(
        out,
        "Nodes connected",
        Numbers.plain(Facts.number(report, "nodes.connected")),
        "of " + Numbers.plain(Facts.number(report, "nodes.requested")));
    tile(
        out,
        "Connects",
        Numbers.perSecond(Facts.number(report, "connect.perSecond")),
        "p99 " + Numbers.millis(Facts.number(report, "connect.p99Ms")));
    double seconds = Facts.number(report, "seconds");
    double beats = Facts.number(report, "heartbeats.sent");
    if (beats > 0) {
      tile(
          out,
          "Heartbeats",
          Numbers.perSecond(seconds > 0 ? beats / seconds : Double.NaN),
          "%s sent, %s late"
              .formatted(
                  Numbers.plain(beats), Numbers.plain(Facts.number(report, "heartbeats.late"))));
      latency(out, "Heartbeat p99", Facts.at(report, "heartbeats"));
    }
    if (Facts.number(report, "messages.sent") > 0) {
      tile(
          out,
          "Messages received",
          Numbers.perSecond(Facts.number(report, "messages.receivedPerSecond")),
          Numbers.perSecond(Facts.number(report, "messages.perSecond")) + " sent");
      if (!Double.isNaN(Facts.number(report, "messages.p99Ms"))) {
        latency(out, "Message p99", Facts.at(report, "messages"));
      }
    }
    JsonNode own = Facts.at(report, "generator");
    tile(
        out,
        "Lag of the load tester, p99",
        Numbers.millis(Facts.number(own, "lagP99Ms")),
        "max %s, CPU %s"
            .formatted(
                Numbers.millis(Facts.number(own, "lagMaxMs")),
                Numbers.with("s", Facts.number(own, "cpuSeconds"))));
    if (!recording.isEmpty()) {
      server(out, recording);
    }
    out.close();
  }

  private static void server(Markup out, Recording recording) {
    double cores = recording.column("serverCpuCores").max();
    double resident = recording.column("serverRssBytes").max();
    double heap = recording.column("serverHeapBytes").max();
    if (!Double.isNaN(resident)) {
      tile(
          out,
          "Server memory, peak",
          Numbers.bytes(resident),
          "heap %s, CPU %s".formatted(Numbers.bytes(heap), Numbers.with("cores", cores)));
    }
  }

  private static void latency(Markup out, String title, JsonNode of) {
    tile(
        out,
        title,
        Numbers.millis(Facts.number(of, "p99Ms")),
        "p50 %s, p99.9 %s, max %s"
            .formatted(
                Numbers.plain(Facts.number(of, "p50Ms")),
                Numbers.plain(Facts.number(of, "p999Ms")),
                Numbers.plain(Facts.number(of, "maxMs"))));
  }

  private static void tile(Markup out, String title, String value, String remark) {
    out.open("div").element("dt", title).open("dd").text(value + " ");
    // A number, its name and its unit stay on one line: they break at commas only.
    out.element("small", remark.replaceAll("(?<!,) ", "\u00a0")).close().close();
  }
}
