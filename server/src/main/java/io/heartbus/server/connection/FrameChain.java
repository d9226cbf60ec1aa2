package io.heartbus.server.connection;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An encoded frame and those that leave behind it. Not thread-safe: it belongs to whoever took it
 * out of an {@link Outbox}.
 */
final class FrameChain {
  final byte[] frame;
  @Nullable FrameChain next;

  FrameChain(byte[] frame) {
    this.frame = frame;
  }

  /** The same frames in the other order; nothing stays nothing. */
  static @Nullable FrameChain turned(@Nullable FrameChain newest) {
    FrameChain rest = newest;
    FrameChain oldest = null;
    while (rest != null) {
      FrameChain after = rest.next;
      rest.next = oldest;
      oldest = rest;
      rest = after;
    }
    return oldest;
  }

  /** The size of them all. */
  static int bytes(@Nullable FrameChain first) {
    int bytes = 0;
    for (FrameChain link = first; link != null; link = link.next) {
      bytes += link.frame.length;
    }
    return bytes;
  }

  /** The last of as many frames as have room in so many bytes, one at least. */
  FrameChain lastWithin(int bytesMax) {
    FrameChain end = this;
    int bytes = end.frame.length;
    while (end.next != null && bytes + end.next.frame.length <= bytesMax) {
      end = end.next;
      bytes += end.frame.length;
    }
    return end;
  }

  /** Has these follow behind the last one. */
  void append(FrameChain more) {
    lastWithin(Integer.MAX_VALUE).next = more;
  }

  /** A copy of them all, which are so many bytes. */
  ByteBuffer joined(int bytes) {
    ByteBuffer together = ByteBuffer.allocate(bytes);
    for (FrameChain link = this; link != null; link = link.next) {
      together.put(link.frame);
    }
    return together.flip();
  }
}
