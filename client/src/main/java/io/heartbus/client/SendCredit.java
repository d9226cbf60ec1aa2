package io.heartbus.client;

import io.heartbus.protocol.Wire;
import java.util.ArrayDeque;

/**
 * What one side may still send on one channel of one connection: the sender's half of SPEC §4. Also
 * remembers which messages the other side has not been seen to take, as far as credit tells. Pure;
 * guarded by its channel's lock.
 */
final class SendCredit {
  /** Messages that end at that many bytes of cost. */
  private record Sent(long endCost, long messages) {}

  /** More than this and neighbours are counted as one: still an upper bound, never more memory. */
  private static final int REMEMBERED_MAX = 1024;

  private final ArrayDeque<Sent> unconfirmed = new ArrayDeque<>();
  private long held;
  private long spentCost;
  private long takenCost;

  /**
   * @param initial the first grant; 0 = the other side only sends
   */
  SendCredit(long initial) {
    this.held = initial;
  }

  long held() {
    return held;
  }

  /**
   * How many bytes of a message the next frame may carry.
   *
   * @param remaining of the message, 0 for one without content
   * @return -1 when it has to wait for credit
   */
  int payloadNow(int remaining, int frameMax) {
    long room = held - Wire.DATA_COST_BYTES;
    if (room < 0 || (room == 0 && remaining > 0)) {
      return -1;
    }
    return (int) Math.min(room, Math.min(remaining, frameMax));
  }

  /**
   * A frame leaves.
   *
   * @param completes whether a message ends with it
   * @throws IllegalStateException when the credit does not cover it
   */
  void spend(int payloadBytes, boolean completes) {
    long cost = payloadBytes + (long) Wire.DATA_COST_BYTES;
    if (cost > held) {
      throw new IllegalStateException("frame of " + cost + " with credit " + held);
    }
    held -= cost;
    spentCost += cost;
    if (completes) {
      long merged = unconfirmed.size() < REMEMBERED_MAX ? 0 : unconfirmed.removeLast().messages();
      unconfirmed.addLast(new Sent(spentCost, merged + 1));
    }
  }

  /**
   * The other side took so much and grants it again.
   *
   * @return false when that breaks SPEC: nothing, or more than a channel may ever hold
   */
  boolean granted(long delta) {
    if (!enlarged(delta) || delta == 0) {
      return false;
    }
    takenCost += delta;
    while (!unconfirmed.isEmpty() && unconfirmed.getFirst().endCost() <= takenCost) {
      unconfirmed.removeFirst();
    }
    return true;
  }

  /** The window grows by what nobody took: ACCEPT's grant beyond the one assumed. */
  boolean enlarged(long delta) {
    if (delta < 0 || held + delta > Wire.CREDIT_MAX) {
      return false;
    }
    held += delta;
    return true;
  }

  /** Whole messages that left and of which no credit says that they were taken: an upper bound. */
  long messagesUnconfirmed() {
    return unconfirmed.stream().mapToLong(Sent::messages).sum();
  }
}
