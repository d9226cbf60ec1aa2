package io.heartbus.loadtest.series;

import java.util.DoubleSummaryStatistics;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The state of a run at one moment, and what happened since the point before. Immutable.
 *
 * @param seconds since the run began
 * @param values those that are known
 */
public record Point(double seconds, String phase, Map<Column, Double> values) {
  private static final double MICROS_PER_MILLI = 1e3;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double MEDIAN = 50;
  private static final double P99 = 99;

  public Point {
    values = Map.copyOf(values);
  }

  /** The point of a tick, and what is known besides. */
  public static Point of(Tick tick, Map<Column, Double> besides) {
    Map<Column, Double> values = new EnumMap<>(Column.class);
    values.putAll(besides);
    values.put(Column.NODES, (double) tick.nodesIn());
    double seconds = tick.seconds();
    if (seconds > 0) {
      values.put(Column.CONNECTS, tick.connects() / seconds);
      values.put(Column.BEATS, tick.beatsSent() / seconds);
      values.put(Column.BEAT_ANSWERS, tick.beatsAnswered() / seconds);
      values.put(Column.MESSAGES_SENT, tick.messagesSent() / seconds);
      values.put(Column.MESSAGES_RECEIVED, tick.messagesReceived() / seconds);
      values.put(Column.ERRORS, tick.errors() / seconds);
    }
    Histogram beats = tick.beatMicros();
    if (beats.getTotalCount() > 0) {
      values.put(Column.BEAT_P50, beats.getValueAtPercentile(MEDIAN) / MICROS_PER_MILLI);
      values.put(Column.BEAT_P99, beats.getValueAtPercentile(P99) / MICROS_PER_MILLI);
      values.put(Column.BEAT_MAX, beats.getMaxValue() / MICROS_PER_MILLI);
    }
    Histogram messages = tick.messageMicros();
    if (messages.getTotalCount() > 0) {
      values.put(Column.MESSAGE_P50, messages.getValueAtPercentile(MEDIAN) / MICROS_PER_MILLI);
      values.put(Column.MESSAGE_P99, messages.getValueAtPercentile(P99) / MICROS_PER_MILLI);
      values.put(Column.MESSAGE_MAX, messages.getMaxValue() / MICROS_PER_MILLI);
    }
    values.put(Column.LAG_MAX, tick.lagMaxNanos() / NANOS_PER_MILLI);
    return new Point(tick.atSeconds(), tick.phase(), values);
  }

  /** Null when it is not known. */
  public @Nullable Double value(Column column) {
    return values.get(column);
  }

  /** Points that follow each other as one; one at least. */
  static Point following(List<Point> points) {
    Point last = points.getLast();
    return new Point(last.seconds, last.phase, reduced(points, Column::inTime));
  }

  /** What several load testers told of one moment; one at least. */
  static Point together(double seconds, String phase, List<Point> points) {
    return new Point(seconds, phase, reduced(points, Column::together));
  }

  private static Map<Column, Double> reduced(
      List<Point> points, Function<Column, Column.Rule> rule) {
    Map<Column, Double> values = new EnumMap<>(Column.class);
    for (Column column : Column.values()) {
      DoubleSummaryStatistics known = new DoubleSummaryStatistics();
      for (Point point : points) {
        Double value = point.values.get(column);
        if (value != null) {
          known.accept(value);
        }
      }
      if (known.getCount() > 0) {
        values.put(
            column,
            switch (rule.apply(column)) {
              case SUM -> known.getSum();
              case MEAN -> known.getAverage();
              case MAX -> known.getMax();
            });
      }
    }
    return values;
  }
}
