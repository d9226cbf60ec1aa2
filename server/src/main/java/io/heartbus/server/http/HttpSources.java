package io.heartbus.server.http;

import io.heartbus.server.channel.ChannelCounts;
import io.heartbus.server.channel.Deliveries;
import io.heartbus.server.connection.ConnectionCounts;
import io.heartbus.server.liveness.HeartbeatPolicy;
import io.heartbus.server.liveness.LivenessClock;
import io.heartbus.server.metrics.DurationHistogram;
import io.heartbus.server.node.NodeTable;
import io.heartbus.server.node.Roster;
import io.heartbus.server.presence.PresenceLog;
import io.heartbus.server.webhook.WebhookCounts;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the endpoint shows, and acts on. All of it is asked from any thread, and must not block.
 *
 * @param version of this server
 * @param messageBytesMax the largest message that is taken in
 * @param checkIntervalMs between two passes of the sweep
 * @param canaryDelay from a timeout to the farewell, as nodes of the server's own saw it
 * @param policy what may be agreed with nodes
 * @param log what happened to nodes
 * @param unreadiness why no node should be sent here; null when nodes are welcome
 * @param warnings what does not go well, though nodes are welcome
 * @param drain begins to take leave of all nodes
 */
public record HttpSources(
    String version,
    NodeTable nodes,
    Roster roster,
    ConnectionCounts connections,
    ChannelCounts channels,
    Deliveries deliveries,
    int messageBytesMax,
    LivenessClock clock,
    long checkIntervalMs,
    DurationHistogram canaryDelay,
    HeartbeatPolicy policy,
    PresenceLog log,
    List<WebhookCounts> webhooks,
    Supplier<@Nullable String> unreadiness,
    Supplier<List<String>> warnings,
    Runnable drain) {}
