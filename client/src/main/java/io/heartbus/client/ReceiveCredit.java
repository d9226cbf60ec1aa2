package io.heartbus.client;

/**
 * What the other side may still send on one channel of one connection: the receiver's half of SPEC
 * §4. What was taken is granted again once it is half of the first grant. Pure; guarded by its
 * channel's lock.
 */
final class ReceiveCredit {
  private final long initial;
  private long granted;
  private long taken;

  /**
   * @param initial the first grant; 0 = this side only sends
   */
  ReceiveCredit(long initial) {
    this.initial = initial;
    this.granted = initial;
  }

  /** A frame of that cost came in; false when it was not granted. */
  boolean arrived(long cost) {
    if (cost > granted) {
      return false;
    }
    granted -= cost;
    return true;
  }

  /** A frame of that cost was taken; the answer is what to grant now, 0 = nothing yet. */
  long taken(long cost) {
    taken += cost;
    if (taken < (initial + 1) / 2) {
      return 0;
    }
    long delta = taken;
    taken = 0;
    granted += delta;
    return delta;
  }
}
