package io.heartbus.server.node;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * How many nodes there are in each state, of all and of every group. Written under the lock of
 * transitions; any thread reads, in O(groups).
 */
final class Census {
  private static final NodeState[] STATES = NodeState.values();

  /** For nodes that name no group. */
  private static final String NO_GROUP = "";

  /** One group. */
  private static final class Tally {
    final String label;
    private final AtomicLongArray nodes = new AtomicLongArray(STATES.length);

    Tally(String label) {
      this.label = label;
    }

    void change(NodeState state, long by) {
      nodes.addAndGet(place(state), by);
    }

    long in(NodeState state) {
      return nodes.get(place(state));
    }

    long sum() {
      long sum = 0;
      for (int i = 0; i < STATES.length; i++) {
        sum += nodes.get(i);
      }
      return sum;
    }
  }

  private final NodeCounts counts;

  /** A group is there as long as it has nodes. */
  private final ConcurrentHashMap<String, Tally> groups = new ConcurrentHashMap<>();

  Census(NodeCounts counts) {
    this.counts = counts;
  }

  /** One more node is in that state. */
  void entered(Node node, NodeState state) {
    counts.entered(state);
    groups.computeIfAbsent(label(node), Tally::new).change(state, 1);
  }

  /** One node less is in that state. */
  void left(Node node, NodeState state) {
    counts.leftState(state);
    Tally group = groups.get(label(node));
    if (group != null) {
      group.change(state, -1);
      if (group.sum() == 0) {
        groups.remove(label(node));
      }
    }
  }

  /** The text of that label which its nodes share, or that one if there are none. */
  @Nullable String known(@Nullable String label) {
    Tally group = label == null ? null : groups.get(label);
    return group == null ? label : group.label;
  }

  /** The live nodes of that group. */
  long live(String group) {
    Tally found = groups.get(group);
    return found == null ? 0 : found.sum() - found.in(NodeState.OFFLINE);
  }

  /** Every group with how many of its nodes are in each state, in byte order of the labels. */
  SortedMap<String, Map<NodeState, Long>> byGroup(Comparator<String> order) {
    SortedMap<String, Map<NodeState, Long>> all = new TreeMap<>(order);
    groups.forEach((group, tally) -> {
      Map<NodeState, Long> states = new EnumMap<>(NodeState.class);
      for (NodeState state : STATES) {
        states.put(state, tally.in(state));
      }
      all.put(group, states);
    });
    return all;
  }

  private static int place(NodeState state) {
    return switch (state) {
      case ONLINE -> 0;
      case SUSPECT -> 1;
      case HELD -> 2;
      case OFFLINE -> 3;
    };
  }

  private static String label(Node node) {
    @Nullable String group = node.group();
    return group == null ? NO_GROUP : group;
  }
}
