package io.heartbus.server.interleaving;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Frames as bytes, put together from the document of the protocol, so that they can lie. */
final class Octets {
  static final int HEARTBEAT_REQ = 0x01;
  static final int HEARTBEAT_RES = 0x02;
  static final int DATA = 0x03;
  static final int PING = 0x04;
  static final int PONG = 0x05;
  static final int REGISTER = 0x06;
  static final int UNREGISTER = 0x07;
  static final int ERROR = 0x08;
  static final int OPEN = 0x09;
  static final int ACCEPT = 0x0A;
  static final int CLOSE = 0x0B;
  static final int CREDIT = 0x0C;
  static final int GOAWAY = 0x0D;
  static final int ACK = 0x0E;

  static final int END = 1;
  static final int SEQ = 2;
  static final int MORE = 4;

  /** What a DATA costs beyond its payload. */
  static final int COST = 64;

  static final long CREDIT_MAX = Integer.MAX_VALUE;

  private Octets() {}

  static byte[] frame(int type, byte[]... parts) {
    byte[] body = join(parts);
    return join(u16(0xAB12), u8(type), u32(body.length), body);
  }

  static byte[] data(long channel, int flags, byte[] payload) {
    byte[] seq = (flags & SEQ) == 0 ? new byte[0] : u64(7);
    return frame(DATA, u32(channel), u8(flags), seq, payload);
  }

  static byte[] open(long channel, long credit, byte[] name) {
    return frame(OPEN, u32(channel), u32(credit), u8(0), u8(name.length), name);
  }

  static byte[] accept(long channel, long credit) {
    return frame(ACCEPT, u32(channel), u32(credit));
  }

  static byte[] close(long channel, int code) {
    return frame(CLOSE, u32(channel), u16(code));
  }

  static byte[] credit(long channel, long delta) {
    return frame(CREDIT, u32(channel), u32(delta));
  }

  static byte[] error(int code, int scope, long channel) {
    return frame(ERROR, u16(code), u8(scope), u8(0), u32(channel), u32(0), u16(2), text("no"));
  }

  static byte[] goAway() {
    return frame(GOAWAY, u16(0), u16(0), u32(0), u32(0), u32(0), u32(0), u8(0));
  }

  static byte[] ack(long channel) {
    return frame(ACK, u32(channel), u64(1));
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  static byte[] u8(int value) {
    return new byte[] {(byte) value};
  }

  static byte[] u16(int value) {
    return ByteBuffer.allocate(2).putShort((short) value).array();
  }

  static byte[] u32(long value) {
    return ByteBuffer.allocate(4).putInt((int) value).array();
  }

  static byte[] u64(long value) {
    return ByteBuffer.allocate(8).putLong(value).array();
  }

  static byte[] text(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }
}
