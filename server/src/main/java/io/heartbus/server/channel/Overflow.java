package io.heartbus.server.channel;

/** What happens to a message for a receiver whose queue is full. */
public enum Overflow {
  /** The sender waits; where it cannot, the new message is dropped. */
  BLOCK,
  /** The oldest one waiting makes room. */
  DROP_OLDEST,
  /** The new one is dropped. */
  DROP_NEWEST,
  /** Only the newest one is kept. */
  LATEST,
  /** The receiver is disconnected as a slow consumer. */
  DISCONNECT
}
