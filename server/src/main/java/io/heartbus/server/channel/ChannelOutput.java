package io.heartbus.server.channel;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import io.heartbus.server.channel.SendQueue.Outgoing;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a channel sends: messages that wait for credit, in order, and whoever waits for them. All
 * fields are guarded by the set's lock.
 */
final class ChannelOutput {
  static final int DATA_FIXED_BYTES = 5;

  private final ServerChannel channel;
  private final ChannelSet set;
  private final OutboundCredit credit;
  private final Signal progress;
  private final SendQueue pending;
  private boolean ended;
  private boolean endSent;

  ChannelOutput(ServerChannel channel, SendQueue pending, long peerCredit) {
    this.channel = channel;
    this.set = channel.set();
    this.pending = pending;
    this.credit = new OutboundCredit(peerCredit);
    this.progress = new Signal(set.lock());
  }

  /**
   * Sends a message, but leaves the writing to a later flush unless it has to wait for the peer.
   *
   * @param limitNanos how long to wait at most
   * @return whether it went; once a part has gone, the rest follows and this is true
   * @throws ChannelClosedException when the channel is over, or was closed on this side
   */
  boolean send(byte[] message, long limitNanos) throws InterruptedException, IOException {
    Outgoing outgoing = new Outgoing(message);
    set.lock().lockInterruptibly();
    try {
      if (ended) {
        throw new ChannelClosedException("channel " + channel.id() + " is closed");
      }
      enqueue(outgoing);
      if (outgoing.done) {
        return true;
      }
      set.counts().creditStalls.increment();
    } finally {
      set.lock().unlock();
    }
    // Not this thread writes: it may be interrupted, and that would close the socket.
    set.carrier().flushSoon();
    return await(outgoing, limitNanos);
  }

  private boolean await(Outgoing outgoing, long limitNanos)
      throws InterruptedException, IOException {
    long leftNanos = limitNanos;
    set.lock().lockInterruptibly();
    try {
      pump();
      while (!outgoing.done) {
        if (!pending.contains(outgoing)) {
          throw new ChannelClosedException("channel " + channel.id() + " closed before all went");
        }
        if (leftNanos <= 0) {
          return outgoing.sentBytes > 0 || !pending.remove(outgoing);
        }
        leftNanos = progress.await(leftNanos);
      }
      return true;
    } catch (InterruptedException interrupted) {
      if (outgoing.sentBytes == 0) {
        pending.remove(outgoing);
      }
      throw interrupted;
    } finally {
      set.lock().unlock();
    }
  }

  /**
   * Sends a message or lets it wait, if it must; when too much waits, the route's overflow policy
   * says what becomes of it. Blocks under {@link Overflow#BLOCK} only. No flush.
   *
   * @param from who waits for room, and only for as long as it lives; null for somebody who cannot
   * @param beforeWaiting runs, under the lock, before it waits
   * @return whether the message was sent or waits
   */
  boolean offer(byte[] message, @Nullable ServerChannel from, Runnable beforeWaiting)
      throws InterruptedException {
    set.lock().lockInterruptibly();
    try {
      if (!set.carrier().carries(message)) {
        pending.countUnfit();
        return false;
      }
      while (!ended) {
        pump();
        if (pending.fits(message.length)) {
          enqueue(new Outgoing(message));
          return true;
        }
        switch (pending.overflow()) {
          case BLOCK -> {
            if (from == null || from.isGone()) {
              pending.countDropped();
              return false;
            }
            beforeWaiting.run();
            long _ = progress.await(TimeUnit.SECONDS.toNanos(1));
          }
          case DROP_OLDEST -> {
            boolean madeRoom = pending.removeOldest();
            pending.countDropped();
            if (!madeRoom) {
              return false;
            }
          }
          case LATEST -> {
            while (pending.removeOldest()) {
              pending.countDropped();
            }
            enqueue(new Outgoing(message));
            return true;
          }
          case DROP_NEWEST -> {
            pending.countDropped();
            return false;
          }
          case DISCONNECT -> {
            set.carrier().fail(ErrorCode.SLOW_CONSUMER, "the queue of a channel is full");
            return false;
          }
        }
      }
      return false;
    } finally {
      set.lock().unlock();
    }
  }

  /**
   * Sends a message if there is credit for all of it, or, in parts, for some of it. No flush.
   *
   * @return how far it is; null when it was not sent
   */
  @Nullable Outgoing sendNow(byte[] message, boolean inParts) {
    set.lock().lock();
    try {
      pump();
      boolean credited = set.carrier().credited() && !inParts;
      if (ended
          || !pending.isEmpty()
          || !set.carrier().carries(message)
          || (credited && credit.available() < set.cost(message.length))) {
        return null;
      }
      Outgoing outgoing = new Outgoing(message);
      enqueue(outgoing);
      boolean begun = outgoing.done || outgoing.sentBytes > 0 || !pending.remove(outgoing);
      return begun ? outgoing : null;
    } finally {
      set.lock().unlock();
    }
  }

  private void enqueue(Outgoing outgoing) {
    if (pending.isEmpty() && move(outgoing)) {
      return;
    }
    pending.add(outgoing);
  }

  /** Lets the end follow what waits. The lock is held. */
  void end() {
    if (!ended) {
      ended = true;
      enqueue(new Outgoing(null));
    }
  }

  /** Whether nothing more can be sent. The lock is held. */
  boolean ended() {
    return ended;
  }

  /** Whether the peer was told the end. The lock is held. */
  boolean endSent() {
    return endSent;
  }

  /** Nobody is left to be told anything. The lock is held. */
  void cutOff() {
    abandon();
    endSent = true;
  }

  /** Gives up on all that waits. The lock is held. */
  void abandon() {
    ended = true;
    pending.clear();
    progress.all();
  }

  /** Adds credit from the peer; false when that breaks SPEC. The lock is held. */
  boolean add(long delta) {
    if (!credit.add(delta)) {
      return false;
    }
    pump();
    return true;
  }

  private void pump() {
    while (pumpOnce()) {
      // A frame at a time.
    }
  }

  /** Moves one frame to the outbox, if credit and room allow. The lock is held. */
  boolean pumpOnce() {
    Outgoing head = pending.first();
    if (head == null || !moveFrame(head)) {
      return false;
    }
    if (head.done) {
      pending.remove(head);
      progress.all();
    }
    return true;
  }

  /** Moves a message as far as it goes. Returns whether that is all of it. */
  private boolean move(Outgoing outgoing) {
    while (!outgoing.done && moveFrame(outgoing)) {
      // A frame at a time.
    }
    return outgoing.done;
  }

  /** Moves the next frame of a message, whose last makes it done. Returns whether it went. */
  private boolean moveFrame(Outgoing head) {
    byte[] payload = head.payload;
    if (!set.carrier().hasRoom()) {
      return false;
    }
    if (payload == null) {
      endSent =
          set.carrier().sendInOrder(new Frame.ChannelClose(channel.id(), ErrorCode.NORMAL.code()));
      head.done = endSent;
      channel.closeIfEnded();
      return endSent;
    }
    int remaining = payload.length - head.sentBytes;
    int bytesMax = set.carrier().frameBytesMax() - DATA_FIXED_BYTES;
    int bytes = set.carrier().credited() ? credit.payloadBytes(remaining, bytesMax) : remaining;
    if (bytes < 0) {
      return false;
    }
    boolean last = bytes == remaining;
    byte[] part =
        bytes == payload.length
            ? payload
            : Arrays.copyOfRange(payload, head.sentBytes, head.sentBytes + bytes);
    if (!set.carrier().sendInOrder(Frame.Data.of(channel.id(), last ? 0 : Wire.DATA_MORE, part))) {
      return false;
    }
    credit.spend(bytes);
    head.sentBytes += bytes;
    head.cost += OutboundCredit.cost(bytes);
    head.done = last;
    // The receiver takes again, so it can learn what it missed.
    set.tellDropped(channel.id(), pending.takeUntold());
    if (last) {
      set.counts().sent.increment();
    }
    return true;
  }

  int pendingMessages() {
    return pending.size();
  }

  /** How much may be sent now. The lock is held. */
  long creditBytes() {
    return credit.available();
  }

  /** How many messages this receiver did not get. The lock is held. */
  long dropped() {
    return pending.dropped();
  }
}
