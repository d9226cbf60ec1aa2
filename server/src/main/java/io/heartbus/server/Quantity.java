package io.heartbus.server;

/** Durations and sizes as a person writes them, in a form that the configuration reads back. */
final class Quantity {
  private static final long KIB = 1024;
  private static final long MIB = KIB * KIB;
  private static final long SECOND_MS = 1000;
  private static final long MINUTE_MS = 60 * SECOND_MS;
  private static final long HOUR_MS = 60 * MINUTE_MS;

  private Quantity() {}

  static String duration(long ms) {
    if (ms == 0 || ms % SECOND_MS != 0) {
      return ms + " ms";
    }
    if (ms % MINUTE_MS != 0) {
      return ms / SECOND_MS + " s";
    }
    return ms % HOUR_MS != 0 ? ms / MINUTE_MS + " m" : ms / HOUR_MS + " h";
  }

  static String size(long bytes) {
    if (bytes == 0 || bytes % KIB != 0) {
      return bytes + " B";
    }
    return bytes % MIB != 0 ? bytes / KIB + " KiB" : bytes / MIB + " MiB";
  }
}
