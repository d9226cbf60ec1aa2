package io.heartbus.server.presence;

import io.heartbus.server.node.EventType;
import io.heartbus.server.node.NodeEvent;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which events somebody wants. What is about many nodes at once, or about the server, passes
 * whatever prefix is asked for, and any group when it names none: it concerns them all. Pure.
 *
 * @param types empty for all
 * @param group null for all, those of nodes without a label included
 * @param prefix what ids begin with; empty for all
 */
public record EventFilter(Set<EventType> types, @Nullable String group, String prefix) {
  /** Lets everything pass. */
  public static final EventFilter ALL = new EventFilter(Set.of(), null, "");

  public EventFilter {
    types = Set.copyOf(types);
  }

  /** Whether it is one of them. */
  public boolean matches(NodeEvent event) {
    if (!types.isEmpty() && !types.contains(event.type())) {
      return false;
    }
    String node = event.node();
    if (node == null) {
      return group == null || event.group() == null || group.equals(event.group());
    }
    return node.startsWith(prefix) && (group == null || group.equals(event.group()));
  }
}
