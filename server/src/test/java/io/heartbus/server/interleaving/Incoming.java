package io.heartbus.server.interleaving;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** A frame as it came: the type and the bytes of the body, read by offset. */
final class Incoming {
  private final int type;
  private final byte[] body;

  /** A frame of that type as in the header, and the body without the header. */
  Incoming(int type, byte[] body) {
    this.type = type;
    this.body = body;
  }

  int type() {
    return type;
  }

  int bodyBytes() {
    return body.length;
  }

  int u8(int at) {
    return body[at] & 0xFF;
  }

  int u16(int at) {
    return ByteBuffer.wrap(body).getShort(at) & 0xFFFF;
  }

  long u32(int at) {
    return ByteBuffer.wrap(body).getInt(at) & 0xFFFFFFFFL;
  }

  long u64(int at) {
    return ByteBuffer.wrap(body).getLong(at);
  }

  byte[] from(int at) {
    return Arrays.copyOfRange(body, at, body.length);
  }

  String text(int at, int count) {
    return new String(body, at, count, StandardCharsets.UTF_8);
  }

  String hex() {
    return HexFormat.of().formatHex(body);
  }

  /** One line for people. */
  @Override
  public String toString() {
    return switch (type) {
      case Octets.HEARTBEAT_RES -> "HEARTBEAT_RES " + hex();
      case Octets.DATA ->
          "DATA " + u32(0) + " flags=" + u8(4) + " payload=" + (body.length - 5) + serial();
      case Octets.PING -> "PING " + hex();
      case Octets.PONG -> "PONG " + hex();
      case Octets.REGISTER -> "REGISTER";
      case Octets.UNREGISTER -> "UNREGISTER " + (body.length == 0 ? 0 : u16(0));
      case Octets.ERROR -> "ERROR " + error();
      case Octets.OPEN -> "OPEN " + u32(0) + " credit=" + u32(4) + " " + text(10, u8(9));
      case Octets.ACCEPT -> "ACCEPT " + u32(0) + " " + u32(4);
      case Octets.CLOSE -> "CLOSE " + u32(0) + " " + u16(4);
      case Octets.CREDIT -> "CREDIT " + u32(0) + " " + u32(4);
      case Octets.GOAWAY -> "GOAWAY";
      default -> "type " + type;
    };
  }

  private String serial() {
    return body.length < 13 ? "" : " of " + u32(5) + "#" + u32(9);
  }

  /** An ERROR in the form that answers are compared in. */
  private String error() {
    String scope =
        switch (u8(2)) {
          case 0 -> "fatal ";
          case 1 -> "";
          default -> "advisory ";
        };
    return scope + u32(4) + " 0x" + Integer.toHexString(u16(0));
  }
}
