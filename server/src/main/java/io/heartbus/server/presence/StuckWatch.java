package io.heartbus.server.presence;

/**
 * Tells a disk that does not move from one that is slow. Pure; time is a parameter.
 *
 * <p>Only looks that are spread over that time count: after a stop of this whole process much time
 * has passed, but nobody has looked.
 */
final class StuckWatch {
  /** How many looks in a row must have seen no progress. */
  private static final int LOOKS = 5;

  private final long lookNanos;
  private long progressSeen = -1;
  private long lookedNanos;
  private int looks;

  /** Watches for a standstill of that length. */
  StuckWatch(long stuckNanos) {
    lookNanos = Math.max(1, stuckNanos / LOOKS);
  }

  /** How often to look, at least. */
  long lookNanos() {
    return lookNanos;
  }

  /**
   * Looks, while there is something to do.
   *
   * @param progress changes with everything that gets done
   * @return whether nothing got done for that long
   */
  boolean looksStuck(long progress, long nowNanos) {
    if (progress != progressSeen) {
      progressSeen = progress;
      lookedNanos = nowNanos;
      looks = 0;
    } else if (nowNanos - lookedNanos >= lookNanos) {
      lookedNanos = nowNanos;
      looks++;
    }
    return looks >= LOOKS;
  }
}
