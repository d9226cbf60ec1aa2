package io.heartbus.loadtest;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is done to nodes in the scenario detect, and who is asked what became of it. Immutable.
 *
 * @param victims how many nodes die of each {@link Fault}
 * @param http where the server's presence feed is
 * @param cuts how often the feed is cut, and resumed where it was
 * @param delayMax the bound on every verdict: from the deadline where silence alone shows the
 *     fault, else from the fault; null when there is none
 */
record Faults(int victims, InetSocketAddress http, int cuts, @Nullable Duration delayMax) {
  /** So many addresses a namespace has for its nodes. */
  static final int VICTIMS_MAX = 1_000;

  /** How often a feed may be cut. */
  static final int CUTS_MAX = 100_000;

  /** Intervals that are left at the end, beyond the timeout of the last victim. */
  static final int INTERVALS_LEFT = 2;

  /** Complains about what so many nodes cannot do in that time. */
  void check(int nodes, Duration interval, Duration timeout, Duration duration) {
    long inFleet = 0;
    for (Fault fault : Fault.values()) {
      inFleet += fault.inFleet() ? victims : 0;
    }
    if (nodes <= inFleet) {
      throw new IllegalArgumentException(
          "victims: " + inFleet + " of the nodes die, and at least one more has to live");
    }
    if (windowNanos(interval, timeout, duration) < 0) {
      throw new IllegalArgumentException(
          "duration: has to be the timeout and "
              + (INTERVALS_LEFT + 1)
              + " intervals at least, or the last verdict comes too late");
    }
  }

  /** For how long victims are chosen, before the last interval in which one dies. */
  static long windowNanos(Duration interval, Duration timeout, Duration duration) {
    return duration.minus(timeout).minus(interval.multipliedBy(INTERVALS_LEFT + 1L)).toNanos();
  }
}
