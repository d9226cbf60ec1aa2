package io.heartbus.loadtest.compare;

import java.util.List;
import java.util.Locale;

/** The middle and the ends of the same figure over some rounds. Immutable and pure. */
record Spread(double min, double median, double max) {
  private static final double THOUSANDS = 1_000;
  private static final double HUNDREDS = 100;
  private static final double TENS = 10;

  /** The spread of at least one value. */
  static Spread of(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    double median =
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    return new Spread(sorted.getFirst(), median, sorted.getLast());
  }

  /** For people: {@code 21.4 (20.9-22.1)}, or just the one value when they do not differ. */
  @Override
  public String toString() {
    return min == max ? text(median) : "%s (%s-%s)".formatted(text(median), text(min), text(max));
  }

  /** Three digits that count, and all of a larger number. */
  private static String text(double value) {
    double size = Math.abs(value);
    String form;
    if (size >= THOUSANDS) {
      form = "%,.0f";
    } else if (size >= HUNDREDS) {
      form = "%.0f";
    } else if (size >= TENS) {
      form = "%.1f";
    } else {
      form = "%.2f";
    }
    return String.format(Locale.ROOT, form, value);
  }
}
