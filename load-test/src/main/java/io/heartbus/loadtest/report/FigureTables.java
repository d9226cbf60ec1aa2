package io.heartbus.loadtest.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The figures of each part of the run, and everything that is needed to run it again. Pure. */
final class FigureTables {
  private FigureTables() {}

  /** Writes the section of the figures. */
  static void writeFigures(Markup out, JsonNode report) {
    out.open("section").open("header").element("h2", "All figures");
    out.element("small", "latencies in ms, from the intended time").close();
    rows(report).write(out);
    List<JsonNode> generators = new ArrayList<>();
    Facts.at(report, "generators").forEach(generators::add);
    objects("Load testers, joined", generators).write(out);
    out.close();
  }

  /** Writes the section of what held. */
  static void writeSetup(Markup out, JsonNode report) {
    out.open("section").open("header").element("h2", "To run it again").close();
    out.element("h3", "Command").open("pre", "tabindex", "0");
    out.open("code");
    // Each in one piece: a line that breaks within a flag reads as two.
    for (String word : Facts.text(report, "command").split(" ", -1)) {
      out.element("span", word).text(" ");
    }
    out.close().close();
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

  /** A row for each object and a column for each number or text in any, or one level below. */
  static Table objects(String caption, List<JsonNode> objects) {
    Set<String> paths = new LinkedHashSet<>();
    objects.forEach(object -> collect(object, "", paths));
    List<String> head = new ArrayList<>(paths.stream().map(FigureTables::words).toList());
    if (objects.size() > 1) {
      head.addFirst("");
    }
    Table table = new Table(caption, head.toArray(String[]::new));
    for (int i = 0; i < objects.size() && !paths.isEmpty(); i++) {
      List<String> row = new ArrayList<>();
      if (objects.size() > 1) {
        row.add(Integer.toString(i + 1));
      }
      for (String path : paths) {
        JsonNode value = Facts.at(objects.get(i), path);
        row.add(value.isNumber() ? Numbers.plain(Facts.number(value)) : Facts.text(value));
      }
      table.row(row);
    }
    return table;
  }

  /** As in "lag p99 ms", of lagP99Ms. */
  private static String words(String path) {
    return path.replace('.', ' ')
        .replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ")
        .toLowerCase(Locale.ROOT);
  }

  private static void collect(JsonNode object, String prefix, Set<String> paths) {
    for (String name : object.propertyNames()) {
      JsonNode value = object.path(name);
      String path = prefix + name;
      if (value.isObject() && prefix.isEmpty()) {
        collect(value, path + ".", paths);
      } else if (value.isNumber() || value.isString() || value.isBoolean()) {
        paths.add(path);
      }
    }
  }
}
