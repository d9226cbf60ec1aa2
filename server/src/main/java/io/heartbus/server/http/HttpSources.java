package io.heartbus.server.http;

import io.heartbus.server.channel.ChannelCounts;
import io.heartbus.server.channel.Deliveries;
import io.heartbus.server.connection.ConnectionCounts;
import io.heartbus.server.liveness.LivenessClock;
import io.heartbus.server.node.NodeTable;
import io.heartbus.server.node.Roster;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the endpoint shows, and acts on. All of it is asked from any thread, and must not block.
 *
 * @param version of this server
 * @param messageBytesMax the largest message that is taken in
 * @param checkIntervalMs between two passes of the sweep
 * @param epoch names this run of the server, so that positions of another run are not mistaken
 * @param lastEvent the position of the newest presence event
 * @param unreadiness why no node should be sent here; null when nodes are welcome
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
    String epoch,
    LongSupplier lastEvent,
    Supplier<@Nullable String> unreadiness,
    Runnable drain) {}
