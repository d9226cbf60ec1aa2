package io.heartbus.server.channel;

/**
 * What the peer may still send on a channel, and what it is to be given back. Pure. Guarded by the
 * channel set's lock.
 */
final class InboundCredit {
  private final int initial;
  private int available;
  private int taken;

  InboundCredit(int initial) {
    this.initial = initial;
    this.available = initial;
  }

  /** Books an arrival; false when the peer did not hold that much. */
  boolean spend(int cost) {
    if (cost > available) {
      return false;
    }
    available -= cost;
    return true;
  }

  /** Books that the consumer took something. */
  void take(int cost) {
    taken += cost;
  }

  /** Whether enough was taken that it should be given back: half, so that grants are few. */
  boolean due() {
    return taken > 0 && taken >= initial / 2;
  }

  /** Gives back what was taken. Returns how much that is. */
  int grant() {
    int delta = taken;
    taken = 0;
    available += delta;
    return delta;
  }
}
