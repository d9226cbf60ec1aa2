package io.heartbus.loadtest;

import io.heartbus.protocol.Wire;

/**
 * The credit of one connection's default channel, both ways. Pure bookkeeping. Owned by the fleet's
 * thread.
 */
final class Credit {
  /** What a node grants the server. */
  static final int INITIAL = 4096;

  private long mayBeSent;
  private long taken;

  /** A channel on which so much may be sent. */
  Credit(long mayBeSent) {
    this.mayBeSent = mayBeSent;
  }

  /** Takes what a message of that size costs. Returns false when there is not enough. */
  boolean spend(int payloadBytes) {
    long cost = cost(payloadBytes);
    if (cost > mayBeSent) {
      return false;
    }
    mayBeSent -= cost;
    return true;
  }

  /** The server grants more. */
  void granted(long delta) {
    mayBeSent += delta;
  }

  /** The server closed the channel: nothing more can be sent on it. */
  void closed() {
    mayBeSent = 0;
  }

  /** A message came in and is used up. Returns what to grant now; mostly 0, to spare frames. */
  long took(int payloadBytes) {
    taken += cost(payloadBytes);
    if (taken < INITIAL / 2) {
      return 0;
    }
    long grant = taken;
    taken = 0;
    return grant;
  }

  private static long cost(int payloadBytes) {
    return payloadBytes + (long) Wire.DATA_COST_BYTES;
  }
}
