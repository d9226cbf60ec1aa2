package io.heartbus.server.channel;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one channel that wait to be sent, in order, and how many were dropped. Guarded by
 * the set's lock.
 */
final class SendQueue {
  /** A message on its way out, or, without a payload, the end of all. */
  static final class Outgoing {
    final byte @Nullable [] payload;
    int sentBytes;

    /** What was paid for it; complete once it is done. */
    long cost;

    /** May be read without the lock. */
    volatile boolean done;

    Outgoing(byte @Nullable [] payload) {
      this.payload = payload;
    }

    private int bytes() {
      return payload == null ? 0 : payload.length;
    }
  }

  private final ChannelSet set;
  private final String channelName;
  private final Route route;
  private final ArrayDeque<Outgoing> waiting = new ArrayDeque<>(2);
  private int bytes;
  private long dropped;
  private long droppedUntold;

  SendQueue(ChannelSet set, String channelName, Route route) {
    this.set = set;
    this.channelName = channelName;
    this.route = route;
  }

  void add(Outgoing outgoing) {
    waiting.add(outgoing);
    bytes += outgoing.bytes();
    set.counts().queuedMessages.increment();
    set.buffered().add(outgoing.bytes());
  }

  /** Takes a message out; false when it was not there. */
  boolean remove(Outgoing outgoing) {
    if (!waiting.remove(outgoing)) {
      return false;
    }
    bytes -= outgoing.bytes();
    set.counts().queuedMessages.decrement();
    set.buffered().remove(outgoing.bytes());
    return true;
  }

  /** Takes out the oldest message of which nothing was sent yet; false when there is none. */
  boolean removeOldest() {
    for (Outgoing oldest : waiting) {
      if (oldest.sentBytes == 0 && oldest.payload != null) {
        return remove(oldest);
      }
    }
    return false;
  }

  @Nullable Outgoing first() {
    return waiting.peek();
  }

  boolean contains(Outgoing outgoing) {
    return waiting.contains(outgoing);
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  int size() {
    return waiting.size();
  }

  /** Whether the route's bounds have room for one more message of that size. */
  boolean fits(int messageBytes) {
    return waiting.isEmpty()
        || (waiting.size() < route.waitingMessagesMax()
            && bytes + messageBytes <= route.messageBytesMax()
            && !set.buffered().over());
  }

  Overflow overflow() {
    return route.overflow();
  }

  /** A message of the topic that this channel is a member of is lost to it. */
  void countDropped() {
    droppedUntold++;
    countUnfit();
  }

  /** Likewise, but it could never have got it, and is not told. */
  void countUnfit() {
    dropped++;
    set.counts().dropped.increment();
    set.counts().droppedByTopic(channelName);
  }

  /** How many messages were dropped. */
  long dropped() {
    return dropped;
  }

  /** How many messages were dropped since this was last asked. */
  long takeUntold() {
    long untold = droppedUntold;
    droppedUntold = 0;
    return untold;
  }

  /** Forgets everything. */
  void clear() {
    Outgoing first = waiting.peek();
    while (first != null && remove(first)) {
      first = waiting.peek();
    }
  }
}
