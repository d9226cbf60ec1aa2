package io.heartbus.loadtest.report;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What was seen second by second, with the phases of the run. Immutable. Of a long run, several
 * samples are one point: their mean, and the least and the most, so that no peak is lost.
 */
final class Recording {
  /** More would be finer than a screen. */
  static final int POINTS_MAX = 360;

  private final JsonNode series;
  private final int samples;
  private final int samplesPerPoint;
  private final List<Double> seconds;
  private final List<Phase> phases = new ArrayList<>();
  private final TimeAxis axis;

  /** A part of the run; times are since its beginning. */
  record Phase(String name, double fromSeconds, double toSeconds) {
    String text() {
      return "%s %s to %s"
          .formatted(name, Numbers.seconds(fromSeconds), Numbers.seconds(toSeconds));
    }
  }

  Recording(JsonNode report) {
    this.series = report.path("series");
    this.samples = series.path("seconds").size();
    this.samplesPerPoint = Math.max(1, Math.ceilDiv(samples, POINTS_MAX));
    this.seconds = column("seconds").low();
    double end = column("seconds").max();
    for (JsonNode phase : report.path("phases")) {
      double from = Facts.number(phase, "fromSeconds");
      double to = Facts.number(phase, "toSeconds");
      if (to > from && from >= 0) {
        phases.add(new Phase(Facts.text(phase, "name"), from, to));
        end = end >= to ? end : to;
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
  List<Double> seconds() {
    return seconds;
  }

  /** The values of that key, one for each point; NaN where none is known. */
  Column column(String key) {
    return Column.of(series.path(key), samples, samplesPerPoint);
  }
}
