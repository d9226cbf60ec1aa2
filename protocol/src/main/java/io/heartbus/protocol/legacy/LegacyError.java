package io.heartbus.protocol.legacy;

import io.heartbus.protocol.ErrorCode;

/** A code of an HBP/1 ERROR: the table of SPEC §7. HBP/1 borrowed its numbers from HTTP. */
public enum LegacyError {
  MALFORMED(400),
  NOT_AUTHORIZED(401),
  TIMED_OUT(408),
  TAKEN_OVER(409),
  TOO_LARGE(413),
  RATE_LIMITED(429),
  INTERNAL(500),
  UNAVAILABLE(503);

  private final int code;

  LegacyError(int code) {
    this.code = code;
  }

  /** The number in the JSON. */
  public int code() {
    return code;
  }

  /** What to tell a legacy node where an HBP/2 node would be told that code. */
  public static LegacyError of(ErrorCode error) {
    return switch (error) {
      case PROTOCOL_ERROR, BAD_MAGIC, FRAME_SIZE, UNKNOWN_TYPE, UNEXPECTED_FRAME -> MALFORMED;
      case UNSUPPORTED_VERSION, NODE_ID_INVALID, ALREADY_REGISTERED, RESUME_REJECTED -> MALFORMED;
      case UNKNOWN, IN_USE, BAD_ID, CLOSED, NO_ROUTE -> MALFORMED;
      case AUTH_FAILED, NOT_AUTHORIZED, KICKED -> NOT_AUTHORIZED;
      case FRAME_TIMEOUT, HEARTBEAT_TIMEOUT, REGISTER_TIMEOUT, SLOW_CONSUMER -> TIMED_OUT;
      case SESSION_TAKEN_OVER, NODE_ID_IN_USE -> TAKEN_OVER;
      case FRAME_TOO_LARGE, TOO_LARGE -> TOO_LARGE;
      case FLOOD, FLAP_SUPPRESSED, LIMIT, FLOW_CONTROL, DROPPED -> RATE_LIMITED;
      case SERVER_BUSY, REFUSED -> UNAVAILABLE;
      case DRAINING, USE_ANOTHER_SERVER, SERVER_MOVED, MAX_AGE -> UNAVAILABLE;
      // NORMAL is no error: who reports it as one has a fault of his own.
      case INTERNAL, NORMAL -> INTERNAL;
    };
  }
}
