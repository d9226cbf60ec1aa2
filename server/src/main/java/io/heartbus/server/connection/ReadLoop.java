package io.heartbus.server.connection;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.FrameReader;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.protocol.Role;
import io.heartbus.server.channel.ChannelSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reading of one connection, as a relay of virtual threads. Each makes one blocking read (and
 * another that does not block, if that left something), handles every frame that is complete,
 * starts its successor for the next read, and only then writes the answers. So a peer that does not
 * read can block the writing but never the reading. And a thread that ends leaves no stack behind,
 * where one that loops comes to keep two (DESIGN has the bytes).
 *
 * <p>The relay has one runner at a time, who owns everything here.
 */
final class ReadLoop implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(ReadLoop.class);

  /** Nothing of whoever starts one is handed on to it. */
  static final ThreadFactory THREADS =
      Thread.ofVirtual().inheritInheritableThreadLocals(false).factory();

  private static final int LINGER_BYTES_MAX = 2 * 1024 * 1024;
  private static final int DISCARD_BYTES = 4096;

  /** A heartbeat is smaller, and the smallest buffer has room for it: no unit at all. */
  private static final int BEAT_BYTES = 16;

  private static final int EXPECTED_UNIT_BYTES = 32;

  /** A connection waits with no larger buffer than so many units: 4 KiB. */
  private static final int EXPECTED_UNITS_MAX = Byte.MAX_VALUE;

  /** A read of so many bytes that took all it had room for is that of a busy peer. */
  private static final int CROWDING_BYTES = EXPECTED_UNITS_MAX * EXPECTED_UNIT_BYTES;

  /** A usual REGISTER is smaller. */
  private static final int REGISTER_BYTES = 512;

  private final Connection connection;
  private final FrameReader reader = new FrameReader(Role.NODE);
  private int discardedBytes;

  /** Bytes, because anything larger would make every connection 8 bytes larger. */
  private byte broughtUnits;

  private byte expectedUnits;

  /** Liveness time when the frame under way began, 0 = none. Read by the sweep. */
  private volatile long frameStartNanos;

  private volatile boolean finished;

  ReadLoop(Connection connection) {
    this.connection = connection;
  }

  /** Starts the next runner. */
  void start() {
    THREADS.newThread(this).start();
  }

  /** Welcomes all frames up to that size. Only the runner calls it. */
  void registered(int frameBytesMax) {
    reader.registered(frameBytesMax);
  }

  /** When the frame under way began, in liveness time; 0 = none. Any thread. */
  long frameStartNanos() {
    return frameStartNanos;
  }

  /** Whether the peer will send nothing more. Any thread. */
  boolean finished() {
    return finished;
  }

  /** How many bytes have arrived and were not read yet. Any thread. */
  int unreadBytes() {
    try {
      return connection.socket.socket().getInputStream().available();
    } catch (IOException closed) {
      return 0;
    }
  }

  @Override
  public void run() {
    boolean more = false;
    try {
      more = round();
    } catch (ProtocolException broken) {
      connection.fail(broken.code(), broken.getMessage());
      more = true;
    } catch (IOException gone) {
      connection.lost(CloseReason.RESET);
    } catch (Throwable surprise) {
      LOG.warn("{}: a fault of the server's own ends this connection", connection, surprise);
      connection.fail(ErrorCode.INTERNAL, "internal error");
      more = true;
    }
    if (more) {
      startOrGiveUp();
    }
    connection.flush();
  }

  /**
   * Lets others read, when this peer sends more than is read. A carrier takes up threads that were
   * woken elsewhere only when it has none of its own left, and a reader that always finds data
   * starts its successor there, for ever. A timer wakes it elsewhere, too.
   */
  private void giveWay(int readBytes) {
    if (readBytes >= CROWDING_BYTES && reader.filled()) {
      LockSupport.parkNanos(1);
    }
  }

  /** Without a successor nobody would notice anything about this connection any more. */
  private void startOrGiveUp() {
    try {
      start();
    } catch (Throwable noThread) {
      connection.lost(CloseReason.INTERNAL);
      throw noThread;
    }
  }

  /** Reads what is there, and handles it. Returns whether there may be more to read. */
  private boolean round() throws IOException {
    int expectedBytes =
        connection.node() == null ? REGISTER_BYTES : expectedUnits * EXPECTED_UNIT_BYTES;
    int bytes = connection.socket.read(reader.intake(expectedBytes));
    if (!connection.open()) {
      discard(bytes);
      return false;
    }
    if (bytes < 0) {
      connection.lost(reader.midFrame() ? CloseReason.TRUNCATED : CloseReason.DISCONNECTED);
      return false;
    }
    handle(bytes);
    return true;
  }

  /** Handles what a read brought, and what it had no room for. */
  private void handle(int bytes) throws IOException {
    int all = bytes;
    try {
      handleFrames();
      // The room was as small as an idle connection's may be, and who wakes up for a burst takes
      // it all. That does not block. To ask the socket costs bytes for life, so it is done late.
      int waitingBytes = reader.filled() && connection.open() ? unreadBytes() : 0;
      if (waitingBytes > 0) {
        all += connection.socket.read(reader.intake(waitingBytes));
        handleFrames();
      }
    } finally {
      connection.context().counts().bytesIn.add(all);
      ChannelSet channels = connection.dialect().channels();
      if (channels != null) {
        channels.frames().allReceived();
      }
    }
    expect(all);
    giveWay(all);
  }

  /**
   * The next read has room for what each of the last two brought, and some more. So a busy peer is
   * read in one go, while one that sent a single burst waits with a small buffer again.
   */
  private void expect(int bytes) {
    int wanted = bytes < BEAT_BYTES ? 0 : Math.ceilDiv(bytes + bytes / 4, EXPECTED_UNIT_BYTES);
    int now = Math.min(wanted, EXPECTED_UNITS_MAX);
    expectedUnits = (byte) Math.min(broughtUnits, now);
    broughtUnits = (byte) now;
  }

  private void handleFrames() throws ProtocolException {
    long nowNanos = connection.context().clock().nowNanos();
    boolean whole = false;
    while (connection.open() && reader.advance() && connection.heardAt(nowNanos)) {
      whole = true;
      connection.dialect().received(connection, reader);
    }
    if (!reader.midFrame()) {
      frameStartNanos = 0;
    } else if (whole || frameStartNanos == 0) {
      frameStartNanos = nowNanos;
    }
  }

  /**
   * Reads on after the end, because the kernel would answer unread input with a reset, and that
   * could overtake the farewell. The sweep bounds the time.
   */
  private void discard(int bytes) throws IOException {
    int count = bytes;
    ByteBuffer scratch = ByteBuffer.allocate(DISCARD_BYTES);
    while (count >= 0) {
      discardedBytes += count;
      if (discardedBytes > LINGER_BYTES_MAX) {
        connection.release();
        return;
      }
      count = connection.socket.read(scratch.clear());
    }
    finished = true;
    connection.releaseIfFinished();
  }
}
