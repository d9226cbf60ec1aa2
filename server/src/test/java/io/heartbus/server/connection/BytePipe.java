package io.heartbus.server.connection;

import io.heartbus.protocol.FrameType;
import io.heartbus.protocol.Wire;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketImpl;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A socket whose other end is a node of a {@link PipedFleet} in this process. A read parks its
 * thread until bytes come, as one of a real socket does; a write hands each frame to the fleet.
 *
 * <p>One thread reads at a time, one puts bytes in; holds as little as it can, because there is one
 * for each of a million nodes.
 */
final class BytePipe extends MemorySocket {
  private static final VarHandle INCOMING;

  static {
    try {
      INCOMING = MethodHandles.lookup().findVarHandle(BytePipe.class, "incoming", byte[].class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  private final PipedFleet fleet;

  /** What came and was not read yet; null when that is nothing. Changed by compare-and-set. */
  private volatile byte @Nullable [] incoming;

  /** Whoever waits for that. Also what keeps a parked thread from being collected. */
  private volatile @Nullable Thread reader;

  /** When the last beat was put in. Written before it is. */
  private long beatNanos;

  BytePipe(PipedFleet fleet) {
    this.fleet = fleet;
  }

  /** Puts a beat in. Only the fleet's thread calls it. */
  void beat(byte[] frame) {
    beatNanos = System.nanoTime();
    put(frame);
  }

  /** When the last beat was put in; for whoever answers it. */
  long beatNanos() {
    return beatNanos;
  }

  /** Puts bytes in, which are never changed. Only the fleet's thread calls it. */
  void put(byte[] bytes) {
    byte[] before;
    byte[] joined;
    do {
      before = incoming;
      joined = before == null ? bytes : join(before, bytes);
    } while (!INCOMING.compareAndSet(this, before, joined));
    LockSupport.unpark(reader);
  }

  @Override
  public int read(ByteBuffer target) throws ClosedChannelException {
    byte[] bytes = take();
    int count = Math.min(bytes.length, target.remaining());
    target.put(bytes, 0, count);
    if (count < bytes.length) {
      putBack(Arrays.copyOfRange(bytes, count, bytes.length));
    }
    return count;
  }

  private byte[] take() throws ClosedChannelException {
    byte[] bytes = (byte[]) INCOMING.getAndSet(this, null);
    while (bytes == null) {
      reader = Thread.currentThread();
      if (incoming == null && isOpen()) {
        LockSupport.park();
      }
      reader = null;
      if (!isOpen()) {
        throw new AsynchronousCloseException();
      }
      bytes = (byte[]) INCOMING.getAndSet(this, null);
    }
    return bytes;
  }

  private void putBack(byte[] rest) {
    byte[] after;
    do {
      after = incoming;
    } while (!INCOMING.compareAndSet(this, after, after == null ? rest : join(rest, after)));
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** Takes everything; a server writes whole frames. */
  @Override
  public int write(ByteBuffer source) throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
    int bytes = source.remaining();
    while (source.hasRemaining()) {
      int start = source.position();
      FrameType type = FrameType.of(source.get(start + 2) & 0xFF);
      source.position(start + Wire.HEADER_BYTES + source.getInt(start + 3));
      fleet.answered(this, type);
    }
    return bytes;
  }

  @Override
  public SocketChannel shutdownOutput() {
    return this;
  }

  @Override
  protected void implCloseSelectableChannel() {
    LockSupport.unpark(reader);
  }

  @Override
  public Socket socket() {
    try {
      return new Unread(this);
    } catch (SocketException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** What a connection asks for to learn how many bytes it has not read. */
  private static final class Unread extends Socket {
    private final BytePipe pipe;

    Unread(BytePipe pipe) throws SocketException {
      super((SocketImpl) null);
      this.pipe = pipe;
    }

    @Override
    public InputStream getInputStream() {
      byte[] waiting = pipe.incoming;
      return new ByteArrayInputStream(waiting == null ? new byte[0] : waiting);
    }
  }
}
