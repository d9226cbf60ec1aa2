package io.heartbus.server.connection;

import io.heartbus.server.channel.ChannelRouter;
import io.heartbus.server.liveness.HeartbeatPolicy;
import io.heartbus.server.liveness.LivenessClock;
import io.heartbus.server.node.NodeTable;
import io.heartbus.server.node.Roster;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.random.RandomGenerator;

/**
 * What all connections of a server share.
 *
 * @param random must be fit for many threads
 */
record ConnectionContext(
    ConnectionSettings settings,
    Deadlines deadlines,
    HeartbeatPolicy policy,
    NodeTable table,
    Roster roster,
    LivenessClock clock,
    InstantSource wallClock,
    ConnectionCounts counts,
    ChannelRouter router,
    Doorkeeper doorkeeper,
    RandomGenerator random) {
  /** Microseconds since 1970, for the eyes of HBP/1 nodes. */
  long wallMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, wallClock.instant());
  }
}
