package io.heartbus.loadtest;

import io.heartbus.protocol.Frame;
import java.util.function.BooleanSupplier;

/** The nodes of a {@link HeartbeatScript}, held until a test has seen enough of them. */
final class HoldingScript implements NodeScript {
  private final HeartbeatScript nodes = new HeartbeatScript("test-");
  private final BooleanSupplier enough;

  HoldingScript(BooleanSupplier enough) {
    this.enough = enough;
  }

  @Override
  public String nodeId(int index) {
    return nodes.nodeId(index);
  }

  @Override
  public Frame.Attributes attributes(Node node) {
    return nodes.attributes(node);
  }

  @Override
  public void entered(Connection connection, Frame.Pace pace, long nowNanos) {
    nodes.entered(connection, pace, nowNanos);
  }

  @Override
  public void due(Fleet fleet, Connection connection, long nowNanos) {
    nodes.due(fleet, connection, nowNanos);
  }

  @Override
  public void ended(Fleet fleet, Connection connection, Ending ending, long nowNanos) {
    nodes.ended(fleet, connection, ending, nowNanos);
  }

  @Override
  public boolean holding(Fleet fleet, long nowNanos) {
    return !enough.getAsBoolean();
  }

  @Override
  public boolean hopeless(Census census, long nowNanos) {
    return nodes.hopeless(census, nowNanos);
  }
}
