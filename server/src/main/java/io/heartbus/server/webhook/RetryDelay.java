package io.heartbus.server.webhook;

import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: twice as long after each failure in a row, up to a bound,
 * and at random between half of that and all of it, so that those who failed together do not come
 * back together. Pure.
 */
final class RetryDelay {
  private static final long FIRST_MS = 500;

  private final long delayMsMax;

  RetryDelay(long delayMsMax) {
    this.delayMsMax = delayMsMax;
  }

  /**
   * The next pause in milliseconds.
   *
   * @param failures in a row, this one included: at least 1
   */
  long delayMs(int failures, RandomGenerator random) {
    long bound = Math.min(FIRST_MS, delayMsMax);
    for (int doubling = 1; doubling < failures && bound < delayMsMax; doubling++) {
      bound = Math.min(bound * 2, delayMsMax);
    }
    return bound - random.nextLong(bound / 2 + 1);
  }
}
