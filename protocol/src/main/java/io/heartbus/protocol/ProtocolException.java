package io.heartbus.protocol;

import java.io.IOException;

/**
 * The peer broke SPEC; carries the code to answer with. Has no stack trace, because peers cause it
 * at will and the code and message say all there is.
 */
public final class ProtocolException extends IOException {
  private static final long serialVersionUID = 1;

  private final ErrorCode code;

  public ProtocolException(ErrorCode code, String message) {
    super(message);
    this.code = code;
  }

  /** What to tell the peer. */
  public ErrorCode code() {
    return code;
  }

  @Override
  public String getMessage() {
    return code + ": " + super.getMessage();
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
