package io.heartbus.server.channel;

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
  private final int queueMessagesMax;
  private final InboundCredit credit;
  private final ArrayDeque<Frame.Data> queue = new ArrayDeque<>(4);
  private boolean consuming;
  private boolean ended;
  private boolean over;

  /** Bytes of a message under assembly, which the sum of all buffered bytes holds. */
  private int assembledBytes;

  ChannelInput(ChannelSet set, long id, int queueMessagesMax) {
    this.set = set;
    this.id = id;
    this.queueMessagesMax = queueMessagesMax;
    this.credit = new InboundCredit(set.initialCredit());
  }

  /** Whether that is no message, but the end of them. */
  static boolean isEnd(Frame.Data data) {
    return data.channel() == 0;
  }

  /** Takes in a frame; {@code consumer} is started unless it is at work. The lock is held. */
  Arrival arrived(Frame.Data data, Runnable consumer) {
    if (ended) {
      return Arrival.CLOSED;
    }
    int cost = cost(data);
    if (set.carrier().credited()) {
      if (!credit.spend(cost)) {
        return Arrival.OVER_CREDIT;
      }
    } else if (queue.size() >= queueMessagesMax) {
      set.counts().dropped.increment();
      return Arrival.DROPPED;
    }
    set.buffered().add(cost);
    set.counts().queuedMessages.increment();
    ended = data.end();
    enqueue(data, consumer);
    return Arrival.TAKEN;
  }

  /** The peer will send no more. The lock is held. */
  void end(Runnable consumer) {
    if (!ended) {
      ended = true;
      enqueue(END, consumer);
    }
  }

  private void enqueue(Frame.Data data, Runnable consumer) {
    queue.add(data);
    if (!consuming) {
      consuming = true;
      set.start(consumer);
    }
  }

  /** Whether the peer has ended its side. The lock is held. */
  boolean ended() {
    return ended;
  }

  /**
   * The next frame for the consumer; null when there is none, and then the consumer is no more.
   * Taking gives back credit.
   */
  Frame.@Nullable Data take() {
    Frame.Data data;
    set.lock().lock();
    try {
      data = queue.poll();
      if (data == null) {
        consuming = false;
        return null;
      }
      if (isEnd(data)) {
        return data;
      }
      credit.take(cost(data));
      giveBack();
    } finally {
      set.lock().unlock();
    }
    set.counts().queuedMessages.decrement();
    set.buffered().remove(cost(data));
    return data;
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

  /** Notes how much of a message waits for its rest. */
  void assembled(int bytes) {
    set.lock().lock();
    try {
      set.buffered().add(bytes - assembledBytes);
      assembledBytes = bytes;
    } finally {
      set.lock().unlock();
    }
  }

  /** The consumer is no more, whether there was nothing left or its handler failed. */
  void consumerLeft() {
    set.lock().lock();
    try {
      releaseAssembly();
    } finally {
      set.lock().unlock();
    }
  }

  /**
   * Gives up on what waits, unless the peer has ended in peace and is owed an ear. The lock is
   * held.
   */
  void abandon(boolean inPeace) {
    over = true;
    ended = true;
    if (!inPeace) {
      for (Frame.Data data : queue) {
        if (!isEnd(data)) {
          set.counts().queuedMessages.decrement();
          set.buffered().remove(cost(data));
        }
      }
      queue.clear();
    }
    releaseAssembly();
  }

  private void releaseAssembly() {
    if (over && assembledBytes > 0) {
      set.buffered().remove(assembledBytes);
      assembledBytes = 0;
    }
  }

  private static int cost(Frame.Data data) {
    return data.payload().length + Wire.DATA_COST_BYTES;
  }
}
