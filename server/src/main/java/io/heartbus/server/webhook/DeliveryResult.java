package io.heartbus.server.webhook;

import java.util.Locale;

/** How a try to tell a receiver something ends; metrics have the names in lower case. */
public enum DeliveryResult {
  /** The answer was 2xx: the receiver has it. */
  TAKEN,
  /** Any other answer. */
  REFUSED,
  /** No whole answer in time. */
  TIMED_OUT,
  /** No connection, or no answer that is HTTP. */
  BROKEN;

  /** As metrics write it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
