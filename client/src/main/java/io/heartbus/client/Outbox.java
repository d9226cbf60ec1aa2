package io.heartbus.client;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.FrameLog;
import io.heartbus.protocol.FrameWriter;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that is about to leave on one connection: control frames before data, many small
 * frames in one write, never more than {@value #BATCH_BYTES} bytes (or one frame) ahead of a beat.
 * Bounded: senders of data wait for room, a control frame without room is refused. Any thread;
 * {@link WriteLoop} empties it.
 */
final class Outbox {
  static final int BATCH_BYTES = 16 * 1024;

  /** One line per frame, at TRACE. */
  private static final Logger FRAMES = LoggerFactory.getLogger("io.heartbus.client.frames");

  /** What became of waiting for room. */
  enum Room {
    GRANTED,
    TIMED_OUT,
    OVER
  }

  /**
   * @param channel whose data it is, 0 = none's
   * @param budgeted whether it counts as data, which senders wait for
   */
  private record Item(ByteBuffer bytes, long channel, boolean budgeted, @Nullable String line) {}

  private final LongAdder framesSent;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition room = lock.newCondition();
  // Guarded by lock. dataBytes counts what is queued and what is reserved.
  private final ArrayDeque<Item> control = new ArrayDeque<>();
  private final ArrayDeque<Item> data = new ArrayDeque<>();
  private int controlBytes;
  private int dataBytes;
  private boolean finishing;
  private boolean over;

  /**
   * @param framesSent counts what is handed to the writing thread
   */
  Outbox(LongAdder framesSent) {
    this.framesSent = framesSent;
  }

  /** Queues a frame that leaves before all data; false when the queue is full. Never waits. */
  boolean control(Frame frame) {
    Item item = item(frame, 0, false);
    lock.lock();
    try {
      if (over || finishing) {
        return true;
      }
      if (controlBytes + item.bytes().remaining() > Limits.CONTROL_OUTBOX_BYTES) {
        return false;
      }
      controlBytes += item.bytes().remaining();
      control.addLast(item);
      work.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until so many bytes of data fit; they are then set aside for {@link #data}. */
  Room reserve(int bytes, Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!over && !finishing && !fits(bytes)) {
        if (!deadline.await(room)) {
          return Room.TIMED_OUT;
        }
      }
      if (over || finishing) {
        return Room.OVER;
      }
      dataBytes += bytes;
      return Room.GRANTED;
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #reserve}, without waiting. */
  boolean tryReserve(int bytes) {
    lock.lock();
    try {
      if (over || finishing || !fits(bytes)) {
        return false;
      }
      dataBytes += bytes;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Gives back what was set aside and not used. */
  void release(int bytes) {
    lock.lock();
    try {
      dataBytes -= bytes;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Queues a frame behind all data. It never waits; {@code reserved} bytes were set aside for it.
   */
  void data(Frame frame, long channel, int reserved) {
    add(data, item(frame, channel, true), reserved);
  }

  /** Queues a frame that a user asked for and that has to leave before data: an OPEN. */
  void ahead(Frame frame, int reserved) {
    add(control, item(frame, 0, true), reserved);
  }

  private void add(ArrayDeque<Item> queue, Item item, int reserved) {
    lock.lock();
    try {
      dataBytes -= reserved;
      if (!over && !finishing) {
        dataBytes += item.bytes().remaining();
        queue.addLast(item);
        work.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what waits to leave on a channel that was reset. */
  void discard(long channel) {
    lock.lock();
    try {
      data.removeIf(item -> {
        boolean gone = item.channel() == channel;
        dataBytes -= gone ? item.bytes().remaining() : 0;
        return gone;
      });
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Writes what is queued, then the last frame if there is one, then shuts down the output.
   *
   * @param dropQueued whether only the last frame shall still leave
   */
  void finish(@Nullable Frame last, boolean dropQueued) {
    lock.lock();
    try {
      if (finishing) {
        return;
      }
      finishing = true;
      if (dropQueued) {
        control.clear();
        data.clear();
      }
      if (last != null) {
        data.addLast(item(last, 0, true));
      }
      work.signal();
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The socket is gone. */
  void stop() {
    lock.lock();
    try {
      over = true;
      control.clear();
      data.clear();
      work.signal();
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for something to write; null when there will be nothing more. */
  @Nullable ByteBuffer next() throws InterruptedException {
    lock.lock();
    try {
      while (control.isEmpty() && data.isEmpty() && !over && !finishing) {
        work.await();
      }
      if (over || (control.isEmpty() && data.isEmpty())) {
        return null;
      }
      ArrayDeque<Item> batch = new ArrayDeque<>();
      int bytes = take(data, batch, take(control, batch, 0));
      room.signalAll();
      return joined(batch, bytes);
    } finally {
      lock.unlock();
    }
  }

  private int take(ArrayDeque<Item> from, ArrayDeque<Item> batch, int taken) {
    int bytes = taken;
    while (!from.isEmpty()
        && (bytes == 0 || bytes + from.getFirst().bytes().remaining() <= BATCH_BYTES)) {
      Item item = from.removeFirst();
      bytes += item.bytes().remaining();
      controlBytes -= item.budgeted() ? 0 : item.bytes().remaining();
      dataBytes -= item.budgeted() ? item.bytes().remaining() : 0;
      batch.addLast(item);
    }
    return bytes;
  }

  private ByteBuffer joined(ArrayDeque<Item> batch, int bytes) {
    framesSent.add(batch.size());
    if (FRAMES.isTraceEnabled()) {
      batch.forEach(item -> FRAMES.trace("{}", item.line()));
    }
    if (batch.size() == 1) {
      return batch.getFirst().bytes();
    }
    ByteBuffer joined = ByteBuffer.allocate(bytes);
    batch.forEach(item -> joined.put(item.bytes()));
    return joined.flip();
  }

  private boolean fits(int bytes) {
    // One frame always fits into an empty queue, whatever its size.
    return dataBytes == 0 || dataBytes + bytes <= Limits.DATA_OUTBOX_BYTES;
  }

  private static Item item(Frame frame, long channel, boolean budgeted) {
    String line = FRAMES.isTraceEnabled() ? FrameLog.sent(frame) : null;
    return new Item(ByteBuffer.wrap(FrameWriter.encode(frame)), channel, budgeted, line);
  }
}
