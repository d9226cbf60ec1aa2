package io.heartbus.server.channel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Joins the fragments of one message. Pure; the consumer of the channel owns it. */
final class Assembly {
  private byte[] bytes = {};
  private int size;

  /** How many bytes wait for the rest of their message. */
  int pendingBytes() {
    return size;
  }

  /** Forgets them: their message will never be complete. */
  void clear() {
    bytes = new byte[0];
    size = 0;
  }

  /** Whether that fragment would make the message larger than allowed. */
  boolean exceeds(int fragmentBytes, int messageBytesMax) {
    return fragmentBytes > messageBytesMax - size;
  }

  /** Adds a fragment. Returns the message if it is complete with that. */
  byte @Nullable [] add(byte[] fragment, boolean more) {
    if (size == 0 && !more) {
      return fragment;
    }
    if (bytes.length - size < fragment.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + fragment.length));
    }
    System.arraycopy(fragment, 0, bytes, size, fragment.length);
    size += fragment.length;
    if (more) {
      return null;
    }
    byte[] message = Arrays.copyOf(bytes, size);
    clear();
    return message;
  }
}
