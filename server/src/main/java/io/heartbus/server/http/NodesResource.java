package io.heartbus.server.http;

import io.heartbus.server.channel.Line;
import io.heartbus.server.node.Cause;
import io.heartbus.server.node.Link;
import io.heartbus.server.node.Node;
import io.heartbus.server.node.NodeState;
import io.heartbus.server.node.NodeTable;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Nodes over HTTP: pages of them, one of them, and a way to disconnect one. Any thread. */
final class NodesResource {
  private static final int PAGE_NODES_MAX = 10_000;
  private static final int PAGE_NODES_USUAL = 1_000;

  private final HttpSources sources;

  NodesResource(HttpSources sources) {
    this.sources = sources;
  }

  /**
   * A page of nodes.
   *
   * @param next what to pass as {@code after} for the next one; null when this is the last
   * @param epoch which run of the server {@code at} belongs to
   * @param at the newest event when the page was made
   */
  record Page(List<NodeJson> nodes, @Nullable String next, String epoch, long at) {}

  /** The nodes that match, in byte order of their ids. */
  Reply page(Query query) throws Refusal {
    @Nullable String after = query.text("after");
    @Nullable String last = after == null ? null : Cursor.read(after);
    Predicate<Node> filter = filter(query.constant("state", NodeState.class), query.text("group"));
    int limit = query.number("limit", 1, PAGE_NODES_MAX, PAGE_NODES_USUAL);
    // Before the nodes, so that an event in between is met again and not missed.
    long at = sources.log().last();
    NodeTable.Page page = sources.nodes().page(filter, query.text("prefix", ""), last, limit);
    long nowNanos = sources.clock().nowNanos();
    return Reply.json(
        new Page(
            page.nodes().stream().map(node -> NodeJson.of(node, nowNanos)).toList(),
            page.next() == null ? null : Cursor.of(page.next()),
            sources.log().epoch(),
            at));
  }

  /** One node with its channels, and whether its events are held back. */
  Reply one(String id) throws Refusal {
    Node node = find(id);
    ObjectNode json = Reply.JSON.valueToTree(NodeJson.of(node, sources.clock().nowNanos()));
    json.set("channelDetails", Reply.JSON.valueToTree(Line.figuresOf(node)));
    json.put("eventsSuppressed", node.eventsSuppressed());
    json.put("suppressed", node.suppressed());
    return Reply.json(json);
  }

  /** Disconnects a node. One that is offline already stays as it is. */
  Reply disconnect(String id) throws Refusal {
    Node node = find(id);
    while (node.live()) {
      @Nullable Link link = node.link();
      if (sources.nodes().leave(node, Cause.KICKED)) {
        if (link != null) {
          link.sessionOver(Cause.KICKED);
        }
        break;
      }
      // It went by itself in between; perhaps because a newer session took its place.
      node = find(id);
    }
    return Reply.empty();
  }

  private Node find(String id) throws Refusal {
    @Nullable Node node = sources.nodes().find(id);
    if (node == null) {
      throw Refusal.notFound("no such node: " + id);
    }
    return node;
  }

  private static Predicate<Node> filter(@Nullable NodeState state, @Nullable String group) {
    return node ->
        (state == null || node.status().state() == state)
            && (group == null || group.equals(node.group()));
  }
}
