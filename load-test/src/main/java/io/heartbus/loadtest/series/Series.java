package io.heartbus.loadtest.series;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The points of a run in order, in bounded memory: as many seconds as the longest run has are told
 * by at most {@link #POINTS_MAX} points, of which each stands for more and more seconds. Rates of
 * several seconds are their mean; percentiles and levels are the highest of them. Not thread-safe.
 */
public final class Series {
  /** When there would be more, neighbours become one, and a step twice as long. */
  public static final int POINTS_MAX = 3_600;

  private static final double ROUNDING = 1e6;

  private final List<Point> points = new ArrayList<>();
  private final List<Point> step = new ArrayList<>();
  private int stepSeconds = 1;

  /** Nothing yet. */
  public Series() {}

  /** The next second. */
  public void add(Point second) {
    step.add(second);
    if (step.size() == stepSeconds) {
      end();
    }
  }

  /** No second comes any more: the step that is under way is as long as it is. */
  public void end() {
    if (step.isEmpty()) {
      return;
    }
    if (points.size() == POINTS_MAX) {
      widen();
    }
    points.add(Point.following(step));
    step.clear();
  }

  /** For how many seconds a point stands. */
  public int stepSeconds() {
    return stepSeconds;
  }

  /** All points, in order. */
  public List<Point> points() {
    return List.copyOf(points);
  }

  /**
   * What several load testers told of the same time, as if they were one. Rates and levels are
   * sums; percentiles, and what they saw of the server, are the highest of any.
   *
   * @param offsetSeconds how much later than the first each of them began
   * @param phases in order: at any moment it is the phase of the one that is behind the others
   */
  public static Series together(List<Series> all, List<Double> offsetSeconds, List<String> phases) {
    int step = all.stream().mapToInt(Series::stepSeconds).max().orElse(1);
    SortedMap<Long, List<Point>> slots = new TreeMap<>();
    for (int i = 0; i < all.size(); i++) {
      double offset = offsetSeconds.get(i);
      Map<Long, List<Point>> own = new TreeMap<>();
      for (Point point : all.get(i).points) {
        long slot = Math.round((point.seconds() + offset) / step);
        own.computeIfAbsent(slot, _ -> new ArrayList<>()).add(point);
      }
      own.forEach((slot, points) ->
          slots.computeIfAbsent(slot, _ -> new ArrayList<>()).add(Point.following(points)));
    }
    Series joined = new Series();
    joined.stepSeconds = step;
    slots.forEach((slot, points) -> {
      int behind = points.stream().mapToInt(point -> phases.indexOf(point.phase())).min().orElse(0);
      String phase = phases.get(Math.max(0, behind));
      joined.points.add(Point.together((double) slot * step, phase, points));
    });
    while (joined.points.size() > POINTS_MAX) {
      joined.widen();
    }
    return joined;
  }

  /** Half as many points, each for twice as long. */
  private void widen() {
    List<Point> all = List.copyOf(points);
    points.clear();
    for (int i = 0; i < all.size(); i += 2) {
      points.add(Point.following(all.subList(i, Math.min(i + 2, all.size()))));
    }
    stepSeconds *= 2;
  }

  /** The columns of the JSON report; null stands where nothing is known. */
  @JsonValue
  Map<String, Object> columns() {
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("stepSeconds", stepSeconds);
    columns.put("seconds", points.stream().map(point -> rounded(point.seconds())).toList());
    columns.put("phase", points.stream().map(Point::phase).toList());
    for (Column column : Column.values()) {
      columns.put(
          column.key(), points.stream().map(point -> rounded(point.value(column))).toList());
    }
    return columns;
  }

  /**
   * The series that has those columns.
   *
   * @throws IllegalArgumentException when that is none
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Series of(Map<String, Object> columns) {
    Series series = new Series();
    if (!(columns.get("stepSeconds") instanceof Integer step) || step < 1) {
      throw new IllegalArgumentException("a series without stepSeconds");
    }
    series.stepSeconds = step;
    List<?> seconds = list(columns, "seconds");
    List<?> phases = list(columns, "phase");
    for (int i = 0; i < seconds.size(); i++) {
      Map<Column, Double> values = new EnumMap<>(Column.class);
      for (Column column : Column.values()) {
        if (columns.containsKey(column.key())
            && place(list(columns, column.key()), i) instanceof Number value) {
          values.put(column, value.doubleValue());
        }
      }
      if (!(seconds.get(i) instanceof Number at)) {
        throw new IllegalArgumentException("a series whose point " + i + " has no time");
      }
      String phase = String.valueOf(place(phases, i));
      series.points.add(new Point(at.doubleValue(), phase, values));
    }
    return series;
  }

  private static List<?> list(Map<String, Object> columns, String key) {
    if (columns.get(key) instanceof List<?> list) {
      return list;
    }
    throw new IllegalArgumentException("a series without " + key);
  }

  private static @Nullable Object place(List<?> list, int index) {
    return index < list.size() ? list.get(index) : null;
  }

  private static @Nullable Number rounded(@Nullable Double value) {
    if (value == null) {
      return null;
    }
    double rounded = Math.rint(value * ROUNDING) / ROUNDING;
    if (rounded == Math.rint(rounded)) {
      return (long) rounded;
    }
    return rounded;
  }
}
