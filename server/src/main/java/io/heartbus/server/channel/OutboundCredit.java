package io.heartbus.server.channel;

import io.heartbus.protocol.Wire;

/** What may still be sent on a channel. Pure. Guarded by the channel set's lock. */
final class OutboundCredit {
  /**
   * A message is cut only where at least this much can go at once. A peer gives back at half of
   * what it granted, and grants {@value Wire#INITIAL_CREDIT_MIN} at least, so this much always
   * comes.
   */
  private static final int FRAGMENT_COST_MIN = Wire.INITIAL_CREDIT_MIN / 2;

  private long available;

  OutboundCredit(long initial) {
    this.available = initial;
  }

  /** What a payload of that size takes. */
  static long cost(int payloadBytes) {
    return (long) payloadBytes + Wire.DATA_COST_BYTES;
  }

  /** Adds a grant; false when the sum is more than SPEC allows. */
  boolean add(long delta) {
    if (delta < 1 || delta > Wire.CREDIT_MAX - available) {
      return false;
    }
    available += delta;
    return true;
  }

  /**
   * How many bytes of payload can go out now.
   *
   * @return -1 for not even an empty payload
   */
  int payloadBytes(int remaining, int payloadBytesMax) {
    if (available < Math.min(cost(remaining), FRAGMENT_COST_MIN)) {
      return -1;
    }
    return (int) Math.min(Math.min(remaining, payloadBytesMax), available - Wire.DATA_COST_BYTES);
  }

  /** Books a payload of that size. */
  void spend(int payloadBytes) {
    available -= cost(payloadBytes);
  }

  long available() {
    return available;
  }
}
