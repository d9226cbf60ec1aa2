package io.heartbus.loadtest;

/**
 * When the k-th node is due to connect: an open loop, which nothing that the server does can move.
 * Immutable and pure. Times are nanoseconds since the run began.
 */
record ArrivalSchedule(int count, double perSecond) {
  private static final double NANOS_PER_SECOND = 1e9;

  ArrivalSchedule {
    if (count < 1 || !(perSecond > 0)) {
      throw new IllegalArgumentException(count + " arrivals at " + perSecond + " per second");
    }
  }

  /** When arrival {@code index}, counted from 0, is due. */
  long dueNanos(int index) {
    return (long) (index * (NANOS_PER_SECOND / perSecond));
  }

  /** When the last one is due. */
  long endNanos() {
    return dueNanos(count - 1);
  }
}
