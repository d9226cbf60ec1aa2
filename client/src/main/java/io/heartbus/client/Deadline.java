package io.heartbus.client;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/** The moment up to which a caller waits; {@link #NEVER} = as long as it takes. */
final class Deadline {
  /** Longer waits count as for ever: 146 years, so that sums of nanoseconds cannot overflow. */
  private static final long NANOS_MAX = Long.MAX_VALUE / 2;

  static final Deadline NEVER = new Deadline(0, true);

  private final long atNanos;
  private final boolean never;

  private Deadline(long atNanos, boolean never) {
    this.atNanos = atNanos;
    this.never = never;
  }

  /** That long from now; zero or less has passed already. */
  static Deadline in(Duration wait) {
    if (wait.compareTo(Duration.ofNanos(NANOS_MAX)) >= 0) {
      return NEVER;
    }
    return new Deadline(System.nanoTime() + Math.max(0, wait.toNanos()), false);
  }

  /** What is left, 0 when it has passed, {@link Long#MAX_VALUE} when it never will. */
  long remainingNanos() {
    return never ? Long.MAX_VALUE : Math.max(0, atNanos - System.nanoTime());
  }

  boolean passed() {
    return remainingNanos() == 0;
  }

  /**
   * Waits on the condition, to be called in a loop; false, without waiting, when the moment has
   * passed.
   */
  @SuppressWarnings("WaitNotInLoop") // The loop is the caller's.
  boolean await(Condition condition) throws InterruptedException {
    if (never) {
      condition.await();
      return true;
    }
    long left = remainingNanos();
    return left > 0 && (condition.await(left, TimeUnit.NANOSECONDS) || left > 0);
  }
}
