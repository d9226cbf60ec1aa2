package io.heartbus.loadtest;

import io.heartbus.protocol.Wire;

/** What a node may still send on one channel. Pure. Owned by the fleet's thread. */
final class Credit {
  /**
   * A message is cut only where at least this much can leave at once. A peer gives back at half of
   * what it granted, and grants {@value Wire#INITIAL_CREDIT_MIN} at least, so this much always
   * comes.
   */
  private static final int FRAGMENT_COST_MIN = Wire.INITIAL_CREDIT_MIN / 2;

  private long available;

  /** A channel on which so much may be sent. */
  Credit(long available) {
    this.available = available;
  }

  /** What a payload of that size costs, in one frame. */
  static long cost(int payloadBytes) {
    return payloadBytes + (long) Wire.DATA_COST_BYTES;
  }

  /** Takes what a message of that size costs. Returns false when there is not enough. */
  boolean spend(int payloadBytes) {
    if (cost(payloadBytes) > available) {
      return false;
    }
    spent(payloadBytes);
    return true;
  }

  /** A frame with that payload leaves, which {@link #payloadBytes} allowed. */
  void spent(int payloadBytes) {
    available -= cost(payloadBytes);
  }

  /** How much of so many bytes may leave in one frame now; -1 for not even an empty one. */
  int payloadBytes(int bytes) {
    if (available < Math.min(cost(bytes), FRAGMENT_COST_MIN)) {
      return -1;
    }
    return (int) Math.min(bytes, available - Wire.DATA_COST_BYTES);
  }

  /** The server grants more. */
  void granted(long delta) {
    available += delta;
  }

  /** The server closed the channel: nothing more can be sent on it. */
  void closed() {
    available = 0;
  }
}
