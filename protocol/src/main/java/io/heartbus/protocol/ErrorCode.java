package io.heartbus.protocol;

import java.util.HashMap;
import java.util.Map;

/**
 * Why a peer refuses a frame, a channel or a connection: the table of SPEC §6. Codes are never
 * reused.
 */
public enum ErrorCode {
  NORMAL(0x0000),
  PROTOCOL_ERROR(0x0101),
  BAD_MAGIC(0x0102),
  FRAME_TOO_LARGE(0x0103),
  FRAME_SIZE(0x0104),
  UNKNOWN_TYPE(0x0105),
  UNEXPECTED_FRAME(0x0106),
  FRAME_TIMEOUT(0x0107),
  HEARTBEAT_TIMEOUT(0x0108),
  FLOOD(0x0109),
  SLOW_CONSUMER(0x010A),
  INTERNAL(0x010B),
  UNSUPPORTED_VERSION(0x0201),
  AUTH_FAILED(0x0202),
  NODE_ID_INVALID(0x0203),
  ALREADY_REGISTERED(0x0204),
  SESSION_TAKEN_OVER(0x0205),
  NODE_ID_IN_USE(0x0206),
  REGISTER_TIMEOUT(0x0207),
  SERVER_BUSY(0x0208),
  FLAP_SUPPRESSED(0x0209),
  RESUME_REJECTED(0x020A),
  KICKED(0x020B),
  UNKNOWN(0x0301),
  IN_USE(0x0302),
  LIMIT(0x0303),
  BAD_ID(0x0304),
  FLOW_CONTROL(0x0305),
  CLOSED(0x0306),
  NOT_AUTHORIZED(0x0307),
  NO_ROUTE(0x0308),
  REFUSED(0x0309),
  TOO_LARGE(0x030A),
  DROPPED(0x030B),
  DRAINING(0x0401),
  USE_ANOTHER_SERVER(0x0402),
  SERVER_MOVED(0x0403),
  MAX_AGE(0x0404);

  /** First code that SPEC leaves to applications. */
  public static final int APPLICATION_FIRST = 0x8000;

  private static final Map<Integer, ErrorCode> BY_CODE = new HashMap<>();

  static {
    for (ErrorCode error : values()) {
      BY_CODE.put(error.code, error);
    }
  }

  private final int code;

  ErrorCode(int code) {
    this.code = code;
  }

  /** The u16 on the wire. */
  public int code() {
    return code;
  }

  /** True for the 0x02xx class: the node's identity or admission was the problem. */
  public boolean aboutRegistration() {
    return code >> 8 == 2;
  }

  /** The error with that code. One that SPEC does not list acts as its class does. */
  public static ErrorCode of(int code) {
    ErrorCode known = BY_CODE.get(code);
    if (known != null) {
      return known;
    }
    return switch (code >> 8) {
      // Not for good, as a bad id would be: whoever is not let in waits and tries again.
      case 2 -> SERVER_BUSY;
      case 3 -> REFUSED;
      case 4 -> DRAINING;
      default -> code >= APPLICATION_FIRST ? NORMAL : PROTOCOL_ERROR;
    };
  }
}
