package io.heartbus.client;

import java.time.Duration;

/** Refuses values out of range in the words that every option uses: the field and its value. */
final class Ranges {
  private Ranges() {}

  static void check(String field, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          field + ": " + value + " is not between " + min + " and " + max);
    }
  }

  static void check(String field, Duration value, Duration min, Duration max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          field + ": " + value + " is not between " + min + " and " + max);
    }
  }
}
