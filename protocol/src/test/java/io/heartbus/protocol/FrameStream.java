package io.heartbus.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A receiver as its owner runs one: it puts bytes into a {@link FrameReader} in pieces of any size
 * and notes what comes of them. Reading ends at the first violation.
 */
final class FrameStream {
  /** A frame of a type to be skipped. */
  record Skipped(int typeCode, int bodyBytes) {}

  static final int FRAME_BYTES_MAX = 65_536;

  private final FrameReader reader;
  private final List<Object> seen = new ArrayList<>();
  private @Nullable ProtocolException violation;
  private int capacityMax;

  FrameStream(Role peer, boolean registered) {
    this.reader = new FrameReader(peer);
    if (registered) {
      reader.registered(FRAME_BYTES_MAX);
    }
  }

  /** The bytes arrive in one piece. */
  FrameStream feed(byte[] bytes) {
    return feed(bytes, 0, bytes.length);
  }

  /** A part of the bytes arrives; reads of the socket give as much as there is room for. */
  FrameStream feed(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && violation == null) {
      ByteBuffer room = reader.intake(to - at);
      capacityMax = Math.max(capacityMax, room.capacity());
      int count = Math.min(room.remaining(), to - at);
      room.put(bytes, at, count);
      at += count;
      readFrames();
    }
    return this;
  }

  private void readFrames() {
    try {
      while (reader.advance()) {
        FrameType type = FrameType.of(reader.typeCode());
        seen.add(
            type == null
                ? new Skipped(reader.typeCode(), reader.bodyBytes())
                : note(reader.frame()));
      }
    } catch (ProtocolException e) {
      violation = e;
    }
  }

  private Frame note(Frame frame) {
    if (frame instanceof Frame.Register) {
      reader.registered(FRAME_BYTES_MAX);
    }
    return frame;
  }

  FrameReader reader() {
    return reader;
  }

  /** The most memory that the reader asked for. */
  int capacityMax() {
    return capacityMax;
  }

  /** Frames and {@link Skipped}, in the order they came. */
  List<Object> seen() {
    return seen;
  }

  /** The only thing seen, which has to be a frame. */
  Frame frame() {
    if (violation != null || seen.size() != 1) {
      throw new AssertionError("one frame is due, not " + seen + " and " + violation);
    }
    return (Frame) seen.getFirst();
  }

  /** What ended the reading, or null when nothing did. */
  @Nullable ErrorCode code() {
    return violation == null ? null : violation.code();
  }

  /** All of it: equal for two streams that went the same way. */
  List<@Nullable Object> story() {
    return Arrays.asList(
        seen, reader.midFrame(), code(), violation == null ? null : violation.getMessage());
  }
}
