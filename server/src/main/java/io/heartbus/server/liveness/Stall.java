package io.heartbus.server.liveness;

/**
 * A time in which the liveness clock stood still, and which is over.
 *
 * @param why what it began with
 * @param lostNanos how much time did not count, all in all
 * @param driftMs by how much the wall clock moved away from the monotonic one, if it began with
 *     that
 */
public record Stall(Why why, long lostNanos, long driftMs) {
  private static final long NANOS_PER_MS = 1_000_000;

  /** What a stall begins with. */
  public enum Why {
    /** The clock's thread did not run for too long. */
    STOOD_STILL,
    /**
     * The wall clock went on without the monotonic one, which does not count a suspended machine.
     */
    SUSPENDED,
    /** A node of the server's own got no answer. */
    CANARY_UNANSWERED
  }

  /** How much time did not count. */
  public long lostMs() {
    return lostNanos / NANOS_PER_MS;
  }

  /** The reason, for people. */
  public String detail() {
    return switch (why) {
      case STOOD_STILL -> "stood still";
      case SUSPENDED -> "suspended, or the wall clock was set, by " + driftMs + " ms";
      case CANARY_UNANSWERED -> "canary unanswered";
    };
  }
}
