package io.heartbus.loadtest.report;

import java.util.List;
import java.util.Locale;

/**
 * Values over time as the paths of an SVG, on a ground of {@link #WIDTH} by {@link #HEIGHT}. It
 * breaks where no value is known; a lone value is a dot. Pure.
 */
final class LinePath {
  static final int WIDTH = 1000;
  static final int HEIGHT = 128;

  private LinePath() {}

  /** The line through those values; empty when nothing is known. */
  static String line(List<Double> values, List<Double> seconds, TimeAxis time, Axis axis) {
    StringBuilder path = new StringBuilder();
    boolean isDrawing = false;
    for (int i = 0; i < seconds.size(); i++) {
      if (!isKnown(values, seconds, i)) {
        isDrawing = false;
        continue;
      }
      append(path, isDrawing ? 'L' : 'M', time.share(seconds.get(i)), axis.share(values.get(i)));
      if (!isDrawing) {
        // Round caps make a dot of it, should nothing follow.
        path.append("h0.1");
      }
      isDrawing = true;
    }
    return path.toString();
  }

  /** Those values that have no neighbour to draw a line to. */
  static String dots(List<Double> values, List<Double> seconds, TimeAxis time, Axis axis) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < seconds.size(); i++) {
      if (isKnown(values, seconds, i)
          && !isKnown(values, seconds, i - 1)
          && !isKnown(values, seconds, i + 1)) {
        append(path, 'M', time.share(seconds.get(i)), axis.share(values.get(i)));
        path.append("h0.1");
      }
    }
    return path.toString();
  }

  private static boolean isKnown(List<Double> values, List<Double> seconds, int i) {
    return i >= 0
        && i < seconds.size()
        && !Double.isNaN(values.get(i))
        && !Double.isNaN(seconds.get(i));
  }

  /** The ground between the least and the most. */
  static String band(Column column, List<Double> seconds, TimeAxis time, Axis axis) {
    StringBuilder path = new StringBuilder();
    int from = 0;
    for (int to = 0; to <= seconds.size(); to++) {
      if (to < seconds.size()
          && !Double.isNaN(column.low().get(to))
          && !Double.isNaN(seconds.get(to))) {
        continue;
      }
      for (int i = from; i < to; i++) {
        append(
            path,
            i == from ? 'M' : 'L',
            time.share(seconds.get(i)),
            axis.share(column.high().get(i)));
      }
      for (int i = to - 1; i >= from; i--) {
        append(path, 'L', time.share(seconds.get(i)), axis.share(column.low().get(i)));
      }
      path.append(to > from ? "Z" : "");
      from = to + 1;
    }
    return path.toString();
  }

  private static void append(StringBuilder path, char command, double along, double up) {
    path.append(command).append(coordinate(along * WIDTH)).append(',');
    path.append(coordinate((1 - up) * HEIGHT));
  }

  /** A tenth of a pixel is enough. */
  static String coordinate(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
