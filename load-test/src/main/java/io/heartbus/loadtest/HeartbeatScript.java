package io.heartbus.loadtest;

import io.heartbus.protocol.Frame;
import java.util.Map;

/**
 * The nodes of all scenarios but the demo: they come in, beat, and stay; what they send and receive
 * besides is the {@link TrafficPlan}'s. One that is refused or lost is counted and does not come
 * back, but one that the server is too busy for asks again when the server said so. Owned by the
 * fleet's thread.
 */
sealed class HeartbeatScript implements NodeScript
    permits DetectScript, OutpostScript, StormScript {
  /** So many refusals in a row with nobody in mean that there is no server worth asking. */
  static final int REFUSALS_MAX = 100;

  /** Why a node gave up. */
  static final String STILL_BUSY = "SERVER_BUSY until the connect timeout";

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final String prefix;

  /** Nodes whose ids begin so. */
  HeartbeatScript(String prefix) {
    this.prefix = prefix;
  }

  @Override
  public String nodeId(int index) {
    return prefix + index;
  }

  @Override
  public Frame.Attributes attributes(Node node) {
    return new Frame.Attributes(Map.of(), null, node.lastEpoch(), null);
  }

  @Override
  public void entered(Connection connection, Frame.Pace pace, long nowNanos) {
    // Its heart beats by itself.
  }

  @Override
  public void due(Fleet fleet, Connection connection, long nowNanos) {
    throw new IllegalStateException("this script never asks to be woken");
  }

  @Override
  public void ended(Fleet fleet, Connection connection, Ending ending, long nowNanos) {
    Node node = connection.node();
    switch (ending) {
      case Ending.Refused(var reason, _) -> {
        fleet.measurements().refused(reason, true);
        fleet.decide(node);
      }
      case Ending.Busy(var retryAfterMs) -> {
        fleet.measurements().busy();
        if (!asksAgain(fleet, connection, nowNanos + retryAfterMs * NANOS_PER_MILLI)) {
          fleet.measurements().refused(STILL_BUSY, true);
          fleet.decide(node);
        }
      }
      case Ending.Lost(var reason, _) -> fleet.measurements().lost(reason);
      case Ending.Wanted() -> {}
    }
  }

  /** Has the node try again then, unless it has tried for long enough. Returns whether it does. */
  static boolean asksAgain(Fleet fleet, Connection connection, long retryNanos) {
    long intended = connection.intendedNanos();
    boolean patient = retryNanos - intended < fleet.scenario().connectTimeout().toNanos();
    if (patient) {
      fleet.connect(connection.node(), intended, retryNanos);
    }
    return patient;
  }

  @Override
  public boolean hopeless(Census census, long nowNanos) {
    return census.live() == 0 && census.failedInARow() >= REFUSALS_MAX;
  }
}
