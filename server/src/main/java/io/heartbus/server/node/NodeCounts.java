package io.heartbus.server.node;

import io.heartbus.server.metrics.DurationHistogram;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What happened to nodes so far, and how many there are. Any thread reads; this room writes. */
public final class NodeCounts {
  /** Registrations that were admitted. */
  public final LongAdder registered = new LongAdder();

  /** Sessions that ended by silence. */
  public final LongAdder timedOut = new LongAdder();

  /** Sessions that the node itself ended. */
  public final LongAdder left = new LongAdder();

  /** Sessions that a newer one of the same node ended. */
  public final LongAdder replaced = new LongAdder();

  /** Sessions that ended with their connections. */
  public final LongAdder disconnected = new LongAdder();

  /** Lost connections that were healed before anybody was told. */
  public final LongAdder healed = new LongAdder();

  /** Verdicts that wait or waited because too many were due at once. */
  public final LongAdder held = new LongAdder();

  /** Losses of many nodes at once. */
  public final LongAdder massLosses = new LongAdder();

  /** Events that were held back because their nodes come and go. */
  public final LongAdder eventsSuppressed = new LongAdder();

  /** Verdicts put off because unread bytes were waiting. */
  public final LongAdder postponed = new LongAdder();

  /** From the deadline to the offline verdict. */
  public final DurationHistogram detectionDelay =
      new DurationHistogram(0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.5, 1, 2.5, 10);

  /** Duration of a pass of the sweep. */
  public final DurationHistogram sweepDuration =
      new DurationHistogram(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1);

  private final Map<NodeState, AtomicLong> byState = new EnumMap<>(NodeState.class);

  NodeCounts() {
    for (NodeState state : NodeState.values()) {
      byState.put(state, new AtomicLong());
    }
  }

  private volatile int lateNodes;

  /** How many nodes the last pass of the sweep found overdue by a third of their interval. */
  public int lateNodes() {
    return lateNodes;
  }

  void lateNodes(int count) {
    lateNodes = count;
  }

  /** How many known nodes are in that state. */
  public long in(NodeState state) {
    return of(state).get();
  }

  /** How many nodes are live. */
  public long live() {
    return in(NodeState.ONLINE) + in(NodeState.SUSPECT) + in(NodeState.HELD);
  }

  /** How many nodes are known, offline ones included. */
  public long known() {
    return live() + in(NodeState.OFFLINE);
  }

  private AtomicLong of(NodeState state) {
    return Objects.requireNonNull(byState.get(state));
  }

  void entered(NodeState state) {
    of(state).incrementAndGet();
  }

  void leftState(NodeState state) {
    of(state).decrementAndGet();
  }
}
