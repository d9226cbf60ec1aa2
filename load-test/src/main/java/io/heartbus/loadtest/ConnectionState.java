package io.heartbus.loadtest;

/** How far a connection of a node has come, in order. */
enum ConnectionState {
  /** It is to begin later. */
  WAITING,
  /** It is to begin, and waits for its turn. */
  QUEUED,
  CONNECTING,
  /** REGISTER is sent, and not answered. */
  REGISTERING,
  /** The node is in. */
  LIVE,
  /** The node has said goodbye. */
  LEAVING,
  ENDED;

  /** Whether the node was let in. */
  boolean wasIn() {
    return this == LIVE || this == LEAVING;
  }
}
