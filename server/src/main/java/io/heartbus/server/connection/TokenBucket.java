package io.heartbus.server.connection;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Admission at a bounded rate, with bursts of up to one second's worth. It counts in the time at
 * which the bucket will be full again, so one word holds its state. Any thread; time is a
 * parameter.
 */
final class TokenBucket {
  private static final long SECOND_NANOS = 1_000_000_000;

  private final long tokenNanos;
  private final AtomicLong fullAtNanos;

  TokenBucket(int perSecond, long nowNanos) {
    this.tokenNanos = SECOND_NANOS / perSecond;
    this.fullAtNanos = new AtomicLong(nowNanos);
  }

  /** Takes a token, if there is one. */
  boolean tryTake(long nowNanos) {
    while (true) {
      long fullAt = fullAtNanos.get();
      long next = (fullAt - nowNanos > 0 ? fullAt : nowNanos) + tokenNanos;
      if (next - nowNanos > SECOND_NANOS) {
        return false;
      }
      if (fullAtNanos.compareAndSet(fullAt, next)) {
        return true;
      }
    }
  }
}
