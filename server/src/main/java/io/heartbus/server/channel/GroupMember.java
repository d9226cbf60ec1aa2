package io.heartbus.server.channel;

import io.heartbus.server.channel.SendQueue.Outgoing;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What one member of a work queue was handed and has not taken yet, which is when it has given back
 * the credit that it cost. Guarded by the group's lock.
 */
final class GroupMember {
  /** A message, and the member that it must not go to. */
  static final class Work {
    final byte[] message;
    final ServerChannel from;

    Work(byte[] message, ServerChannel from) {
      this.message = message;
      this.from = from;
    }

    int bytes() {
      return message.length;
    }
  }

  private record Handed(Work work, Outgoing outgoing) {}

  private final BufferedBytes buffered;
  private final ArrayDeque<Handed> untaken = new ArrayDeque<>();
  private int untakenBytes;
  private long coveredCost;

  GroupMember(BufferedBytes buffered) {
    this.buffered = buffered;
  }

  /**
   * Whether it may be handed more.
   *
   * @param idle only if it has taken everything so far
   */
  boolean mayTake(Work work, boolean idle, int bytesMax) {
    return untaken.isEmpty() || (!idle && untakenBytes + work.bytes() <= bytesMax);
  }

  void handed(Work work, Outgoing outgoing) {
    untaken.add(new Handed(work, outgoing));
    untakenBytes += work.bytes();
    settle();
  }

  /** Credit came back. */
  void credited(long delta) {
    coveredCost += delta;
    settle();
  }

  private void settle() {
    Handed oldest = untaken.peek();
    while (oldest != null && oldest.outgoing().done && coveredCost >= oldest.outgoing().cost) {
      coveredCost -= oldest.outgoing().cost;
      untakenBytes -= oldest.work().bytes();
      buffered.remove(oldest.work().bytes());
      untaken.remove();
      oldest = untaken.peek();
    }
  }

  /** Takes out the newest of what it has not taken; null when there is nothing. */
  @Nullable Work takeBackNewest() {
    Handed newest = untaken.pollLast();
    return newest == null ? null : newest.work();
  }
}
