package io.heartbus.client;

import java.time.Duration;

/**
 * One registration of the node at one server, as it was granted.
 *
 * @param server where
 * @param epoch higher for every later registration of the same node id: orders sessions, fences
 *     late messages
 * @param heartbeatInterval what the server decided; it may retune it later
 * @param heartbeatTimeout the silence after which the other side is gone
 * @param tookOver whether another live connection of this node id had to go for it
 */
public record Session(
    ServerAddress server,
    long epoch,
    Duration heartbeatInterval,
    Duration heartbeatTimeout,
    boolean tookOver) {}
