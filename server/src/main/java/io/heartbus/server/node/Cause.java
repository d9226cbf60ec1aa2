package io.heartbus.server.node;

/** Why a node is offline. */
public enum Cause {
  /** Silent for longer than its timeout. */
  TIMEOUT,
  /** Its connection ended without a word. */
  DISCONNECTED,
  /** It said UNREGISTER. */
  LEFT,
  /** An operator disconnected it. */
  KICKED,
  /** A newer session of the same node took its place. */
  REPLACED,
  /** The server shut down. */
  DRAINED,
  /** It did not read what was sent to it. */
  SLOW_CONSUMER,
  /** It broke the protocol. */
  PROTOCOL_ERROR,
  /** The server it was connected to went away. */
  SERVER_LOST
}
