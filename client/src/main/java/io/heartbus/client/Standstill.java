package io.heartbus.client;

/**
 * For how long something has been seen standing still, by one who looks every so often. Pure: it is
 * handed the times; belongs to one thread.
 *
 * <p>A look that comes late counts as one that came in time: after a stop of this process whoever
 * looks may be the first to go on, before what he looks at had its chance to move.
 */
final class Standstill {
  private final long lookNanosMax;
  private long lookedNanos;
  private long seenNanos;

  /**
   * @param lookNanosMax how much one look counts at most
   */
  Standstill(long lookNanosMax, long nowNanos) {
    this.lookNanosMax = lookNanosMax;
    this.lookedNanos = nowNanos;
  }

  /**
   * Looks, and says for how long it has been seen standing still.
   *
   * @param stillNanos for how long it has stood still by the clock; 0 = it need not move
   */
  long look(long stillNanos, long nowNanos) {
    long sinceNanos = nowNanos - lookedNanos;
    lookedNanos = nowNanos;
    boolean moved = stillNanos <= sinceNanos;
    seenNanos = (moved ? 0 : seenNanos) + Math.min(Math.min(stillNanos, sinceNanos), lookNanosMax);
    return seenNanos;
  }
}
