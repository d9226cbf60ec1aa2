package io.heartbus.client;

import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where a client stands between its {@link SessionLoop}, which writes here, and everybody else, who
 * waits here. Its lock is held only for moments and nests inside no other.
 */
final class SessionState {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by lock.
  private @Nullable Connection connection;
  private @Nullable Session latest;
  private @Nullable IOException gaveUp;
  private boolean registered;
  private boolean closing;
  private boolean over;

  // --- For the loop.

  /** There is a connection, not yet registered; false when the client is being closed. */
  boolean connected(Connection newConnection) {
    lock.lock();
    try {
      connection = newConnection;
      return !closing;
    } finally {
      lock.unlock();
    }
  }

  /** There is a session, and it is counted: nobody sees one without the other. */
  void registered(Session session, LongAdder sessions) {
    lock.lock();
    try {
      sessions.increment();
      latest = session;
      registered = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void disconnected() {
    lock.lock();
    try {
      connection = null;
      registered = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The loop has ended: because it was told to (null), or because it gave up. */
  void over(@Nullable IOException cause) {
    lock.lock();
    try {
      over = true;
      gaveUp = cause;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits that long; false, at once, when the client is being closed. */
  boolean rest(long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (!closing && left > 0) {
        left = changed.awaitNanos(left);
      }
      return !closing;
    } finally {
      lock.unlock();
    }
  }

  boolean isClosing() {
    lock.lock();
    try {
      return closing;
    } finally {
      lock.unlock();
    }
  }

  // --- For everybody else.

  /** From now on nothing new begins; the answer is what there is to be ended. */
  Ending close() {
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
      return new Ending(connection, registered);
    } finally {
      lock.unlock();
    }
  }

  /** The connection that a closed client still has, and whether it has to say goodbye on it. */
  record Ending(@Nullable Connection connection, boolean registered) {}

  /**
   * Waits for the first session.
   *
   * @throws IOException why there will be none
   */
  void awaitFirst() throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      while (latest == null && !over) {
        changed.await();
      }
      if (latest == null) {
        throw gaveUp == null ? new ClientClosedException(null) : gaveUp;
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a connection that takes new channels.
   *
   * @throws TimedOutException when there is none in time
   * @throws ClientClosedException when there will be none
   */
  Connection awaitConnection(Deadline deadline) throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        refuseIfClosed();
        Connection present = connection;
        if (registered && present != null && present.departure() == null) {
          return present;
        }
        if (!deadline.await(changed)) {
          throw new TimedOutException("there is no connection to a server");
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * The registered connection of this moment.
   *
   * @throws ConnectionLostException when there is none now
   * @throws ClientClosedException when there will be none
   */
  Connection connection() throws IOException {
    lock.lock();
    try {
      refuseIfClosed();
      Connection present = connection;
      if (!registered || present == null) {
        throw new ConnectionLostException("there is no connection to a server");
      }
      return present;
    } finally {
      lock.unlock();
    }
  }

  /** How many channels are open now. */
  int openChannels() {
    lock.lock();
    try {
      return registered && connection != null ? connection.channels().size() : 0;
    } finally {
      lock.unlock();
    }
  }

  /** The present session, or the last one. */
  Session latest() {
    lock.lock();
    try {
      if (latest == null) {
        throw new IllegalStateException("there was no session yet");
      }
      return latest;
    } finally {
      lock.unlock();
    }
  }

  ClientState state() {
    lock.lock();
    try {
      if (closing || over) {
        return ClientState.CLOSED;
      }
      return registered ? ClientState.CONNECTED : ClientState.RECONNECTING;
    } finally {
      lock.unlock();
    }
  }

  /** Says so when the client is closed. */
  void refuseIfClosed() throws ClientClosedException {
    lock.lock();
    try {
      if (closing || over) {
        throw new ClientClosedException(gaveUp);
      }
    } finally {
      lock.unlock();
    }
  }
}
