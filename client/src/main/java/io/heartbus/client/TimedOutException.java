package io.heartbus.client;

import java.io.IOException;

/** The time that the caller was ready to wait is over; the message says what had not happened. */
public final class TimedOutException extends IOException {
  private static final long serialVersionUID = 1;

  TimedOutException(String message) {
    super(message);
  }
}
