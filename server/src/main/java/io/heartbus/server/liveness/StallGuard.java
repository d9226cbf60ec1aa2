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
  private final long stallNanos;
  private final long stepNanos;
  private long lastNanos;
  private long livenessNanos;
  private long frozenNanos;

  /**
   * A guard whose time starts at one step, so that zero can stand for never.
   *
   * @param stallNanos a gap between two ticks beyond this is a stall
   * @param stepNanos what a stall counts as
   */
  StallGuard(long nowNanos, long stallNanos, long stepNanos) {
    this.lastNanos = nowNanos;
    this.stallNanos = stallNanos;
    this.stepNanos = stepNanos;
    this.livenessNanos = stepNanos;
  }

  /** Accounts for the time since the last call. Returns whether that was a stall. */
  boolean advance(long nowNanos) {
    long gapNanos = nowNanos - lastNanos;
    lastNanos = nowNanos;
    boolean stalled = gapNanos > stallNanos;
    long passedNanos = stalled ? stepNanos : gapNanos;
    livenessNanos += passedNanos;
    frozenNanos += gapNanos - passedNanos;
    return stalled;
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
