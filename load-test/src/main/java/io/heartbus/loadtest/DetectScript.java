package io.heartbus.loadtest;

import io.heartbus.loadtest.FaultPlan.Victim;
import io.heartbus.protocol.Frame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The nodes of the scenario detect: they come in and beat, and some of them die as the plan has it.
 * Everything is entered into the book at the very moment, because the feed is judged by it. Owned
 * by the fleet's thread.
 */
final class DetectScript extends HeartbeatScript {
  private final PresenceBook book;
  private final Injector injector;

  /** Those of the fleet itself that are still to die, by their number. */
  private final Map<Integer, Victim> victims = new HashMap<>();

  private final List<Node> condemned = new ArrayList<>();
  private boolean held;

  /** Nodes whose ids begin so; the injector begins when all are in. */
  DetectScript(String prefix, FaultPlan plan, PresenceBook book, Injector injector) {
    super(prefix);
    this.book = book;
    this.injector = injector;
    for (Victim victim : plan.victims()) {
      if (victim.fault().inFleet()) {
        victims.put(victim.index(), victim);
      }
    }
  }

  @Override
  public void entered(Connection connection, Frame.Pace pace, long nowNanos) {
    Node node = connection.node();
    book.entered(node.index(), System.nanoTime(), pace.intervalMs(), pace.timeoutMs());
    if (victims.containsKey(node.index())) {
      condemned.add(node);
    }
  }

  @Override
  public void speaking(Connection connection) {
    book.spoke(connection.node().index(), System.nanoTime());
  }

  @Override
  public boolean holding(Fleet fleet, long nowNanos) {
    if (held) {
      return true;
    }
    held = true;
    injector.begin();
    for (Node node : condemned) {
      Connection connection = node.connection();
      Victim victim = victims.get(node.index());
      if (connection != null && victim != null) {
        connection.wakeScriptAt(nowNanos + victim.afterNanos());
        fleet.schedule(connection, nowNanos);
      }
    }
    return true;
  }

  @Override
  public void due(Fleet fleet, Connection connection, long nowNanos) {
    int index = connection.node().index();
    Victim victim = victims.remove(index);
    if (victim == null) {
      return;
    }
    long atNanos = System.nanoTime();
    book.killed(index, victim.fault(), atNanos, atNanos);
    switch (victim.fault()) {
      case CLOSE -> connection.close(nowNanos);
      case RESET -> connection.reset(nowNanos);
      case SILENCE -> connection.fallSilent();
      case DROP, STOP -> throw new IllegalStateException("done to other processes");
    }
  }

  @Override
  public void leaving() {
    book.leaving(System.nanoTime());
  }
}
