package io.heartbus.server.connection;

import io.heartbus.protocol.Frame;
import io.heartbus.server.ServerConfig;
import io.heartbus.server.channel.ChannelRouter;
import io.heartbus.server.liveness.HeartbeatPolicy;
import io.heartbus.server.liveness.LivenessClock;
import io.heartbus.server.node.NodeTable;
import io.heartbus.server.node.Roster;
import io.heartbus.server.node.Sweeper;
import io.heartbus.server.presence.PresenceLog;
import java.nio.channels.SocketChannel;
import java.time.InstantSource;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A server as it is made by default, but for its door, the canaries, which come in by that, and
 * HTTP: connections are handed in. It turns nobody away.
 */
final class SocketlessBus implements AutoCloseable {
  private static final ServerConfig CONFIG = ServerConfig.defaults();

  private static final int REGISTRATIONS_PER_SECOND_MAX = 10_000_000;

  private final LivenessClock clock = new LivenessClock(System::nanoTime);
  private final PresenceLog log =
      new PresenceLog(CONFIG.presence().log(), InstantSource.system(), "socketless", 0);
  private final NodeTable table =
      new NodeTable(CONFIG.nodes(), InstantSource.system(), clock::nowNanos, log);
  private final Roster roster = new Roster();
  private final Sweeper sweeper = new Sweeper(table, roster, clock, CONFIG.presence().massLoss());
  private final ConnectionContext context;
  private final Handshake handshake;

  /** For nodes that agree to that pace, whatever it is. */
  SocketlessBus(Frame.Pace pace) {
    ConnectionSettings settings = settings(CONFIG.connections());
    RandomGenerator random = RandomGenerator.getDefault();
    context =
        new ConnectionContext(
            settings,
            Deadlines.of(settings),
            policy(CONFIG.heartbeat(), pace),
            table,
            roster,
            clock,
            InstantSource.system(),
            new ConnectionCounts(),
            new ChannelRouter(CONFIG.channels(), Map.of(), table, log),
            new Doorkeeper(settings, clock.nowNanos(), random),
            random);
    handshake = new Handshake(context, false);
  }

  private static ConnectionSettings settings(ConnectionSettings usual) {
    return new ConnectionSettings(
        usual.connectionsMax(),
        usual.connectionsPerAddressMax(),
        REGISTRATIONS_PER_SECOND_MAX,
        usual.registerTimeoutMs(),
        usual.frameTimeoutMs(),
        usual.writeTimeoutMs(),
        usual.frameBytesMax(),
        usual.connectionBudgetBytes(),
        usual.outboxBytesMax(),
        usual.controlFramesMax(),
        usual.legacyEnabled(),
        usual.authToken());
  }

  private static HeartbeatPolicy policy(HeartbeatPolicy usual, Frame.Pace pace) {
    return new HeartbeatPolicy(
        pace.intervalMs(),
        pace.timeoutMs(),
        1,
        1,
        usual.intervalMaxMs(),
        usual.timeoutMaxMs(),
        usual.beatsPerSecondMax(),
        usual.ackEvery());
  }

  /** Starts the clock and the sweep. */
  SocketlessBus start() {
    clock.start();
    sweeper.start(CONFIG.checkIntervalMs());
    return this;
  }

  /** Lets a connection in, as the acceptor does. */
  void enter(SocketChannel socket) {
    Connection connection = new Connection(context, socket, handshake);
    roster.add(connection);
    connection.start();
  }

  LivenessClock clock() {
    return clock;
  }

  PresenceLog log() {
    return log;
  }

  NodeTable table() {
    return table;
  }

  /** Ends all connections, and what watches them. */
  @Override
  public void close() {
    roster.forEach(link -> ((Connection) link).lost(CloseReason.DRAINING));
    sweeper.close();
    clock.close();
    log.close();
  }
}
