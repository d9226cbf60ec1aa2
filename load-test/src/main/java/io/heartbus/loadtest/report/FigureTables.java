package io.heartbus.loadtest.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** The figures of each part of the run, and everything that is needed to run it again. Pure. */
final class FigureTables {
  private FigureTables() {}

  /** Writes the section of the figures. */
  static void writeFigures(Markup out, JsonNode report) {
    out.open("section").open("header").element("h2", "All figures");
    out.element("small", "latencies in ms, from the intended time").close();
    rows(report).write(out);
    generators(report).write(out);
    out.close();
  }

  /** Writes the section of what held. */
  static void writeSetup(Markup out, JsonNode report) {
    out.open("section").open("header").element("h2", "To run it again").close();
    out.element("h3", "Command").open("pre", "tabindex", "0");
    out.open("code").words(Facts.text(report, "command")).close().close();
    machine(report).write(out, "facts");
    facts("Configuration", Facts.at(report, "settings")).write(out, "facts");
    out.close();
  }

  private static Table rows(JsonNode report) {
    Table table =
        new Table(
            "By phase and by kind",
            "",
            "seconds",
            "sent",
            "answered",
            "late",
            "per s",
            "p50",
            "p99",
            "p99.9",
            "max");
    JsonNode connect = Facts.at(report, "connect");
    List<String> connects = new ArrayList<>(List.of("connects"));
    DrillTables.numbers(connects, connect, "seconds");
    DrillTables.numbers(connects, report, "nodes.requested", "nodes.connected");
    connects.add(Numbers.UNKNOWN);
    DrillTables.numbers(connects, connect, "perSecond", "p50Ms", "p99Ms", "p999Ms", "maxMs");
    table.row(connects);
    for (JsonNode phase : Facts.at(report, "phases")) {
      List<String> row = new ArrayList<>(List.of("heartbeats, " + Facts.text(phase, "name")));
      DrillTables.numbers(row, phase, "seconds", "sent", "acked", "late", "perSecond");
      DrillTables.numbers(row, phase, "p50Ms", "p99Ms", "p999Ms", "maxMs");
      table.row(row);
    }
    for (JsonNode flow : Facts.at(report, "messages.flows")) {
      List<String> row = new ArrayList<>(List.of("messages, " + Facts.text(flow, "name")));
      DrillTables.numbers(row, report, "messages.seconds");
      DrillTables.numbers(row, flow, "sent", "received");
      row.add(Numbers.UNKNOWN);
      DrillTables.numbers(row, flow, "receivedPerSecond", "p50Ms", "p99Ms", "p999Ms", "maxMs");
      table.row(row);
    }
    return table;
  }

  private static Table machine(JsonNode report) {
    Table table = new Table("Machine of the load tester");
    table.row("processor", Facts.text(report, "machine.processor"));
    table.row("cores", Facts.text(report, "machine.cores"));
    table.row("memory", Numbers.bytes(Facts.number(report, "machine.memoryBytes")));
    table.row("kernel", Facts.text(report, "machine.kernel"));
    table.row("JDK", Facts.text(report, "machine.jdk"));
    table.row("own memory", Numbers.bytes(Facts.number(report, "generator.rssBytes")));
    String log = Facts.text(report, "hlog");
    if (!log.isEmpty()) {
      table.row("histogram log", log);
    }
    return table;
  }

  /** What an object says, a row each. */
  private static Table facts(String caption, JsonNode object) {
    Table table = new Table(caption);
    for (String name : object.propertyNames()) {
      JsonNode value = object.path(name);
      table.row(name, value.isValueNode() ? Facts.text(value) : value.toString());
    }
    return table;
  }

  private static Table generators(JsonNode report) {
    Table table =
        new Table(
            "Load testers, joined",
            "",
            "nodes",
            "failed",
            "lost",
            "lag p99",
            "lag max",
            "CPU s",
            "memory",
            "machine and command");
    table.prose(8);
    for (JsonNode generator : Facts.at(report, "generators")) {
      List<String> row = new ArrayList<>(List.of(Integer.toString(table.size() + 1)));
      DrillTables.numbers(row, generator, "nodes.connected", "nodes.failed", "nodes.lost");
      JsonNode own = Facts.at(generator, "generator");
      DrillTables.numbers(row, own, "lagP99Ms", "lagMaxMs", "cpuSeconds");
      row.add(Numbers.bytes(Facts.number(own, "rssBytes")));
      row.add(
          "%s x %s: %s"
              .formatted(
                  Facts.text(generator, "machine.cores"),
                  Facts.text(generator, "machine.processor"),
                  Facts.text(generator, "command")));
      table.row(row);
    }
    return table;
  }

  /** What an object says in numbers and texts, as one row with a column for each. */
  static Table row(String caption, JsonNode object) {
    List<String> head = new ArrayList<>();
    List<String> row = new ArrayList<>();
    for (String name : object.propertyNames()) {
      JsonNode value = object.path(name);
      if (value.isNumber() || value.isString()) {
        head.add(words(name));
        row.add(value.isNumber() ? Numbers.plain(Facts.number(value)) : Facts.text(value));
      }
    }
    Table table = new Table(caption, head.toArray(String[]::new));
    if (!row.isEmpty()) {
      table.row(row);
    }
    return table;
  }

  /** As in "gap events", of gapEvents. */
  private static String words(String name) {
    return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }
}
