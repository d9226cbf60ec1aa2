package io.heartbus.loadtest;

import io.heartbus.protocol.Frame;
import org.jspecify.annotations.Nullable;

/**
 * What the nodes of a scenario are called and what they do beyond beating. Called by the fleet's
 * thread only; must not block. Times are nanoseconds since the run began.
 */
interface NodeScript {
  /** The identity that the node registers with. */
  String nodeId(int index);

  /** What the node tells about itself; {@code node.lastEpoch()} belongs in it. */
  Frame.Attributes attributes(Node node);

  /** The node was let in and beats at that pace from now on. */
  void entered(Connection connection, Frame.Pace pace, long nowNanos);

  /** A time came that the script asked for with {@link Connection#wakeScriptAt(long)}. */
  void due(Fleet fleet, Connection connection, long nowNanos);

  /** A connection is over; the script counts that and may have the node connect again. */
  void ended(Fleet fleet, Connection connection, Ending ending, long nowNanos);

  /** A frame of the node is about to leave, other than messages of its channels. */
  default void speaking(Connection connection) {
    // Most scripts do not care.
  }

  /** Who follows the beats of the node, from the moment it is let in; null for nobody. */
  default Heart.@Nullable Follower follower(Node node) {
    return null;
  }

  /**
   * All nodes are held: called again and again, for the script to do what is due.
   *
   * @return false when all that was to be done is done, long before the time is over
   */
  default boolean holding(Fleet fleet, long nowNanos) {
    return true;
  }

  /** The nodes say goodbye now. */
  default void leaving() {
    // Most scripts do not care.
  }

  /** Whether the run cannot come to anything any more. */
  boolean hopeless(Census census, long nowNanos);
}
