package io.heartbus.protocol;

import org.jspecify.annotations.Nullable;

/** The type byte of a frame header: the left column of SPEC §2. */
public enum FrameType {
  HEARTBEAT_REQ(0x01, Sender.NODE),
  HEARTBEAT_RES(0x02, Sender.SERVER),
  DATA(0x03, Sender.BOTH),
  PING(0x04, Sender.BOTH),
  PONG(0x05, Sender.BOTH),
  REGISTER(0x06, Sender.BOTH),
  UNREGISTER(0x07, Sender.BOTH),
  ERROR(0x08, Sender.BOTH),
  CHANNEL_OPEN(0x09, Sender.BOTH),
  CHANNEL_ACCEPT(0x0A, Sender.BOTH),
  CHANNEL_CLOSE(0x0B, Sender.BOTH),
  CREDIT(0x0C, Sender.BOTH),
  GOAWAY(0x0D, Sender.BOTH),
  ACK(0x0E, Sender.BOTH);

  private enum Sender {
    NODE,
    SERVER,
    BOTH
  }

  private static final FrameType[] BY_CODE = new FrameType[ACK.code + 1];

  static {
    for (FrameType type : values()) {
      BY_CODE[type.code] = type;
    }
  }

  private final byte code;
  private final Sender sender;

  FrameType(int code, Sender sender) {
    this.code = (byte) code;
    this.sender = sender;
  }

  /** The byte on the wire. */
  public int code() {
    return code;
  }

  /** Whether a peer in that role ever sends this type. */
  public boolean sentBy(Role role) {
    return switch (sender) {
      case BOTH -> true;
      case NODE -> role == Role.NODE;
      case SERVER -> role == Role.SERVER;
    };
  }

  /** The type with that code, or null when SPEC has none. */
  public static @Nullable FrameType of(int code) {
    return code > 0 && code < BY_CODE.length ? BY_CODE[code] : null;
  }
}
