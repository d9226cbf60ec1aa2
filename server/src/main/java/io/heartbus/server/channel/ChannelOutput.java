package io.heartbus.server.channel;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * What a channel sends: messages that wait for credit, in order, and whoever waits for them. All
 * fields are guarded by the set's lock.
 */
final class ChannelOutput {
  private static final int DATA_FIXED_BYTES = 5;

  /** A message on its way out, or, without a payload, the end of all. */
  private static final class Outgoing {
    final byte @Nullable [] payload;
    int sentBytes;
    boolean done;

    Outgoing(byte @Nullable [] payload) {
      this.payload = payload;
    }
  }

  private final ChannelSet set;
  private final long id;
  private final OutboundCredit credit;
  private final ArrayDeque<Outgoing> pending = new ArrayDeque<>(2);
  private @Nullable Condition progress;
  private boolean ended;
  private boolean endSent;

  ChannelOutput(ChannelSet set, long id, long peerCredit) {
    this.set = set;
    this.id = id;
    this.credit = new OutboundCredit(peerCredit);
  }

  /**
   * Sends a message, but leaves the writing to a later flush unless it has to wait for the peer.
   *
   * @throws ChannelClosedException when the channel is over, or was closed on this side
   */
  void send(byte[] message) throws InterruptedException, IOException {
    Outgoing outgoing = new Outgoing(message);
    set.lock().lockInterruptibly();
    try {
      if (ended) {
        throw new ChannelClosedException("channel " + id + " is closed");
      }
      pending.add(outgoing);
      pump();
      if (outgoing.done) {
        return;
      }
      set.counts().creditStalls.increment();
    } finally {
      set.lock().unlock();
    }
    set.carrier().flush();
    await(outgoing);
  }

  private void await(Outgoing outgoing) throws InterruptedException, IOException {
    set.lock().lockInterruptibly();
    try {
      pump();
      while (!outgoing.done) {
        if (ended && pending.isEmpty()) {
          throw new ChannelClosedException("channel " + id + " was closed before all was sent");
        }
        if (progress == null) {
          progress = set.lock().newCondition();
        }
        progress.await();
      }
    } finally {
      set.lock().unlock();
    }
  }

  /** Lets the end follow what waits. The lock is held. */
  void end() {
    if (!ended) {
      ended = true;
      pending.add(new Outgoing(null));
      pump();
    }
  }

  /** Whether the peer was told the end. The lock is held. */
  boolean endSent() {
    return endSent;
  }

  /** Gives up on all that waits. The lock is held. */
  void abandon() {
    ended = true;
    pending.clear();
    signal();
  }

  /** Adds credit from the peer; false when that breaks SPEC. The lock is held. */
  boolean add(long delta) {
    if (!credit.add(delta)) {
      return false;
    }
    pump();
    return true;
  }

  /** Moves what credit and room allow to the outbox. The lock is held. */
  void pump() {
    Outgoing head = pending.peek();
    while (head != null && move(head)) {
      pending.remove();
      head.done = true;
      signal();
      head = pending.peek();
    }
  }

  /** Moves one message as far as it goes. Returns whether that is all of it. */
  private boolean move(Outgoing head) {
    byte[] payload = head.payload;
    if (payload == null) {
      endSent = set.carrier().sendInOrder(new Frame.ChannelClose(id, ErrorCode.NORMAL.code()));
      return endSent;
    }
    int frameBytesMax = set.carrier().frameBytesMax() - DATA_FIXED_BYTES;
    while (true) {
      int remaining = payload.length - head.sentBytes;
      int bytes =
          set.carrier().credited() ? credit.payloadBytes(remaining, frameBytesMax) : remaining;
      if (bytes < 0) {
        return false;
      }
      boolean last = bytes == remaining;
      byte[] part =
          bytes == payload.length
              ? payload
              : Arrays.copyOfRange(payload, head.sentBytes, head.sentBytes + bytes);
      if (!set.carrier().sendInOrder(Frame.Data.of(id, last ? 0 : Wire.DATA_MORE, part))) {
        return false;
      }
      credit.spend(bytes);
      head.sentBytes += bytes;
      if (last) {
        set.counts().sent.increment();
        return true;
      }
    }
  }

  private void signal() {
    if (progress != null) {
      progress.signalAll();
    }
  }
}
