package io.heartbus.server.http;

import io.heartbus.server.node.Cause;
import io.heartbus.server.node.Link;
import io.heartbus.server.node.Node;
import io.heartbus.server.node.NodeState;
import io.heartbus.server.presence.UtcTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node as the API shows it. No key is left out.
 *
 * @param since when this state began, as all times ISO-8601 in UTC
 * @param cause why it is offline; null while it is not
 * @param lastSeenMs its silence so far; null once it is offline
 * @param rttMicros the last round trip that the node measured; null when there is none
 * @param channels how many are open
 */
record NodeJson(
    String id,
    NodeState state,
    String since,
    @Nullable Cause cause,
    String address,
    String protocol,
    long session,
    String connectedAt,
    @Nullable Long lastSeenMs,
    int intervalMs,
    int timeoutMs,
    @Nullable Integer rttMicros,
    @Nullable String group,
    int channels,
    Map<String, String> metadata) {
  private static final long NANOS_PER_MS = 1_000_000;

  /** How the node stands at that liveness time. */
  static NodeJson of(Node node, long nowNanos) {
    Node.Status status = node.status();
    // A session that ends just now has its status first and loses its link then.
    @Nullable Link link = status.state() == NodeState.OFFLINE ? null : node.link();
    return new NodeJson(
        node.id(),
        status.state(),
        UtcTime.text(status.sinceMs()),
        status.cause(),
        node.address(),
        node.legacy() ? "HBP/1" : "HBP/2",
        node.epoch(),
        UtcTime.text(node.connectedAtMs()),
        link == null ? null : Math.max(0, nowNanos - link.lastSeenNanos()) / NANOS_PER_MS,
        node.intervalMs(),
        node.timeoutMs(),
        node.roundTripMicros() < 0 ? null : node.roundTripMicros(),
        node.group(),
        link == null ? 0 : link.channels(),
        node.metadata());
  }
}
