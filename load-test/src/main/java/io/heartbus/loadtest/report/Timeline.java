package io.heartbus.loadtest.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What was seen second by second, with the phases of the run. Immutable. Of a long run, several
 * samples are one point: their mean, and the least and the most, so that no peak is lost.
 */
final class Timeline {
  /** More would be finer than a screen. */
  static final int POINTS_MAX = 360;

  private final JsonNode series;
  private final int samples;
  private final int samplesPerPoint;
  private final double[] seconds;
  private final List<Phase> phases = new ArrayList<>();
  private final TimeAxis axis;

  /** A part of the run; times are since its beginning. */
  record Phase(String name, double fromSeconds, double toSeconds) {
    String text() {
      return "%s %s to %s"
          .formatted(name, Numbers.seconds(fromSeconds), Numbers.seconds(toSeconds));
    }
  }

  /** What a chart draws of one key: the least, the mean and the most at each point. */
  record Column(double[] low, double[] mean, double[] high) {
    /** Whether points stand for several samples that differ. */
    boolean isRange() {
      return !Arrays.equals(low, high);
    }

    /** The most alone. */
    Column peaks() {
      return new Column(high, high, high);
    }

    /** The same in another unit. */
    Column times(double factor) {
      return new Column(times(low, factor), times(mean, factor), times(high, factor));
    }

    private static double[] times(double[] values, double factor) {
      return Arrays.stream(values).map(value -> value * factor).toArray();
    }

    /** The most of all; NaN when nothing is known. */
    double max() {
      return Arrays.stream(high).filter(value -> !Double.isNaN(value)).max().orElse(Double.NaN);
    }

    /** The least of all that are over zero; NaN when there is none. */
    double minPositive() {
      return Arrays.stream(low).filter(value -> value > 0).min().orElse(Double.NaN);
    }
  }

  Timeline(JsonNode report) {
    this.series = report.path("series");
    this.samples = series.path("seconds").size();
    this.samplesPerPoint = Math.max(1, Math.ceilDiv(samples, POINTS_MAX));
    this.seconds = column("seconds").low();
    double end = Arrays.stream(seconds).filter(at -> !Double.isNaN(at)).max().orElse(0);
    for (JsonNode phase : report.path("phases")) {
      double from = Facts.number(phase, "fromSeconds");
      double to = Facts.number(phase, "toSeconds");
      if (to > from && from >= 0) {
        phases.add(new Phase(Facts.text(phase, "name"), from, to));
        end = Math.max(end, to);
      }
    }
    this.axis = TimeAxis.to(end);
  }

  /** Whether there is anything to draw. */
  boolean isEmpty() {
    return samples == 0;
  }

  /** How many samples a point stands for. */
  int samplesPerPoint() {
    return samplesPerPoint;
  }

  TimeAxis axis() {
    return axis;
  }

  List<Phase> phases() {
    return List.copyOf(phases);
  }

  /** When each point begins, since the beginning of the run. */
  double[] seconds() {
    return seconds.clone();
  }

  /** The values of that key, one for each point; NaN where none is known. */
  Column column(String key) {
    JsonNode values = series.path(key);
    int points = Math.ceilDiv(samples, samplesPerPoint);
    double[] low = new double[points];
    double[] high = new double[points];
    double[] sum = new double[points];
    int[] known = new int[points];
    Arrays.fill(low, Double.NaN);
    Arrays.fill(high, Double.NaN);
    for (int i = 0; i < Math.min(samples, values.size()); i++) {
      double value = Facts.number(values.path(i));
      int point = i / samplesPerPoint;
      if (value >= 0) {
        low[point] = low[point] <= value ? low[point] : value;
        high[point] = high[point] >= value ? high[point] : value;
        sum[point] += value;
        known[point]++;
      }
    }
    for (int point = 0; point < points; point++) {
      // Without any, NaN.
      sum[point] /= known[point];
    }
    return new Column(low, sum, high);
  }
}
