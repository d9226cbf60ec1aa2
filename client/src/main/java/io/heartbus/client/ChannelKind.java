package io.heartbus.client;

/** What a channel is for, and so what becomes of it when its connection is lost. */
enum ChannelKind {
  /** Channel 1: comes back with every connection. */
  DEFAULT,
  /** Opened by the user: opened again unless one direction had ended. */
  LASTING,
  /** Carries one request: ends. */
  REQUEST,
  /** Carries a feed, whose owner opens another one on the next connection: ends. */
  WATCH,
  /** Opened by the server: ends. */
  INCOMING;

  /** Whether somebody outside of this library holds the channel. */
  boolean isOfUser() {
    return this != REQUEST && this != WATCH;
  }
}
