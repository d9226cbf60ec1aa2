package io.heartbus.loadtest;

/**
 * From when to when the messages of a run are meant to leave; the channels share it. Owned by the
 * fleet's thread. Times are nanoseconds since the run began.
 */
final class Span {
  static final long NEVER = Long.MAX_VALUE;

  private long beginNanos = NEVER;
  private long endNanos = NEVER;

  /** Messages are meant to leave from now on. */
  void begin(long nowNanos) {
    beginNanos = nowNanos;
  }

  /** No message is meant to leave any more. */
  void end(long nowNanos) {
    endNanos = nowNanos;
  }

  /** Whether it is under way. */
  boolean on() {
    return beginNanos != NEVER && endNanos == NEVER;
  }

  boolean ended() {
    return endNanos != NEVER;
  }

  /** When it began; {@link #NEVER} as long as it has not. */
  long beginNanos() {
    return beginNanos;
  }

  /** When it ended; {@link #NEVER} as long as it has not. */
  long endNanos() {
    return endNanos;
  }
}
