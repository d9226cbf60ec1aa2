package io.heartbus.loadtest;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import org.jspecify.annotations.Nullable;

/**
 * One simulated node: what of it outlives its connections. Owned by the fleet's thread. Times are
 * nanoseconds since the run began.
 */
final class Node {
  private static final int CAPABILITIES = Wire.CAPABILITY_CREDIT | Wire.CAPABILITY_HEARTBEAT_STATS;
  private static final byte[] NO_SECRET = new byte[0];

  private final int index;
  private long instance;
  private long connectionSeq;
  private @Nullable Long lastEpoch;
  private @Nullable Connection connection;
  private boolean decided;

  /** A node that was just started; {@code instance} tells this start from others. */
  Node(int index, long instance) {
    this.index = index;
    this.instance = instance;
  }

  /** Its number in the fleet, from 0. */
  int index() {
    return index;
  }

  /** What it says to be let in, on its next connection. */
  Frame.Register registration(Scenario scenario, NodeScript script) {
    return new Frame.Register(
        Wire.VERSION,
        Wire.VERSION,
        0,
        CAPABILITIES,
        new Frame.Pace(scenario.interval().toMillis(), scenario.timeout().toMillis()),
        Session.GRANT_BYTES,
        Link.FRAME_BYTES_MAX,
        instance,
        ++connectionSeq,
        script.nodeId(index),
        NO_SECRET,
        script.attributes(this));
  }

  /** The epoch of its newest session; null as long as it was never let in. */
  @Nullable Long lastEpoch() {
    return lastEpoch;
  }

  /** The connection of its newest session; null when that ended. */
  @Nullable Connection connection() {
    return connection;
  }

  /** It was let in. */
  void entered(Connection through, long epoch) {
    connection = through;
    lastEpoch = epoch;
  }

  /** A connection ended. Returns whether that was the one of its newest session. */
  boolean left(Connection ended) {
    if (connection != ended) {
      return false;
    }
    connection = null;
    return true;
  }

  /** Its process ends and another one starts under the same name. */
  void restart(long newInstance) {
    instance = newInstance;
    connectionSeq = 0;
  }

  /** Notes that its way in has ended, well or badly. Returns whether that is news. */
  boolean decide() {
    boolean news = !decided;
    decided = true;
    return news;
  }
}
