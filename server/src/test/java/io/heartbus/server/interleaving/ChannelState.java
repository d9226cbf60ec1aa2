package io.heartbus.server.interleaving;

/** How far a channel is, as its node sees it. */
enum ChannelState {
  ASKED,
  /** Asked for, and nobody can know yet how the server answers. */
  UNSURE,
  /** The server opened it, and waits for an answer. */
  UNANSWERED,
  OPEN,
  OVER;

  /** Whether the server's answer is still to come. */
  boolean asked() {
    return this == ASKED || this == UNSURE;
  }

  /** Whether the node may send on it. */
  boolean usable() {
    return this == ASKED || this == OPEN;
  }
}
