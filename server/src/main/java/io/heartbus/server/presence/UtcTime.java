package io.heartbus.server.presence;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** A moment as text: ISO-8601 in UTC, always with milliseconds. Pure. */
public final class UtcTime {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private UtcTime() {}

  /** The text of that wall clock time. */
  public static String text(long epochMs) {
    return FORMAT.format(Instant.ofEpochMilli(epochMs));
  }
}
