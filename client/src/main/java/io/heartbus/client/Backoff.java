package io.heartbus.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential backoff with full jitter: the n-th failure in a row waits a random time between zero
 * and {@code min(max, initial * 2^(n-1))}, so that many clients that failed together do not come
 * back together. Pure.
 *
 * @param initial the bound of the first wait
 * @param max the bound of every wait
 */
public record Backoff(Duration initial, Duration max) {

  /**
   * How long to wait now.
   *
   * @param failures in a row, this one included: at least 1
   */
  public Duration delay(int failures, RandomGenerator random) {
    return Duration.ofNanos(random.nextLong(boundNanos(failures) + 1));
  }

  /** The longest that {@link #delay} can be. */
  long boundNanos(int failures) {
    long bound = initial.toNanos();
    long most = max.toNanos();
    for (int doubling = 1; doubling < failures && bound < most; doubling++) {
      // Cannot overflow: options bound max at an hour, and what is doubled is less than that.
      bound *= 2;
    }
    return Math.min(bound, most);
  }
}
