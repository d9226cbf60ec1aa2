package io.heartbus.client;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A client's life on a virtual thread of its own: connect, register, read until the connection ends,
 * stay away for a while, again; until it is closed or gives up. Other threads wait here for a
 * connection.
 */
final class SessionLoop implements Runnable {
  private final ClientContext context;
  private final Channel defaultChannel;
  private final Registration registration;
  private final ServerPool pool;
  private final Dialer dialer = new Dialer();
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by lock. `connection` is any that exists, registered or not; `session` says which.
  private @Nullable Connection connection;
  private @Nullable Session session;
  private @Nullable Session latest;
  private @Nullable IOException gaveUp;
  private boolean closing;
  private boolean over;

  // Of the loop's own thread.
  private List<ChannelTable.Detached> waiting = new ArrayList<>();
  private int failuresInARow;

  SessionLoop(ClientContext context, Channel defaultChannel) {
    this.context = context;
    this.defaultChannel = defaultChannel;
    ClientOptions options = context.options();
    this.registration = new Registration(options, context.incoming() != null, context.random());
    this.pool =
        new ServerPool(
            options.servers(),
            new RetryRule(options.reconnect(), context.random()),
            context.random(),
            System.nanoTime());
    this.thread =
        Thread.ofVirtual().name("heartbus-" + options.identity().nodeId()).unstarted(this);
  }

  /**
   * Starts, and waits until the first session is there.
   *
   * @throws IOException why no server could be reached, or why one refused
   */
  Session start() throws IOException, InterruptedException {
    thread.start();
    lock.lockInterruptibly();
    try {
      while (latest == null && !over) {
        changed.await();
      }
      if (latest != null) {
        return latest;
      }
      throw gaveUp == null ? new ClientClosedException(null) : gaveUp;
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
        if (closing || over) {
          throw new ClientClosedException(gaveUp);
        }
        Connection present = connection;
        if (session != null && present != null && present.departure() == null) {
          return present;
        }
        if (!deadline.await(changed)) {
          throw new TimedOutException("there is no connection");
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** The registered connection of this moment, or null. */
  @Nullable Connection connection() {
    lock.lock();
    try {
      return session == null ? null : connection;
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
      return session == null ? ClientState.RECONNECTING : ClientState.CONNECTED;
    } finally {
      lock.unlock();
    }
  }

  /** What made the client give up, or null. */
  @Nullable IOException gaveUp() {
    lock.lock();
    try {
      return gaveUp;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends the loop: a registered node says goodbye, and has a little time for it. Idempotent. An
   * interrupted caller does not wait, and nor does the node.
   */
  void close() {
    Connection last;
    boolean registered;
    lock.lock();
    try {
      closing = true;
      last = connection;
      registered = session != null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    dialer.abort();
    if (last != null) {
      end(last, registered);
    }
    boolean interrupted = false;
    try {
      thread.join(context.limits().closeTime());
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (last != null) {
      last.fail(new ClientClosedException(null));
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
