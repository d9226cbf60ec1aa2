package io.heartbus.client;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where to begin to watch, and which events to hear of: an immutable value.
 *
 * @param after behind which event to begin; {@link #NOW} for what happens from now on
 * @param epoch the log whose number that is; null for whichever log the server has
 * @param types as {@code offline}; empty for all
 * @param group only nodes with this label; null for all
 * @param prefix only nodes whose ids begin so; empty for all
 */
public record WatchOptions(
    long after, @Nullable String epoch, Set<String> types, @Nullable String group, String prefix) {
  /** Stands for the newest event, whatever its number. */
  public static final long NOW = -1;

  /**
   * @throws IllegalArgumentException naming the value that is out of range
   */
  public WatchOptions {
    if (after < NOW) {
      throw new IllegalArgumentException("after: " + after + " is no number of an event");
    }
    types = Set.copyOf(types);
  }

  /** All that happens from now on. */
  public static WatchOptions fromNow() {
    return after(NOW);
  }

  /** All that the server still remembers, and what happens from now on. */
  public static WatchOptions fromOldest() {
    return after(0);
  }

  /** All events behind that one, whichever log the server has. */
  public static WatchOptions after(long seq) {
    return new WatchOptions(seq, null, Set.of(), null, "");
  }

  /** All events behind that position; a server with another log says so and begins with that. */
  public static WatchOptions after(WatchPosition position) {
    return new WatchOptions(position.seq(), position.epoch(), Set.of(), null, "");
  }

  /** Only events of these types. */
  public WatchOptions withTypes(String... value) {
    return new WatchOptions(after, epoch, Set.of(value), group, prefix);
  }

  /** Only events of nodes with that label, and those that concern all nodes. */
  public WatchOptions withGroup(String value) {
    return new WatchOptions(after, epoch, types, value, prefix);
  }

  /** Only events of nodes whose ids begin so, and those that concern all nodes. */
  public WatchOptions withPrefix(String value) {
    return new WatchOptions(after, epoch, types, group, value);
  }

  /** The same, from elsewhere on. */
  WatchOptions from(long newAfter, @Nullable String newEpoch) {
    return new WatchOptions(newAfter, newEpoch, types, group, prefix);
  }
}
