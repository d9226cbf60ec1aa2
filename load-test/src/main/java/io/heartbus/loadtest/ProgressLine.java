package io.heartbus.loadtest;

import io.heartbus.loadtest.Scenario.Kind;
import io.heartbus.loadtest.series.Column;
import io.heartbus.loadtest.series.Point;
import io.heartbus.loadtest.series.Tick;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A second of a run as lines for people: rates and percentiles are its own. Pure. */
final class ProgressLine {
  private ProgressLine() {}

  /** The line of a scenario that measures. */
  static String measuring(Tick tick, Point point) {
    return nodes(tick) + beats(point) + errors(point);
  }

  /** The line of a scenario whose messages are measured, too. */
  static String messages(Tick tick, Point point) {
    return nodes(tick)
        + beats(point)
        + String.format(
            Locale.ROOT,
            ", messages %s/s out, %s/s in, p50 %s ms, p99 %s ms",
            rate(point, Column.MESSAGES_SENT),
            rate(point, Column.MESSAGES_RECEIVED),
            millis(point, Column.MESSAGE_P50),
            millis(point, Column.MESSAGE_P99))
        + errors(point);
  }

  /** The line of the demo. */
  static String demo(Tick tick, Point point) {
    return String.format(
        Locale.ROOT,
        "demo: %d of %d nodes connected, %s beats/s, %s messages/s",
        tick.nodesIn(),
        tick.nodesWanted(),
        rate(point, Column.BEATS),
        rate(point, Column.MESSAGES_SENT));
  }

  /** Lines that fit into the narrowest of terminals, the same ones each time. */
  static List<String> block(Kind kind, Tick tick, Point point) {
    List<String> lines = new ArrayList<>();
    lines.add(nodes(tick));
    lines.add(
        String.format(
            Locale.ROOT,
            "  connects    %7s/s, %7s errors/s",
            rate(point, Column.CONNECTS),
            rate(point, Column.ERRORS)));
    lines.add(
        String.format(
            Locale.ROOT,
            "  beats       %7s/s, %7s/s answered, p50 %s, p99 %s ms",
            rate(point, Column.BEATS),
            rate(point, Column.BEAT_ANSWERS),
            millis(point, Column.BEAT_P50),
            millis(point, Column.BEAT_P99)));
    if (kind.messages()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  messages    %7s/s, %7s/s received, p50 %s, p99 %s ms",
              rate(point, Column.MESSAGES_SENT),
              rate(point, Column.MESSAGES_RECEIVED),
              millis(point, Column.MESSAGE_P50),
              millis(point, Column.MESSAGE_P99)));
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "  load tester lag %s ms, %s cores, %s descriptors",
            millis(point, Column.LAG_MAX),
            millis(point, Column.CPU),
            rate(point, Column.DESCRIPTORS)));
    return List.copyOf(lines);
  }

  private static String nodes(Tick tick) {
    return String.format(
        Locale.ROOT,
        "%s %.0f s: %d of %d nodes in, %d failed, %d lost",
        tick.phase(),
        tick.atSeconds(),
        tick.nodesIn(),
        tick.nodesWanted(),
        tick.nodesFailed(),
        tick.nodesLost());
  }

  private static String beats(Point point) {
    return String.format(
        Locale.ROOT,
        ", %s connects/s, %s beats/s, p50 %s ms, p99 %s ms",
        rate(point, Column.CONNECTS),
        rate(point, Column.BEATS),
        millis(point, Column.BEAT_P50),
        millis(point, Column.BEAT_P99));
  }

  private static String errors(Point point) {
    return String.format(
        Locale.ROOT,
        ", %s errors/s, own lag %s ms",
        rate(point, Column.ERRORS),
        millis(point, Column.LAG_MAX));
  }

  private static String millis(Point point, Column column) {
    return Report.millis(point.value(column));
  }

  private static String rate(Point point, Column column) {
    Double value = point.value(column);
    return value == null ? "-" : String.format(Locale.ROOT, "%.0f", value);
  }
}
