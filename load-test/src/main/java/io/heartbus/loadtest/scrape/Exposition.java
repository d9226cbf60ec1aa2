package io.heartbus.loadtest.scrape;

import io.heartbus.loadtest.series.Column;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one answer of a server's {@code /metrics} says, of what a report has a place for. Immutable
 * and pure.
 *
 * @param levels that hold at that moment
 * @param totals that only grow: a rate is what they grew by
 */
record Exposition(Map<Column, Double> levels, Map<Column, Double> totals) {
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][\\w:]*)(\\{[^}]*})? +(\\S+)(?: .*)?");

  /** Collectors that work beside the application tell of their cycles, which are no pauses. */
  private static final Pattern CONCURRENT = Pattern.compile("gc=\"[^\"]*(Cycles|Concurrent)");

  Exposition {
    levels = Map.copyOf(levels);
    totals = Map.copyOf(totals);
  }

  /** Reads the text format of Prometheus; lines that nobody needs are skipped. */
  static Exposition parse(String text) {
    Map<Column, Double> levels = new EnumMap<>(Column.class);
    Map<Column, Double> totals = new EnumMap<>(Column.class);
    text.lines()
        .map(SAMPLE::matcher)
        .filter(Matcher::matches)
        .forEach(sample -> enter(sample, levels, totals));
    return new Exposition(levels, totals);
  }

  /** What a report tells of it, with the rates since the answer that came so long before. */
  Map<Column, Double> since(Exposition before, double seconds) {
    Map<Column, Double> values = new EnumMap<>(Column.class);
    values.putAll(levels);
    totals.forEach((column, total) -> {
      Double earlier = before.totals.get(column);
      // One that shrank is another process's.
      if (earlier != null && total >= earlier && seconds > 0) {
        values.put(column, (total - earlier) / seconds);
      }
    });
    return values;
  }

  private static void enter(
      Matcher sample, Map<Column, Double> levels, Map<Column, Double> totals) {
    String labels = sample.group(2) == null ? "" : sample.group(2);
    switch (sample.group(1)) {
      case "heartbeat_nodes_online" -> add(levels, Column.SERVER_NODES, sample);
      case "process_cpu_seconds_total" -> add(totals, Column.SERVER_CPU, sample);
      case "process_resident_memory_bytes" -> add(levels, Column.SERVER_RSS, sample);
      case "jvm_memory_bytes_used", "jvm_memory_used_bytes" -> {
        if (labels.contains("area=\"heap\"")) {
          add(levels, Column.SERVER_HEAP, sample);
        }
      }
      case "jvm_gc_collection_seconds_sum" -> {
        if (!CONCURRENT.matcher(labels).find()) {
          add(totals, Column.SERVER_GC, sample);
        }
      }
      case "heartbeat_channel_queue_messages" -> add(levels, Column.SERVER_QUEUE, sample);
      default -> {}
    }
  }

  private static void add(Map<Column, Double> values, Column column, Matcher sample) {
    try {
      double value = Double.parseDouble(sample.group(3));
      if (Double.isFinite(value)) {
        values.merge(column, value, Double::sum);
      }
    } catch (NumberFormatException e) {
      // Not this server's way to write a number: the value stays unknown.
      return;
    }
  }
}
