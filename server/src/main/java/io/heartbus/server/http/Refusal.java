package io.heartbus.server.http;

import org.jspecify.annotations.Nullable;

/** A request that is answered with an error: its status, and a reason for the person who asked. */
final class Refusal extends Exception {
  static final int BAD_REQUEST = 400;
  static final int FORBIDDEN = 403;
  static final int NOT_FOUND = 404;
  static final int METHOD_NOT_ALLOWED = 405;
  static final int CONTENT_TOO_LARGE = 413;
  static final int TOO_MANY = 429;
  static final int UNAVAILABLE = 503;

  private final int status;
  private final @Nullable String allowedMethods;

  private Refusal(int status, String reason, @Nullable String allowedMethods) {
    super(reason, null, false, false);
    this.status = status;
    this.allowedMethods = allowedMethods;
  }

  Refusal(int status, String reason) {
    this(status, reason, null);
  }

  static Refusal badRequest(String reason) {
    return new Refusal(BAD_REQUEST, reason);
  }

  static Refusal notFound(String reason) {
    return new Refusal(NOT_FOUND, reason);
  }

  static Refusal methodNotAllowed(String method, String allowedMethods) {
    return new Refusal(
        METHOD_NOT_ALLOWED,
        method + " is not allowed here, only " + allowedMethods,
        allowedMethods);
  }

  int status() {
    return status;
  }

  /** The text for the header Allow; null unless the method was the problem. */
  @Nullable String allowedMethods() {
    return allowedMethods;
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
