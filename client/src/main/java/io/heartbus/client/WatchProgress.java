package io.heartbus.client;

import io.heartbus.client.PresenceMessage.Gap;
import io.heartbus.client.PresenceMessage.Place;
import io.heartbus.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * How far a watch is, and so what it asks for on its next channel. Pure; belongs to the watch's
 * thread, but for the position, which any thread may read.
 */
final class WatchProgress {
  private final WatchOptions options;
  private volatile @Nullable WatchPosition position;

  /** Whether the server has agreed on the present channel. */
  private boolean placed;

  WatchProgress(WatchOptions options) {
    this.options = options;
  }

  /** Behind which event it is; null before the server has agreed for the first time. */
  @Nullable WatchPosition position() {
    return position;
  }

  /** What to ask for on a new channel. */
  WatchOptions request() {
    placed = false;
    WatchPosition reached = position;
    return reached == null ? options : options.from(reached.seq(), reached.epoch());
  }

  /**
   * What is missing, for whoever watches.
   *
   * @param before how far another log was told that is over; null when it is not
   * @param gap what is missing in the same log; null when nothing is
   */
  record News(@Nullable WatchPosition before, @Nullable Gap gap) {}

  /** The server says where it is; once the news are told, {@link #reached} has to follow. */
  News placed(Place place) {
    placed = true;
    Gap gap = place.gap();
    if (gap == null || gap.to() == null) {
      WatchPosition before = gap == null ? null : before(gap);
      position = position == null ? (before == null ? place.position() : before) : position;
      return new News(before, null);
    }
    if (position == null) {
      // It has a position from the start, even before it has told what is missing.
      position = new WatchPosition(place.position().epoch(), gap.from() - 1);
    }
    return new News(null, gap);
  }

  private WatchPosition before(Gap gap) {
    WatchPosition reached = position;
    String epoch = options.epoch() == null ? "" : options.epoch();
    return reached == null ? new WatchPosition(epoch, gap.from() - 1) : reached;
  }

  /** Everything up to there was told. */
  void reached(WatchPosition told) {
    position = told;
  }

  /** That event was told. */
  void reached(long seq) {
    WatchPosition reached = position;
    if (reached != null) {
      position = new WatchPosition(reached.epoch(), seq);
    }
  }

  /** Whether the watch is over because the server would not open a channel. */
  boolean endsWithout(ChannelClosedException open) {
    return position == null
        || open.error() == ErrorCode.NO_ROUTE
        || open.error() == ErrorCode.NOT_AUTHORIZED;
  }

  /** Whether the watch is over with its channel, which the server ended. */
  boolean endsWith(ChannelClosedException channel) {
    return !placed && (position == null || channel.error() == ErrorCode.REFUSED);
  }
}
