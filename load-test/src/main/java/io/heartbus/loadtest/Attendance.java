package io.heartbus.loadtest;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many nodes of a run are in, or may still come. Owned by the fleet's thread. */
final class Attendance {
  private static final Logger LOG = LoggerFactory.getLogger(Attendance.class);

  private final int nodes;
  private int decided;
  private int live;
  private int failedInARow;

  Attendance(int nodes) {
    this.nodes = nodes;
  }

  /** A node was let in. */
  void entered(Node node) {
    live++;
    failedInARow = 0;
    decide(node);
  }

  /** A connection is over; {@code wasIn} says whether its node was let in through it. */
  void ended(Node node, Ending ending, boolean wasIn) {
    LOG.debug("node {}: {}", node.index(), ending);
    live -= wasIn ? 1 : 0;
    failedInARow += ending instanceof Ending.Refused ? 1 : 0;
  }

  /** The node's way in has ended, well or badly: nobody waits for it any more. */
  void decide(Node node) {
    decided += node.decide() ? 1 : 0;
  }

  /** Nodes that are in now. */
  int live() {
    return live;
  }

  /** All of it, with so many connections. */
  Census census(int connections, Measurements measurements, long nowNanos) {
    return new Census(
        nodes - decided,
        measurements.connected(),
        live,
        connections,
        failedInARow,
        measurements.beats().owed(),
        measurements.messages().openingCount(),
        measurements.messages().owed(nowNanos));
  }
}
