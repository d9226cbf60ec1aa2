package io.heartbus.server.connection;

import io.heartbus.server.channel.ChannelSet;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written to one connection: control frames, which leave first, and data. There is
 * no writing thread. Whoever finds nobody writing writes everything that is there, together with
 * what others add meanwhile, in as few writes as that takes; the others just leave their frames.
 *
 * <p>Any thread. Adding never blocks; {@link #flush} blocks for as long as the peer does not read.
 * An idle outbox holds nothing.
 */
final class Outbox {
  private static final int WRITE_BYTES = 32 * 1024;

  /** Control frames and data go out together, up to the size of buffer that a carrier keeps. */
  private static final int JOINED_BYTES_MAX = 64 * 1024;

  private static final VarHandle CONTROL;
  private static final VarHandle DATA;
  private static final VarHandle WRITING;
  private static final VarHandle CONTROL_BYTES;
  private static final VarHandle DATA_BYTES;
  private static final VarHandle OVERFLOWED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      CONTROL = lookup.findVarHandle(Outbox.class, "control", FrameChain.class);
      DATA = lookup.findVarHandle(Outbox.class, "data", FrameChain.class);
      WRITING = lookup.findVarHandle(Outbox.class, "writing", boolean.class);
      CONTROL_BYTES = lookup.findVarHandle(Outbox.class, "controlBytes", int.class);
      OVERFLOWED = lookup.findVarHandle(Outbox.class, "overflowed", boolean.class);
      DATA_BYTES = lookup.findVarHandle(Outbox.class, "dataBytes", int.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  /** What can still be written: anything, nothing after the farewell, nothing to that peer. */
  private static final byte OPEN = 0;

  private static final byte FINISHED = 1;
  private static final byte DEAD = 2;

  private final Connection connection;

  /** Liveness time when the write under way last made progress, 0 = none. Read by the sweep. */
  private volatile long writeStartNanos;

  /** Frames that nobody took yet, the newest first. Changed by compare-and-set. */
  private volatile @Nullable FrameChain control;

  private volatile @Nullable FrameChain data;

  /** Data in order, the oldest first. Only whoever holds {@code writing} touches it. */
  private @Nullable FrameChain taken;

  /** The farewell, once the end is decided. Set once. */
  private volatile @Nullable FrameChain last;

  private volatile boolean writing;
  private volatile boolean roomWanted;
  private volatile boolean overflowed;

  /** Only whoever holds {@code writing} changes it. A byte: an enum would cost every node 8. */
  private volatile byte end = OPEN;

  private volatile int controlBytes;
  private volatile int dataBytes;

  Outbox(Connection connection) {
    this.connection = connection;
  }

  /** When the write under way last made progress, in liveness time; 0 when nobody writes. */
  long writeStartNanos() {
    return writeStartNanos;
  }

  /** Adds a frame that goes before all data. Returns false, once, when too much waits already. */
  boolean addControl(byte[] frame, int bytesMax) {
    if (overflowed) {
      return true;
    }
    if ((int) CONTROL_BYTES.getAndAdd(this, frame.length) > bytesMax) {
      return !OVERFLOWED.compareAndSet(this, false, true);
    }
    push(CONTROL, new FrameChain(frame));
    return true;
  }

  /**
   * Adds a frame behind all other data.
   *
   * @return false when too much waits already; the channels are told when there is room
   */
  boolean addData(byte[] frame, int bytesMax) {
    if (!hasRoom(bytesMax)) {
      return false;
    }
    if (last != null) {
      return true;
    }
    DATA_BYTES.getAndAdd(this, frame.length);
    push(DATA, new FrameChain(frame));
    return true;
  }

  /** Whether data can be added; when not, the channels are told when it can. */
  boolean hasRoom(int bytesMax) {
    if (dataBytes < bytesMax) {
      return true;
    }
    roomWanted = true;
    // Whoever wrote meanwhile may not have seen that.
    return dataBytes < bytesMax;
  }

  /**
   * Adds the last frame, once: data and whatever comes later is dropped, and the output shut down
   * behind it.
   */
  void finish(byte[] farewell) {
    FrameChain entry = new FrameChain(farewell);
    CONTROL_BYTES.getAndAdd(this, farewell.length);
    last = entry;
    push(CONTROL, entry);
  }

  /** Whether everything has been written and the output was shut down. */
  boolean finished() {
    return end == FINISHED;
  }

  /** Writes all that is there, unless somebody else is at it. */
  void flush() {
    while (hasWork() && WRITING.compareAndSet(this, false, true)) {
      try {
        drain();
      } catch (IOException broken) {
        // What the peer said before it hung up is still to be read.
        end = DEAD;
        if (!connection.open()) {
          connection.release();
        }
        return;
      } catch (Throwable surprise) {
        // What was taken out is gone, so the stream makes no sense any more.
        end = DEAD;
        connection.lost(CloseReason.INTERNAL);
        throw surprise;
      } finally {
        writing = false;
      }
      if (roomWanted) {
        roomWanted = false;
        tellRoom();
      }
    }
  }

  private void tellRoom() {
    ChannelSet channels = connection.dialect().channels();
    if (channels != null) {
      channels.carrierHasRoom();
    }
  }

  /** Whether a flush would find something to do that nobody is doing. */
  boolean needsFlush() {
    return hasWork() && !writing;
  }

  private boolean hasWork() {
    return end != DEAD && anythingLeft();
  }

  private boolean anythingLeft() {
    return control != null || data != null || taken != null;
  }

  private void push(VarHandle list, FrameChain entry) {
    do {
      entry.next = (FrameChain) list.getVolatile(this);
    } while (!list.compareAndSet(this, entry.next, entry));
  }

  private void drain() throws IOException {
    if (end == FINISHED) {
      control = null;
      data = null;
      return;
    }
    // The data first: what must go before it, such as an ACCEPT, is in the other list by then.
    if (taken == null) {
      taken = takeAll(DATA);
    }
    FrameChain urgent = takeAll(CONTROL);
    boolean lastRound = cutBehindLast(urgent);
    FrameChain some = lastRound ? null : takeSome();
    int urgentBytes = FrameChain.bytes(urgent);
    int someBytes = FrameChain.bytes(some);
    if (urgent != null && some != null && urgentBytes + someBytes <= JOINED_BYTES_MAX) {
      urgent.append(some);
      write(urgent, urgentBytes + someBytes);
    } else {
      write(urgent, urgentBytes);
      write(some, someBytes);
    }
    CONTROL_BYTES.getAndAdd(this, -urgentBytes);
    DATA_BYTES.getAndAdd(this, -someBytes);
    if (lastRound) {
      taken = null;
      data = null;
      connection.socket.shutdownOutput();
      end = FINISHED;
      connection.releaseIfFinished();
    }
  }

  /** Lets go of what was added behind the farewell. Returns whether that is among the frames. */
  private boolean cutBehindLast(@Nullable FrameChain first) {
    for (FrameChain entry = first; entry != null; entry = entry.next) {
      if (entry == last) {
        entry.next = null;
        return true;
      }
    }
    return false;
  }

  /** Takes a list, and puts the oldest first. */
  private @Nullable FrameChain takeAll(VarHandle list) {
    return FrameChain.turned((FrameChain) list.getAndSet(this, null));
  }

  /** Takes data out of {@code taken} for about one write, or a single frame. */
  private @Nullable FrameChain takeSome() {
    FrameChain first = taken;
    if (first != null) {
      FrameChain end = first.lastWithin(WRITE_BYTES);
      taken = end.next;
      end.next = null;
    }
    return first;
  }

  private void write(@Nullable FrameChain first, int bytes) throws IOException {
    if (first == null || first.next == null || connection.dialect().oneFramePerWrite()) {
      for (FrameChain link = first; link != null; link = link.next) {
        write(ByteBuffer.wrap(link.frame));
      }
    } else {
      write(first.joined(bytes));
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    connection.context().counts().bytesOut.add(bytes.remaining());
    try {
      while (bytes.hasRemaining()) {
        writeStartNanos = connection.context().clock().nowNanos();
        // On a virtual thread a blocking write returns early, too.
        connection.socket.write(bytes);
      }
    } finally {
      writeStartNanos = 0;
    }
  }
}
