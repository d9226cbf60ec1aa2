package io.heartbus.client;

import org.jspecify.annotations.Nullable;

/**
 * Which directions of a channel have ended, and why: the states of SPEC §4. Pure; guarded by its
 * channel's lock.
 */
final class ChannelEnds {
  private final ChannelKind kind;
  private @Nullable ChannelEnd over;
  private boolean localEnded;
  private boolean remoteEnded;
  private boolean closed;

  ChannelEnds(ChannelKind kind) {
    this.kind = kind;
  }

  /** Starts on a connection; false when this channel does not want to be on one any more. */
  boolean start() {
    boolean revives =
        over == null || (kind == ChannelKind.DEFAULT && over.about() != ChannelEnd.About.CLIENT);
    if (closed || !revives) {
      return false;
    }
    over = null;
    localEnded = false;
    remoteEnded = false;
    return true;
  }

  /**
   * Both directions end, unless they have; a default channel that could still revive never will.
   */
  void finish(ChannelEnd end) {
    boolean last = kind == ChannelKind.DEFAULT && end.about() == ChannelEnd.About.CLIENT;
    over = over == null || last ? end : over;
  }

  void endLocal() {
    localEnded = true;
    settle();
  }

  void endRemote() {
    remoteEnded = true;
    settle();
  }

  /** Nobody on this side will take what comes in. */
  void close() {
    closed = true;
  }

  boolean isOver() {
    return over != null;
  }

  boolean localEnded() {
    return localEnded;
  }

  boolean remoteEnded() {
    return remoteEnded;
  }

  boolean closed() {
    return closed;
  }

  /** Whether the channel waits for the next connection when it loses this one. */
  boolean lasts() {
    boolean whole = !localEnded && !remoteEnded;
    return !closed
        && over == null
        && (kind == ChannelKind.DEFAULT || (kind == ChannelKind.LASTING && whole));
  }

  /** Whether leaving the connection now would cut something short that cannot go on elsewhere. */
  boolean busy() {
    return over == null && kind != ChannelKind.WATCH && !lasts();
  }

  /** Why nothing can be sent any more, or null. */
  @Nullable ChannelEnd sendEnd() {
    if (over != null) {
      return over;
    }
    return localEnded || closed ? ChannelEnd.normal("was ended on this side") : null;
  }

  /** Why nothing more can come in, or null. */
  @Nullable ChannelEnd receiveEnd() {
    if (over != null) {
      return over;
    }
    return remoteEnded ? ChannelEnd.normal("was ended by the other side") : null;
  }

  /** Why nothing can be done with the channel at all, or null. */
  @Nullable ChannelEnd over() {
    return over;
  }

  private void settle() {
    if (localEnded && remoteEnded) {
      finish(ChannelEnd.normal("was ended by both sides"));
    }
  }
}
