package io.heartbus.loadtest;

/**
 * How nodes are dropped and come back in the scenario storm. Immutable.
 *
 * @param rounds how often
 * @param untouched the last nodes, which stay all the time
 * @param returnsPerSecond how fast the others come back; 0 means all at once
 */
record Storm(int rounds, int untouched, double returnsPerSecond) {
  /** How many rounds one run may have. */
  static final int ROUNDS_MAX = 1_000;

  private static final double NANOS_PER_SECOND = 1e9;

  /** Complains about what so many nodes cannot do. */
  void check(int nodes) {
    if (untouched >= nodes) {
      throw new IllegalArgumentException("untouched: at least one of the nodes has to be dropped");
    }
  }

  /** How long after the drop a node comes back, counted from 0. */
  long returnNanos(int index) {
    return returnsPerSecond == 0 ? 0 : (long) (index * (NANOS_PER_SECOND / returnsPerSecond));
  }
}
