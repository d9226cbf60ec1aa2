package io.heartbus.loadtest;

import io.heartbus.protocol.Frame;

/**
 * What the nodes of a scenario are called and what they do beyond beating. Called by the fleet's
 * thread only; must not block. Times are nanoseconds since the run began.
 */
interface NodeScript {
  /** The identity that the node registers with. */
  String nodeId(int index);

  /** What the node tells about itself; {@code node.lastEpoch()} belongs in it. */
  Frame.Attributes attributes(Node node);

  /** The node was let in and beats from now on. */
  void entered(Connection connection, long nowNanos);

  /** A time came that the script asked for with {@link Connection#wakeScriptAt(long)}. */
  void due(Fleet fleet, Connection connection, long nowNanos);

  /** A connection is over; the script counts that and may have the node connect again. */
  void ended(Fleet fleet, Connection connection, Ending ending, long nowNanos);

  /** Whether the run cannot come to anything any more. */
  boolean hopeless(Census census, long nowNanos);
}
