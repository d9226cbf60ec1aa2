package io.heartbus.server.interleaving;

/** The codes of §6 that the model expects. */
final class Code {
  static final int PROTOCOL_ERROR = 0x0101;
  static final int BAD_MAGIC = 0x0102;
  static final int FRAME_TOO_LARGE = 0x0103;
  static final int FRAME_SIZE = 0x0104;
  static final int UNKNOWN_TYPE = 0x0105;
  static final int UNEXPECTED_FRAME = 0x0106;
  static final int FLOOD = 0x0109;
  static final int ALREADY_REGISTERED = 0x0204;
  static final int SESSION_TAKEN_OVER = 0x0205;
  static final int UNKNOWN = 0x0301;
  static final int IN_USE = 0x0302;
  static final int LIMIT = 0x0303;
  static final int BAD_ID = 0x0304;
  static final int FLOW_CONTROL = 0x0305;
  static final int CLOSED = 0x0306;
  static final int NO_ROUTE = 0x0308;
  static final int REFUSED = 0x0309;
  static final int TOO_LARGE = 0x030A;
  static final int DROPPED = 0x030B;

  /** The first of those that an application makes up. */
  static final int APPLICATION = 0x8000;

  private Code() {}

  /** An ERROR about a channel, or about one frame on it. */
  static String error(long channel, int code) {
    return "ERROR " + channel + " 0x" + Integer.toHexString(code);
  }

  /** An ERROR that ends the connection. */
  static String fatal(int code) {
    return "ERROR fatal 0 0x" + Integer.toHexString(code);
  }
}
