package io.heartbus.client;

import org.jspecify.annotations.Nullable;

/** What the server says on the channel {@code presence}. */
sealed interface PresenceMessage {
  /** Something happened. */
  record Told(PresenceEvent event) implements PresenceMessage {}

  /**
   * Where the server is.
   *
   * @param position behind which the next events come
   * @param gap what is missing before that; null when nothing is
   */
  record Place(WatchPosition position, @Nullable Gap gap) implements PresenceMessage {}

  /**
   * Events that are missing.
   *
   * @param to the last one; null when nobody knows, because another log has begun
   */
  record Gap(long from, @Nullable Long to) {}
}
