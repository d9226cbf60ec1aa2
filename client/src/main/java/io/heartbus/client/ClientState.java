package io.heartbus.client;

/** Where a client is in its life. */
public enum ClientState {
  /** Registered: beats, sends and receives. */
  CONNECTED,
  /** Without a session, on its way to the next one. */
  RECONNECTING,
  /** Closed for good. */
  CLOSED
}
