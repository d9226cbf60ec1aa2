package io.heartbus.loadtest.report;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What a chart draws of one key: the least, the mean and the most at each point, NaN where nothing
 * is known. Immutable.
 */
record Column(List<Double> low, List<Double> mean, List<Double> high) {
  Column {
    low = List.copyOf(low);
    mean = List.copyOf(mean);
    high = List.copyOf(high);
  }

  /**
   * Makes one point of so many values each; what is missing, negative or no number is not known.
   */
  static Column of(JsonNode values, int samples, int samplesPerPoint) {
    List<Double> low = new ArrayList<>();
    List<Double> mean = new ArrayList<>();
    List<Double> high = new ArrayList<>();
    for (int from = 0; from < samples; from += samplesPerPoint) {
      double least = Double.POSITIVE_INFINITY;
      double most = -1;
      double sum = 0;
      int known = 0;
      for (int i = from; i < Math.min(samples, from + samplesPerPoint); i++) {
        double value = Facts.number(values.path(i));
        if (value >= 0) {
          least = Math.min(least, value);
          most = Math.max(most, value);
          sum += value;
          known++;
        }
      }
      low.add(known > 0 ? least : Double.NaN);
      mean.add(known > 0 ? sum / known : Double.NaN);
      high.add(known > 0 ? most : Double.NaN);
    }
    return new Column(low, mean, high);
  }

  /** Whether points stand for several values that differ. */
  boolean isRange() {
    return !low.equals(high);
  }

  /** The most alone. */
  Column peaks() {
    return new Column(high, high, high);
  }

  /** The same in another unit. */
  Column times(double factor) {
    return new Column(times(low, factor), times(mean, factor), times(high, factor));
  }

  private static List<Double> times(List<Double> values, double factor) {
    return values.stream().map(value -> value * factor).toList();
  }

  /** The most of all; NaN when nothing is known. */
  double max() {
    return high.stream()
        .mapToDouble(Double::doubleValue)
        .filter(value -> !Double.isNaN(value))
        .max()
        .orElse(Double.NaN);
  }

  /** The least of all that are over zero; NaN when there is none. */
  double minPositive() {
    return low.stream()
        .mapToDouble(Double::doubleValue)
        .filter(value -> value > 0)
        .min()
        .orElse(Double.NaN);
  }
}
