package io.heartbus.server.channel;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A condition that is made only when somebody waits. All is guarded by the lock it is made for. */
final class Signal {
  private final ReentrantLock lock;
  private @Nullable Condition condition;

  Signal(ReentrantLock lock) {
    this.lock = lock;
  }

  /**
   * Waits for the next call of {@link #all}. Returns what is left of the limit, 0 or less when
   * none.
   */
  @SuppressWarnings("WaitNotInLoop") // The loop is the caller's, who knows what it waits for.
  long await(long limitNanos) throws InterruptedException {
    Condition made = condition;
    if (made == null) {
      made = lock.newCondition();
      condition = made;
    }
    return made.awaitNanos(limitNanos);
  }

  /** Wakes all who wait. */
  void all() {
    if (condition != null) {
      condition.signalAll();
    }
  }
}
