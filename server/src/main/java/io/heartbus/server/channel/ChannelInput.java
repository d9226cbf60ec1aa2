package io.heartbus.server.channel;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What a channel receives: a queue that the credit bounds, and the credit itself. All fields are
 * guarded by the set's lock.
 */
final class ChannelInput {
  /** Stands in the queue for an end without a message: no frame in it has channel 0. */
  private static final Frame.Data END = Frame.Data.of(0, Wire.DATA_END, new byte[0]);

  /** Likewise for a peer that left without an end. */
  private static final Frame.Data GONE = Frame.Data.of(0, 0, new byte[0]);

  /** Reading the clock costs more than handling a small message does. */
  private static final int SAMPLE = 64;

  /** What became of a frame. */
  enum Arrival {
    TAKEN,
    /** The peer had ended its side. */
    CLOSED,
    /** The peer held no credit for it. */
    OVER_CREDIT,
    /** There is no credit in HBP/1, and the queue is full. */
    DROPPED
  }

  private final ChannelSet set;
  private final long id;
  private final Route route;
  private final InboundCredit credit;
  private final Signal arrivals;
  private final ArrayDeque<Frame.Data> queue = new ArrayDeque<>(4);
  private boolean ended;
  private boolean over;
  private boolean peaceful;

  /** One frame in {@value #SAMPLE} is timed, by its number; -1 = none now. */
  private int timed = -1;

  private int arrived;
  private int taken;
  private long timedSinceNanos;

  /** Bytes of a message under assembly, which the sum of all buffered bytes holds. */
  private int assembledBytes;

  ChannelInput(ChannelSet set, long id, Route route) {
    this.set = set;
    this.id = id;
    this.route = route;
    this.credit = new InboundCredit(set.initialCredit());
    this.arrivals = new Signal(set.lock());
  }

  /** Whether that is no message, but the end of them. */
  static boolean isEnd(Frame.Data data) {
    return data.channel() == 0;
  }

  /** Whether the peer left without an end: what it sent may be less than it meant to. */
  static boolean isGone(Frame.Data data) {
    return isEnd(data) && !data.end();
  }

  /** Takes in a frame. The lock is held. */
  Arrival arrived(Frame.Data data) {
    if (ended) {
      return Arrival.CLOSED;
    }
    int cost = cost(data);
    if (set.carrier().credited()) {
      if (!credit.spend(cost)) {
        return Arrival.OVER_CREDIT;
      }
    } else if (full() && !makeRoom()) {
      return Arrival.DROPPED;
    }
    set.buffered().add(cost);
    set.counts().queuedMessages.increment();
    ended = data.end();
    queue.add(data);
    if (arrived % SAMPLE == 0 && timed < 0) {
      timed = arrived;
      timedSinceNanos = System.nanoTime();
    }
    arrived++;
    arrivals.all();
    return Arrival.TAKEN;
  }

  private boolean full() {
    return queue.size() >= route.waitingMessagesMax() || set.buffered().over();
  }

  /** Without credit, the overflow policy says what becomes of what is too much. */
  private boolean makeRoom() {
    set.counts().dropped.increment();
    switch (route.overflow()) {
      case BLOCK, DROP_NEWEST -> {
        return false;
      }
      case DROP_OLDEST -> discard(queue.poll());
      case LATEST -> {
        while (!queue.isEmpty()) {
          discard(queue.poll());
        }
      }
      case DISCONNECT -> {
        set.carrier().fail(ErrorCode.SLOW_CONSUMER, "more than the handler takes");
        return false;
      }
    }
    return true;
  }

  private void discard(Frame.@Nullable Data data) {
    if (data != null && !isEnd(data)) {
      set.counts().queuedMessages.decrement();
      set.buffered().remove(cost(data));
    }
  }

  /** The peer will send no more. Returns whether that is news. The lock is held. */
  boolean end() {
    return end(END);
  }

  /** The peer has left. Returns whether that is news. The lock is held. */
  boolean gone() {
    // Who waits for the peer looks again, also when it had ended its side before.
    arrivals.all();
    return end(GONE);
  }

  private boolean end(Frame.Data marker) {
    if (ended) {
      return false;
    }
    ended = true;
    queue.add(marker);
    arrivals.all();
    return true;
  }

  /** Whether the peer will send no more. The lock is held. */
  boolean ended() {
    return ended;
  }

  /** Whether the peer has ended its side, and all that it sent was taken. The lock is held. */
  boolean exhausted() {
    return ended && queue.isEmpty();
  }

  /** The next frame; null when there is none now. Taking gives back credit. The lock is held. */
  Frame.@Nullable Data take() {
    if (timed >= 0 && timed == taken - 1) {
      // Whoever takes the next frame is done with the last.
      timed = -1;
      set.counts().handling.record(System.nanoTime() - timedSinceNanos);
    }
    Frame.Data data = queue.poll();
    if (data == null || isEnd(data)) {
      return data;
    }
    taken++;
    credit.take(cost(data));
    giveBack();
    set.counts().queuedMessages.decrement();
    set.buffered().remove(cost(data));
    return data;
  }

  /**
   * Waits until there may be something to take. Returns what is left of the limit. The lock is
   * held.
   */
  long await(long limitNanos) throws InterruptedException {
    return arrivals.await(limitNanos);
  }

  /** Gives back what was held back while the server was full. */
  void grantOwed() {
    set.lock().lock();
    try {
      giveBack();
    } finally {
      set.lock().unlock();
    }
    set.carrier().flushSoon();
  }

  private void giveBack() {
    if (ended || over || !set.carrier().credited() || !credit.due()) {
      return;
    }
    if (set.buffered().over()) {
      set.buffered().owe(this);
    } else {
      set.carrier().send(new Frame.Credit(id, credit.grant()));
    }
  }

  /** Notes how much of a message waits for its rest. The lock is held. */
  void assembled(int bytes) {
    if (!over) {
      set.buffered().add(bytes - assembledBytes);
      assembledBytes = bytes;
    }
  }

  /** The channel is over; gives up on what waits. The lock is held. */
  void abandon(boolean inPeace) {
    over = true;
    ended = true;
    peaceful = inPeace;
    while (!queue.isEmpty()) {
      discard(queue.poll());
    }
    set.buffered().remove(assembledBytes);
    assembledBytes = 0;
    arrivals.all();
  }

  /** Whether the channel was cut off, so that what was sent may be lost. The lock is held. */
  boolean cutOff() {
    return over && !peaceful;
  }

  /** How many frames wait. The lock is held. */
  int queuedFrames() {
    return queue.size();
  }

  private static int cost(Frame.Data data) {
    return data.payload().length + Wire.DATA_COST_BYTES;
  }
}
