package io.heartbus.server.node;

import io.heartbus.server.liveness.FlapPenalty;
import io.heartbus.server.liveness.FlapSettings;
import io.heartbus.server.node.Node.Arrival;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What followers hear of nodes: one event for each change, but nothing of a node that comes and
 * goes all the time until it has settled. The lock of transitions guards it, and is held at every
 * call.
 */
final class NodeFeed {
  /** How many nodes that have settled are told of at once. */
  private static final int SETTLED_PER_PASS_MAX = 10_000;

  private final NodeCounts counts;
  private final FlapSettings flap;
  private final LongSupplier livenessClock;
  private final EventSink events;

  /** The nodes whose events are held back, by id: their newest sessions. */
  private final Map<String, Node> suppressed = new LinkedHashMap<>();

  NodeFeed(NodeCounts counts, FlapSettings flap, LongSupplier livenessClock, EventSink events) {
    this.counts = counts;
    this.flap = flap;
    this.livenessClock = livenessClock;
    this.events = events;
  }

  /** Tells followers that a session has begun, unless they were told. */
  void announce(Node node) {
    Arrival arrival = node.arrival;
    node.arrival = null;
    switch (arrival) {
      case null -> {
        // They were.
      }
      case FIRST -> tell(node, EventType.ONLINE, null, -1, null);
      case BACK -> returned(node, EventType.ONLINE);
      case TAKEOVER -> returned(node, EventType.REPLACED);
      case HEALING -> {
        counts.healed.increment();
        if (node.told != EventType.ONLINE) {
          tell(node, EventType.ONLINE, null, -1, null);
        }
      }
    }
  }

  private void returned(Node node, EventType type) {
    Cause cause = type == EventType.REPLACED ? Cause.REPLACED : null;
    FlapPenalty penalty = FlapPenalty.returned(node.flapPenalty, flap, livenessClock.getAsLong());
    boolean begins = penalty.suppressed() && !node.suppressed();
    tell(node, type, cause, -1, begins ? "comes and goes; more is told when it has settled" : null);
    node.flapPenalty = penalty;
    if (begins) {
      suppressed.put(node.id(), node);
    }
  }

  /** Tells followers, unless the node's events are held back. */
  void tell(
      Node node, EventType type, @Nullable Cause cause, long silenceMs, @Nullable String detail) {
    if (node.suppressed()) {
      node.eventsSuppressed(node.eventsSuppressed() + 1);
      counts.eventsSuppressed.increment();
      return;
    }
    node.told = type == EventType.REPLACED ? EventType.ONLINE : type;
    events.append(
        new NodeEvent(type, node.id(), node.epoch(), cause, node.group(), silenceMs, detail));
  }

  /** Tells followers of something about many nodes. */
  void tell(NodeEvent event) {
    events.append(event);
  }

  /** A session took the place of another of the same id. */
  void succeeded(Node node) {
    suppressed.computeIfPresent(node.id(), (_, _) -> node);
  }

  /** Nothing will be said of that node any more. */
  void forget(Node node) {
    if (suppressed.remove(node.id(), node) && node.told != EventType.OFFLINE) {
      tellAgain(node);
    }
  }

  /** Tells how nodes stand that have settled after they came and went. Bounded work. */
  void tellSettled() {
    long nowNanos = livenessClock.getAsLong();
    List<Node> settled = new ArrayList<>();
    for (Node node : suppressed.values()) {
      FlapPenalty penalty = node.flapPenalty;
      if (penalty == null || penalty.settled(flap, nowNanos)) {
        settled.add(node);
      }
      if (settled.size() == SETTLED_PER_PASS_MAX) {
        break;
      }
    }
    settled.forEach(node -> {
      suppressed.remove(node.id());
      tellAgain(node);
    });
  }

  private void tellAgain(Node node) {
    int untold = node.eventsSuppressed();
    node.flapPenalty = null;
    node.eventsSuppressed(0);
    if (node.arrival == null && untold > 0) {
      Node.Status status = node.status();
      EventType type =
          switch (status.state()) {
            case ONLINE -> EventType.ONLINE;
            case SUSPECT, HELD -> EventType.SUSPECT;
            case OFFLINE -> EventType.OFFLINE;
          };
      tell(node, type, status.cause(), -1, untold + " events were held back");
    }
  }
}
