package io.heartbus.client;

import java.time.Duration;

/**
 * How a client comes back after it lost its session: attempt n waits a random time between zero and
 * {@code min(maxDelay, initialDelay * 2^(n-1))}, or longer when the server said so.
 *
 * @param enabled false: a lost session closes the client
 * @param initialDelay how far the first attempts spread; too low and a fleet falls upon a restarted
 *     server at once, too high and a node stays away longer than it has to
 * @param maxDelay where the doubling ends
 * @param maxAttempts failed attempts in a row, over all servers, after which the client closes; 0 =
 *     it never gives up
 */
public record ReconnectOptions(
    boolean enabled, Duration initialDelay, Duration maxDelay, int maxAttempts) {
  private static final Duration DELAY_MAX = Duration.ofHours(1);

  /**
   * @throws IllegalArgumentException naming the value that is out of range
   */
  public ReconnectOptions {
    Ranges.check("reconnect.initialDelay", initialDelay, Duration.ofMillis(1), DELAY_MAX);
    Ranges.check("reconnect.maxDelay", maxDelay, Duration.ofMillis(1), DELAY_MAX);
    if (maxDelay.compareTo(initialDelay) < 0) {
      throw new IllegalArgumentException(
          "reconnect.maxDelay: " + maxDelay + " is less than initialDelay, " + initialDelay);
    }
    Ranges.check("reconnect.maxAttempts", maxAttempts, 0, Integer.MAX_VALUE);
  }

  /** Enabled, 1 s to 30 s, for ever. */
  public static ReconnectOptions defaults() {
    return new ReconnectOptions(true, Duration.ofSeconds(1), Duration.ofSeconds(30), 0);
  }
}
