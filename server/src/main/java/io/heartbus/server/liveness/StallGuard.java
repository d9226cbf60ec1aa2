package io.heartbus.server.liveness;

/**
 * Turns the monotonic clock into liveness time, which stands still while this process does. A stop
 * of the whole process (a collection, SIGSTOP, a frozen virtual machine) says nothing about nodes:
 * their beats wait in the kernel. Silence is therefore measured in time during which the server was
 * able to listen. The idea is Cassandra's pause detection, made continuous.
 *
 * <p>Pure; not thread-safe: the clock's thread owns it.
 */
final class StallGuard {
  private final long stepNanosMax;
  private long lastNanos;
  private long livenessNanos;
  private long frozenNanos;

  /**
   * A guard whose time starts at one step, so that zero can stand for never.
   *
   * @param stepNanosMax what counts of the time between two calls. A frame that comes in between is
   *     stamped with the earlier one, so this is also how much older than true a stamp can be.
   */
  StallGuard(long nowNanos, long stepNanosMax) {
    this.lastNanos = nowNanos;
    this.stepNanosMax = stepNanosMax;
    this.livenessNanos = stepNanosMax;
  }

  /** Accounts for the time since the last call. Returns how much of it does not count. */
  long advance(long nowNanos) {
    long gapNanos = nowNanos - lastNanos;
    lastNanos = nowNanos;
    long passedNanos = Math.min(gapNanos, stepNanosMax);
    livenessNanos += passedNanos;
    frozenNanos += gapNanos - passedNanos;
    return gapNanos - passedNanos;
  }

  /** Nanoseconds of liveness time since the start. */
  long livenessNanos() {
    return livenessNanos;
  }

  /** Nanoseconds that did not count. */
  long frozenNanos() {
    return frozenNanos;
  }
}
