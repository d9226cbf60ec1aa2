package io.heartbus.server.http;

import io.heartbus.server.node.NodeState;
import io.heartbus.server.node.NodeTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** How many nodes each group has, and how they are. Any thread; the cost is that of the groups. */
final class GroupsResource {
  private static final int PAGE_GROUPS_MAX = 10_000;
  private static final int PAGE_GROUPS_USUAL = 1_000;

  private final NodeTable nodes;

  GroupsResource(NodeTable nodes) {
    this.nodes = nodes;
  }

  /**
   * A group.
   *
   * @param group null for the nodes that name none
   * @param nodes how many there are in each state
   */
  record GroupJson(@Nullable String group, Map<NodeState, Long> nodes) {}

  /**
   * A page of groups.
   *
   * @param next what to pass as {@code after} for the next one; null when this is the last
   */
  record Page(List<GroupJson> groups, @Nullable String next) {}

  /** The groups in byte order of their names; first of all the nodes without one. */
  Reply page(Query query) throws Refusal {
    @Nullable String after = query.text("after");
    int limit = query.number("limit", 1, PAGE_GROUPS_MAX, PAGE_GROUPS_USUAL);
    SortedMap<String, Map<NodeState, Long>> rest = nodes.groups();
    if (after != null) {
      // What directly follows a text is the same with the least character behind it.
      rest = rest.tailMap(Cursor.read(after) + '\0');
    }
    List<GroupJson> groups = new ArrayList<>();
    @Nullable String last = null;
    for (Map.Entry<String, Map<NodeState, Long>> group : rest.entrySet()) {
      if (groups.size() == limit) {
        return Reply.json(new Page(groups, last == null ? null : Cursor.of(last)));
      }
      last = group.getKey();
      groups.add(new GroupJson(last.isEmpty() ? null : last, group.getValue()));
    }
    return Reply.json(new Page(groups, null));
  }
}
