package io.heartbus.loadtest.compare;

/**
 * When the k-th thing is to leave: an open loop, evenly, which nothing that a server does can move.
 * Immutable and pure. Times are those of {@link System#nanoTime}.
 */
record EvenPace(long beginNanos, double perSecond) {
  private static final double NANOS_PER_SECOND = 1e9;

  EvenPace {
    if (!(perSecond > 0)) {
      throw new IllegalArgumentException(perSecond + " per second");
    }
  }

  /** When the one with that index, counted from 0, is due. */
  long dueNanos(long index) {
    // Not index times a step: a rounded step would drift.
    return beginNanos + Math.round(index * NANOS_PER_SECOND / perSecond);
  }
}
