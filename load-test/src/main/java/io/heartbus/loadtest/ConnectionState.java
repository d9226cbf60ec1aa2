package io.heartbus.loadtest;

/** How far a connection of a node has come, in order. */
enum ConnectionState {
  /** It is to begin later. */
  WAITING,
  CONNECTING,
  /** REGISTER is sent, and not answered. */
  REGISTERING,
  /** The node is in. */
  LIVE,
  /** The node has said goodbye. */
  LEAVING,
  ENDED
}
