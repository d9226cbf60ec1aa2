package io.heartbus.client;

import io.heartbus.protocol.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to stay away from a server after something went wrong there. Pure.
 *
 * <ul>
 *   <li>A {@code retry_after} is honoured, up to an hour, plus a random part of the initial delay.
 *   <li>Without one, a refusal of the registration class (0x02xx: taken over, kicked, id in use, …)
 *       waits at least 30 s: two clients of one id must not fight over it.
 *   <li>AUTH_FAILED, NODE_ID_INVALID and UNSUPPORTED_VERSION will not change by themselves: 30 s,
 *       then twice as long each time, up to 10 minutes. They are still retried, because a fleet
 *       should recover when somebody mends the server.
 *   <li>Everything else: {@link Backoff}.
 * </ul>
 */
final class RetryRule {
  static final Duration REFUSED_WAIT_MIN = Duration.ofSeconds(30);
  private static final Duration HOPELESS_WAIT_MAX = Duration.ofMinutes(10);
  private static final Duration RETRY_AFTER_MAX = Duration.ofHours(1);

  private final Backoff backoff;
  private final RandomGenerator random;

  RetryRule(ReconnectOptions options, RandomGenerator random) {
    this.backoff = new Backoff(options.initialDelay(), options.maxDelay());
    this.random = random;
  }

  /**
   * @param failures in a row, this one included: at least 1
   */
  Duration delay(IOException cause, int failures) {
    if (!(cause instanceof RejectedException rejected)) {
      return backoff.delay(failures, random);
    }
    if (rejected.retryAfter().isPositive()) {
      return shorter(rejected.retryAfter(), RETRY_AFTER_MAX).plus(backoff.delay(1, random));
    }
    if (hopeless(rejected.error())) {
      Backoff growing = new Backoff(REFUSED_WAIT_MIN, HOPELESS_WAIT_MAX);
      return Duration.ofNanos(growing.boundNanos(failures)).plus(backoff.delay(1, random));
    }
    if (rejected.error().aboutRegistration()) {
      return REFUSED_WAIT_MIN.plus(backoff.delay(failures, random));
    }
    return backoff.delay(failures, random);
  }

  /** When to come back after a GOAWAY: {@code retry_after + U(0, jitter)}. */
  Duration afterGoAway(long retryAfterMs, long jitterMs) {
    Duration wait = shorter(Duration.ofMillis(retryAfterMs), RETRY_AFTER_MAX);
    Duration jitter = shorter(Duration.ofMillis(jitterMs), RETRY_AFTER_MAX);
    return wait.plusNanos(random.nextLong(jitter.toNanos() + 1));
  }

  /** Whether another server would say the same: the trouble is this node, not that server. */
  static boolean concernsNode(IOException cause) {
    return cause instanceof RejectedException rejected
        && rejected.error().aboutRegistration()
        && rejected.error() != ErrorCode.SERVER_BUSY
        && rejected.error() != ErrorCode.REGISTER_TIMEOUT;
  }

  private static boolean hopeless(ErrorCode error) {
    return error == ErrorCode.AUTH_FAILED
        || error == ErrorCode.NODE_ID_INVALID
        || error == ErrorCode.UNSUPPORTED_VERSION;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
