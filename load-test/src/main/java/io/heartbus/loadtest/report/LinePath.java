package io.heartbus.loadtest.report;

import io.heartbus.loadtest.report.Timeline.Column;
import java.util.Locale;

/**
 * A column of values as the path of an SVG, on a ground of {@link #WIDTH} by {@link #HEIGHT}. It
 * breaks where no value is known; a lone value is a dot. Pure.
 */
final class LinePath {
  static final int WIDTH = 1000;
  static final int HEIGHT = 128;

  private LinePath() {}

  /** The path; empty when nothing is known. */
  static String of(Column column, double[] seconds, TimeAxis time, Axis axis) {
    StringBuilder path = new StringBuilder();
    boolean drawing = false;
    for (int i = 0; i < seconds.length; i++) {
      double low = column.low()[i];
      double high = column.high()[i];
      if (Double.isNaN(low) || Double.isNaN(seconds[i])) {
        drawing = false;
        continue;
      }
      String x = coordinate(time.share(seconds[i]) * WIDTH);
      path.append(drawing ? 'L' : 'M').append(x).append(',').append(y(axis, high));
      if (low < high) {
        path.append('V').append(y(axis, low));
      } else if (!drawing) {
        // Round caps make a dot of it, should nothing follow.
        path.append("h0.1");
      }
      drawing = true;
    }
    return path.toString();
  }

  private static String y(Axis axis, double value) {
    return coordinate((1 - axis.share(value)) * HEIGHT);
  }

  /** A tenth of a pixel is enough. */
  static String coordinate(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
