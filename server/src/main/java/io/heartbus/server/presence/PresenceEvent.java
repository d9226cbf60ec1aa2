package io.heartbus.server.presence;

import io.heartbus.server.node.NodeEvent;
import org.jspecify.annotations.Nullable;

/**
 * An event with its place in the log.
 *
 * @param seq one more than that of the event before it
 * @param timeMs wall clock, for people
 */
public record PresenceEvent(long seq, long timeMs, NodeEvent what) {
  /** Object, record and NodeEvent with compact headers, and a slot of the ring. */
  private static final int FIXED_BYTES = 96;

  private static final int STRING_BYTES = 40;

  /** About how much memory it holds. */
  int heapBytes() {
    return FIXED_BYTES + bytes(what.node()) + bytes(what.detail());
  }

  private static int bytes(@Nullable String text) {
    return text == null ? 0 : STRING_BYTES + text.length();
  }
}
