package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawFrame.join;
import static io.heartbus.server.conformance.RawFrame.u16;
import static io.heartbus.server.conformance.RawFrame.u32;
import static io.heartbus.server.conformance.RawFrame.u8;

import java.nio.charset.StandardCharsets;

/** A node's frames about channels, field by field as SPEC lays them out. */
final class RawChannel {
  static final int END = 1;
  static final int SEQ = 2;
  static final int MORE = 4;
  static final int RELIABLE = 1;

  /** What a DATA frame costs besides its payload. */
  static final int COST = 64;

  private RawChannel() {}

  static byte[] open(long id, long credit, String name) {
    return open(id, credit, 0, name.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] open(long id, long credit, int flags, byte[] name) {
    return RawFrame.of(
        RawFrame.CHANNEL_OPEN, join(u32(id), u32(credit), u8(flags), u8(name.length), name));
  }

  static byte[] accept(long id, long credit) {
    return RawFrame.of(RawFrame.CHANNEL_ACCEPT, join(u32(id), u32(credit)));
  }

  static byte[] data(long id, int flags, byte[] payload) {
    return RawFrame.of(RawFrame.DATA, join(u32(id), u8(flags), payload));
  }

  static byte[] data(long id, int flags, String text) {
    return data(id, flags, text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] data(long id, String text) {
    return data(id, 0, text);
  }

  /** Closes one direction with code 0, resets both with any other. */
  static byte[] close(long id, int code) {
    return RawFrame.of(RawFrame.CHANNEL_CLOSE, join(u32(id), u16(code)));
  }

  static byte[] close(long id) {
    return close(id, 0);
  }

  static byte[] credit(long id, long delta) {
    return RawFrame.of(RawFrame.CREDIT, join(u32(id), u32(delta)));
  }

  static byte[] error(long id, int scope, int code) {
    return RawFrame.of(RawFrame.ERROR, join(u16(code), u8(scope), u8(0), u32(id), u32(0), u16(0)));
  }

  /** A text that costs as much credit as that, sent in one frame. */
  static String textOfCost(String start, int cost) {
    return start + ".".repeat(cost - COST - start.length());
  }
}
