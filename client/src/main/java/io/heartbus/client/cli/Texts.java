package io.heartbus.client.cli;

import java.time.Duration;
import java.util.Locale;

/** Quantities as people read them. */
final class Texts {
  private Texts() {}

  /** {@code 350ms}, {@code 10s}, {@code 2.5s}. */
  static String duration(Duration duration) {
    long millis = duration.toMillis();
    if (millis < 1000) {
      return millis + "ms";
    }
    return millis % 1000 == 0
        ? millis / 1000 + "s"
        : String.format(Locale.ROOT, "%.1fs", millis / 1000.0);
  }

  /** {@code 5s}, {@code 3m}, {@code 2h 5m}, {@code 4d 1h}: two units at most. */
  static String age(long seconds) {
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return seconds / 60 + "m";
    }
    if (seconds < 86_400) {
      return seconds / 3600 + "h " + seconds % 3600 / 60 + "m";
    }
    return seconds / 86_400 + "d " + seconds % 86_400 / 3600 + "h";
  }
}
