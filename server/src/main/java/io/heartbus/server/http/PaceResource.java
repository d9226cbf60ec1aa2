package io.heartbus.server.http;

import io.heartbus.server.liveness.HeartbeatPolicy;
import io.heartbus.server.node.Node;
import io.heartbus.server.node.NodeTable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Changes how often nodes beat, and after which silence they are gone. They hear of it with the
 * answer to their next beat. Any thread.
 */
final class PaceResource {
  private static final int PAGE_NODES = 1_000;

  private final NodeTable nodes;
  private final HeartbeatPolicy policy;

  PaceResource(NodeTable nodes, HeartbeatPolicy policy) {
    this.nodes = nodes;
    this.policy = policy;
  }

  /** How many nodes will be told. */
  record Changed(int changed) {}

  /** Changes one node; one that is offline, or speaks HBP/1, stays as it is. */
  Reply one(String id, byte[] body) throws Refusal {
    PaceChange change = PaceChange.parse(body, policy);
    @Nullable Node node = nodes.find(id);
    if (node == null) {
      throw Refusal.notFound("no such node: " + id);
    }
    return Reply.json(new Changed(retune(node, change) ? 1 : 0));
  }

  /** Changes every node that matches, by pages: a beat waits for a page at most. */
  Reply all(Query query, byte[] body) throws Refusal {
    PaceChange change = PaceChange.parse(body, policy);
    @Nullable String group = query.text("group");
    String prefix = query.text("prefix", "");
    Predicate<Node> filter = node -> node.live() && (group == null || group.equals(node.group()));
    int changed = 0;
    @Nullable String after = null;
    do {
      NodeTable.Page page = nodes.page(filter, prefix, after, PAGE_NODES);
      for (Node node : page.nodes()) {
        changed += retune(node, change) ? 1 : 0;
      }
      after = page.next();
    } while (after != null);
    return Reply.json(new Changed(changed));
  }

  private boolean retune(Node node, PaceChange change) {
    return nodes.retune(node, change.intervalMs(), change.timeoutMs());
  }
}
