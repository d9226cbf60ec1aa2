package io.heartbus.server.conformance;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Bytes on the wire, put together from SPEC and not by the project's codec, so that they can lie.
 */
final class RawFrame {
  static final int HEARTBEAT_REQ = 0x01;
  static final int HEARTBEAT_RES = 0x02;
  static final int DATA = 0x03;
  static final int PING = 0x04;
  static final int PONG = 0x05;
  static final int REGISTER = 0x06;
  static final int UNREGISTER = 0x07;
  static final int ERROR = 0x08;
  static final int CHANNEL_OPEN = 0x09;
  static final int CHANNEL_ACCEPT = 0x0A;
  static final int CHANNEL_CLOSE = 0x0B;
  static final int CREDIT = 0x0C;
  static final int GOAWAY = 0x0D;
  static final int ACK = 0x0E;

  private RawFrame() {}

  /** A whole frame. */
  static byte[] of(int type, byte... body) {
    return join(header(type, body.length), body);
  }

  /** A header that announces so many bytes, whether they come or not. */
  static byte[] header(int type, long bodyBytes) {
    return ByteBuffer.allocate(7)
        .putShort((short) 0xAB12)
        .put((byte) type)
        .putInt((int) bodyBytes)
        .array();
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

  /** The first bytes of something. */
  static byte[] head(byte[] bytes, int count) {
    return Arrays.copyOf(bytes, count);
  }

  /** What follows the first bytes of something. */
  static byte[] tail(byte[] bytes, int from) {
    return Arrays.copyOfRange(bytes, from, bytes.length);
  }
}
