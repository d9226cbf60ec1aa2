package io.heartbus.client;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the listener of one client, on the one virtual thread that does so. Any thread may tell.
 */
final class Announcer implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

  private final ClientListener listener;
  private final LongAdder dropped;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition told = lock.newCondition();
  // Guarded by lock.
  private final ArrayDeque<Consumer<ClientListener>> events = new ArrayDeque<>();
  private boolean last;

  Announcer(ClientListener listener, LongAdder dropped) {
    this.listener = listener;
    this.dropped = dropped;
  }

  /** Has the listener called soon, unless too much waits already. */
  void tell(Consumer<ClientListener> event) {
    lock.lock();
    try {
      if (last) {
        return;
      }
      if (events.size() >= Limits.EVENTS_MAX) {
        dropped.increment();
        return;
      }
      events.addLast(event);
      told.signal();
    } finally {
      lock.unlock();
    }
  }

  /** The last thing to be told. */
  void tellClosed(@Nullable IOException cause) {
    lock.lock();
    try {
      if (!last) {
        events.addLast(to -> to.closed(cause));
        last = true;
        told.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void run() {
    try {
      for (Consumer<ClientListener> event = next(); event != null; event = next()) {
        call(event);
      }
    } catch (InterruptedException e) {
      // A listener may interrupt its own thread; then it wants to hear no more.
      LOG.debug("the listener interrupted its thread", e);
    }
  }

  private @Nullable Consumer<ClientListener> next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (events.isEmpty()) {
        if (last) {
          return null;
        }
        told.await();
      }
      return events.removeFirst();
    } finally {
      lock.unlock();
    }
  }

  private void call(Consumer<ClientListener> event) {
    try {
      event.accept(listener);
    } catch (RuntimeException e) {
      LOG.warn("the listener failed", e);
    }
  }
}
