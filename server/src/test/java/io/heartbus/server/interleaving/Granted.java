package io.heartbus.server.interleaving;

import java.util.ArrayDeque;

/**
 * What the server grants on one channel. It gives back what its consumer took once that is half of
 * the first grant, so every CREDIT is known in advance but for its moment.
 */
final class Granted {
  private final int initial;
  private final boolean late;

  /** The costs of frames that were sent and not given back. */
  private final ArrayDeque<Integer> sent = new ArrayDeque<>();

  /**
   * The costs that are not taken before the channel is over, or not given back because it ended.
   */
  private long keptBytes;

  private long inHand;

  /** With {@code late}, the server may hold back credit and give more at once later. */
  Granted(int initial, boolean late) {
    this.initial = initial;
    this.late = late;
    this.inHand = initial;
  }

  /** What may be sent now. */
  long inHand() {
    return inHand;
  }

  /** Books a frame; what is not taken is never given back. */
  void sent(int cost, boolean takenSometime) {
    inHand -= cost;
    if (takenSometime) {
      sent.add(cost);
    } else {
      keptBytes += cost;
    }
  }

  /** The server gives back that much. Returns what is wrong with it, or an empty text. */
  String given(long delta) {
    long sum = 0;
    long before = 0;
    while (sum < delta && !sent.isEmpty()) {
      before = sum;
      sum += sent.remove();
    }
    inHand += delta;
    if (sum != delta) {
      return "gives back " + delta + ", but what was sent adds up to " + sum;
    }
    if (sum < initial / 2) {
      return "gives back " + delta + ", less than half of " + initial;
    }
    return before >= initial / 2 && !late ? "gives back " + delta + " too late" : "";
  }

  /** Whether there is nothing left to be given back for certain. */
  boolean settled() {
    return due() < initial / 2;
  }

  /** Whether the server's books must be the same as these. */
  boolean exact() {
    return !late && settled();
  }

  private long due() {
    return sent.stream().mapToLong(Integer::longValue).sum();
  }

  @Override
  public String toString() {
    return inHand + " in hand, " + due() + " not given back, " + keptBytes + " kept";
  }
}
