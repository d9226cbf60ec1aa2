package io.heartbus.loadtest.report;

import java.util.ArrayList;
import java.util.List;

/**
 * The scale of a chart: where a value is, and which values are worth a label. Immutable and pure.
 *
 * @param low where it begins
 * @param high where it ends, above {@code low}
 * @param ticks values on it, rising
 */
record Axis(double low, double high, boolean logarithmic, List<Double> ticks) {
  private static final double VALUE_MIN = 1e-9;
  private static final double VALUE_MAX = 1e200;

  private static final int STEPS_MAX = 4;
  private static final int DECADES_MAX = 6;

  /** Over so many decades their beginnings alone are labelled. */
  private static final double DECADES_DENSE_MAX = 2.01;

  /** Labels nearer than this part of the axis would touch. */
  private static final double APART_MIN = 0.14;

  /** Rounding must not move a value that is a round one already. */
  private static final double ROUNDING = 1e-9;

  Axis {
    ticks = List.copyOf(ticks);
  }

  /** From zero to a round number at or above {@code max}; NaN and zero make an axis to 1. */
  static Axis linear(double max) {
    if (!(max >= VALUE_MIN)) {
      return new Axis(0, 1, false, List.of(0.0, 1.0));
    }
    double step = roundUp(Math.min(max, VALUE_MAX) / STEPS_MAX);
    int steps = (int) Math.ceil(Math.min(max, VALUE_MAX) / step - ROUNDING);
    List<Double> ticks = new ArrayList<>();
    for (int i = 0; i <= steps; i++) {
      ticks.add(i * step);
    }
    return new Axis(0, steps * step, false, ticks);
  }

  /**
   * Logarithmic, between round numbers around both, which are positive; NaN for both when there is
   * nothing to show.
   */
  static Axis logarithmic(double min, double max) {
    double least = Double.isNaN(min) ? 1 : Math.clamp(min, VALUE_MIN, VALUE_MAX);
    double most = Double.isNaN(max) ? least : Math.clamp(max, least, VALUE_MAX);
    double low = roundDown(least);
    double high = roundUp(most);
    if (high / low < 2 - ROUNDING) {
      high = roundUp(low * 2);
    }
    return new Axis(low, high, true, logarithmicTicks(low, high));
  }

  private static List<Double> logarithmicTicks(double low, double high) {
    int from = (int) Math.floor(Math.log10(low) + ROUNDING);
    int to = (int) Math.floor(Math.log10(high) + ROUNDING);
    double decades = Math.log10(high / low);
    int stride = (int) Math.ceil(Math.max(1, decades / DECADES_MAX));
    List<Double> ticks = new ArrayList<>();
    for (int decade = from; decade <= to; decade += stride) {
      for (int digit : decades <= DECADES_DENSE_MAX ? new int[] {1, 2, 5} : new int[] {1}) {
        double tick = digit * power(decade);
        if (tick >= low * (1 - ROUNDING) && tick <= high * (1 + ROUNDING)) {
          ticks.add(tick);
        }
      }
    }
    double apart = decades * APART_MIN;
    if (Math.log10(ticks.getFirst() / low) > apart) {
      ticks.addFirst(low);
    }
    if (Math.log10(high / ticks.getLast()) > apart) {
      ticks.addLast(high);
    }
    return ticks;
  }

  /** How far along it is, from 0 to 1; what is outside is at the nearer end. */
  double share(double value) {
    double share =
        logarithmic
            ? Math.log10(Math.max(value, low) / low) / Math.log10(high / low)
            : (value - low) / (high - low);
    return Math.clamp(share, 0.0, 1.0);
  }

  /** The next of 1, 2, 5, 10, 20 and so on, at or above that. */
  static double roundUp(double value) {
    int decade = decade(value);
    for (int digit : new int[] {1, 2, 5}) {
      if (digit * power(decade) >= value * (1 - ROUNDING)) {
        return digit * power(decade);
      }
    }
    return power(decade + 1);
  }

  private static double roundDown(double value) {
    int decade = decade(value);
    for (int digit : new int[] {5, 2}) {
      if (digit * power(decade) <= value * (1 + ROUNDING)) {
        return digit * power(decade);
      }
    }
    return power(decade);
  }

  private static int decade(double value) {
    return (int) Math.floor(Math.log10(value) + ROUNDING);
  }

  /** Math.pow is a bit off where the text is not. */
  private static double power(int decade) {
    return Double.parseDouble("1e" + decade);
  }
}
