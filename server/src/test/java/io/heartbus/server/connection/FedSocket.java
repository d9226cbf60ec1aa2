package io.heartbus.server.connection;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketImpl;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A socket that is fed by a test, and notes for how much each read had room. */
final class FedSocket extends MemorySocket {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Integer> rooms = new ArrayList<>();
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private byte[] unread = {};
  private boolean waiting;

  /** Puts bytes in, all at once. */
  void feed(byte[] bytes) {
    lock.lock();
    try {
      unread = bytes.clone();
      waiting = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until all was read, so that the reader waits for more. Returns the room of each read. */
  List<Integer> awaitReader() throws InterruptedException {
    lock.lock();
    try {
      while (!waiting) {
        changed.await();
      }
      List<Integer> seen = List.copyOf(rooms);
      rooms.clear();
      return seen;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until so many bytes were written, and takes them. */
  byte[] awaitWritten(int bytes) throws InterruptedException {
    lock.lock();
    try {
      while (written.size() < bytes) {
        changed.await();
      }
      byte[] all = written.toByteArray();
      written.reset();
      return all;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int read(ByteBuffer target) throws AsynchronousCloseException {
    lock.lock();
    try {
      while (unread.length == 0) {
        waiting = true;
        changed.signalAll();
        changed.awaitUninterruptibly();
        if (!isOpen()) {
          throw new AsynchronousCloseException();
        }
      }
      rooms.add(target.remaining());
      int count = Math.min(unread.length, target.remaining());
      target.put(unread, 0, count);
      unread = Arrays.copyOfRange(unread, count, unread.length);
      return count;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int write(ByteBuffer source) {
    lock.lock();
    try {
      int count = source.remaining();
      byte[] bytes = new byte[count];
      source.get(bytes);
      written.writeBytes(bytes);
      changed.signalAll();
      return count;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public SocketChannel shutdownOutput() {
    return this;
  }

  @Override
  protected void implCloseSelectableChannel() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Socket socket() {
    try {
      return new Unread();
    } catch (SocketException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private final class Unread extends Socket {
    Unread() throws SocketException {
      super((SocketImpl) null);
    }

    @Override
    public InputStream getInputStream() {
      lock.lock();
      try {
        return new ByteArrayInputStream(unread);
      } finally {
        lock.unlock();
      }
    }
  }
}
