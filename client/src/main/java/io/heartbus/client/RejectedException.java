package io.heartbus.client;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import java.io.IOException;
import java.time.Duration;

/**
 * The server said no, and why: it refused the registration, or ended the connection with an ERROR
 * or a GOAWAY.
 */
public final class RejectedException extends IOException {
  private static final long serialVersionUID = 1;

  private final int code;
  private final Duration retryAfter;

  RejectedException(int code, Duration retryAfter, String message) {
    super(text(code, message));
    this.code = code;
    this.retryAfter = retryAfter;
  }

  static RejectedException of(Frame.Fault fault) {
    return new RejectedException(
        fault.code(), Duration.ofMillis(fault.retryAfterMs()), fault.message());
  }

  static RejectedException of(Frame.GoAway goAway) {
    return new RejectedException(
        goAway.code(), Duration.ofMillis(goAway.retryAfterMs()), "the server is leaving");
  }

  /** The reason; a code that this version does not know acts as its class. */
  public ErrorCode error() {
    return ErrorCode.of(code);
  }

  /** The code as it was sent. */
  public int code() {
    return code;
  }

  /** How long the server wants to be left alone; zero = it did not say. */
  public Duration retryAfter() {
    return retryAfter;
  }

  private static String text(int code, String message) {
    return CodeNames.name(code) + (message.isEmpty() ? "" : ": " + message);
  }
}
