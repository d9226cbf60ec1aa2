package io.heartbus.loadtest.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The time since the run began, which all charts share. Immutable and pure.
 *
 * @param endSeconds where it ends; it begins at 0
 * @param stepSeconds between two labels
 */
record TimeAxis(double endSeconds, double stepSeconds) {
  private static final int STEPS_MAX = 5;
  private static final double[] STEPS_SECONDS = {
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400
  };
  private static final double SECONDS_PER_DAY = 86_400;

  /** Up to here seconds are counted on. */
  private static final double PLAIN_SECONDS_MAX = 180;

  private static final double MINUTES_MAX_SECONDS = 7200;

  /** The axis of a run that was so long. */
  static TimeAxis to(double seconds) {
    double end = seconds > 0 ? seconds : 1;
    double least = end / STEPS_MAX;
    if (least < STEPS_SECONDS[0]) {
      return new TimeAxis(end, Axis.roundUp(least));
    }
    for (double step : STEPS_SECONDS) {
      if (step >= least) {
        return new TimeAxis(end, step);
      }
    }
    return new TimeAxis(end, SECONDS_PER_DAY * Axis.roundUp(least / SECONDS_PER_DAY));
  }

  /** Times worth a label, in seconds. */
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    for (int i = 0; i * stepSeconds <= endSeconds; i++) {
      ticks.add(i * stepSeconds);
    }
    return ticks;
  }

  /** How far along it is, from 0 to 1. */
  double share(double seconds) {
    return Math.clamp(seconds / endSeconds, 0.0, 1.0);
  }

  /** 20 s, 4:30 or 2:15 h, as the length of the axis asks for. */
  String label(double seconds) {
    if (seconds == 0) {
      return "0";
    }
    if (endSeconds <= PLAIN_SECONDS_MAX) {
      return Numbers.brief(seconds) + " s";
    }
    long whole = Math.round(seconds);
    if (endSeconds <= MINUTES_MAX_SECONDS) {
      return stepSeconds % 60 == 0
          ? whole / 60 + " min"
          : String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
    }
    return stepSeconds % 3600 == 0
        ? whole / 3600 + " h"
        : String.format(Locale.ROOT, "%d:%02d h", whole / 3600, whole / 60 % 60);
  }
}
