package io.heartbus.server.connection;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.server.node.Cause;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a connection ended: every way there is, each counted under its name. The idea is NATS's
 * closed states.
 */
public enum CloseReason {
  /** The peer closed between two frames. */
  DISCONNECTED(null, Cause.DISCONNECTED),
  /** The peer closed inside a frame. */
  TRUNCATED(null, Cause.DISCONNECTED),
  /** The connection broke: a reset, or no route any more. */
  RESET(null, Cause.DISCONNECTED),
  /** The node said UNREGISTER. */
  LEFT(null, Cause.LEFT),
  PROTOCOL_ERROR(ErrorCode.PROTOCOL_ERROR, Cause.PROTOCOL_ERROR),
  BAD_MAGIC(ErrorCode.BAD_MAGIC, Cause.PROTOCOL_ERROR),
  FRAME_TOO_LARGE(ErrorCode.FRAME_TOO_LARGE, Cause.PROTOCOL_ERROR),
  FRAME_SIZE(ErrorCode.FRAME_SIZE, Cause.PROTOCOL_ERROR),
  UNKNOWN_TYPE(ErrorCode.UNKNOWN_TYPE, Cause.PROTOCOL_ERROR),
  UNEXPECTED_FRAME(ErrorCode.UNEXPECTED_FRAME, Cause.PROTOCOL_ERROR),
  FRAME_TIMEOUT(ErrorCode.FRAME_TIMEOUT, Cause.PROTOCOL_ERROR),
  HEARTBEAT_TIMEOUT(ErrorCode.HEARTBEAT_TIMEOUT, Cause.TIMEOUT),
  FLOOD(ErrorCode.FLOOD, Cause.PROTOCOL_ERROR),
  SLOW_CONSUMER(ErrorCode.SLOW_CONSUMER, Cause.SLOW_CONSUMER),
  INTERNAL(ErrorCode.INTERNAL, Cause.DISCONNECTED),
  UNSUPPORTED_VERSION(ErrorCode.UNSUPPORTED_VERSION, Cause.PROTOCOL_ERROR),
  AUTH_FAILED(ErrorCode.AUTH_FAILED, Cause.PROTOCOL_ERROR),
  NODE_ID_INVALID(ErrorCode.NODE_ID_INVALID, Cause.PROTOCOL_ERROR),
  ALREADY_REGISTERED(ErrorCode.ALREADY_REGISTERED, Cause.PROTOCOL_ERROR),
  SESSION_TAKEN_OVER(ErrorCode.SESSION_TAKEN_OVER, Cause.REPLACED),
  REGISTER_TIMEOUT(ErrorCode.REGISTER_TIMEOUT, Cause.TIMEOUT),
  SERVER_BUSY(ErrorCode.SERVER_BUSY, Cause.DISCONNECTED),
  FLAP_SUPPRESSED(ErrorCode.FLAP_SUPPRESSED, Cause.REPLACED),
  KICKED(ErrorCode.KICKED, Cause.KICKED),
  DRAINING(ErrorCode.DRAINING, Cause.DRAINED);

  private static final Map<ErrorCode, CloseReason> BY_ERROR = new EnumMap<>(ErrorCode.class);

  static {
    for (CloseReason reason : values()) {
      if (reason.error != null) {
        BY_ERROR.put(reason.error, reason);
      }
    }
  }

  private final @Nullable ErrorCode error;
  private final Cause cause;

  CloseReason(@Nullable ErrorCode error, Cause cause) {
    this.error = error;
    this.cause = cause;
  }

  /** What the peer is told; null when it knows, or cannot hear. */
  public @Nullable ErrorCode error() {
    return error;
  }

  /** What is said of the node, if there was one. */
  public Cause cause() {
    return cause;
  }

  /** The reason of a connection that ends with that error. */
  static CloseReason of(ErrorCode error) {
    return BY_ERROR.getOrDefault(error, PROTOCOL_ERROR);
  }

  /** The reason of a connection whose session was ended for that cause. */
  static CloseReason of(Cause cause) {
    return switch (cause) {
      case TIMEOUT -> HEARTBEAT_TIMEOUT;
      case DISCONNECTED -> DISCONNECTED;
      case LEFT -> LEFT;
      case KICKED -> KICKED;
      case REPLACED -> SESSION_TAKEN_OVER;
      case DRAINED -> DRAINING;
      case SLOW_CONSUMER -> SLOW_CONSUMER;
      case PROTOCOL_ERROR -> PROTOCOL_ERROR;
      case SERVER_LOST -> INTERNAL;
    };
  }
}
