package io.heartbus.server;

import io.heartbus.server.canary.Canaries;
import io.heartbus.server.channel.ChannelHandler;
import io.heartbus.server.channel.ChannelRouter;
import io.heartbus.server.connection.Bus;
import io.heartbus.server.connection.OwnNodes;
import io.heartbus.server.http.HttpEndpoint;
import io.heartbus.server.http.HttpSources;
import io.heartbus.server.liveness.LivenessClock;
import io.heartbus.server.node.NodeEvent;
import io.heartbus.server.node.NodeTable;
import io.heartbus.server.node.Roster;
import io.heartbus.server.node.Sweeper;
import io.heartbus.server.presence.LogSettings;
import io.heartbus.server.presence.PresenceLog;
import io.heartbus.server.webhook.Webhooks;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A running heartbeat bus: start it, ask where it listens, drain it, close it. Any thread; owns all
 * threads of the server.
 *
 * <pre>{@code
 * try (HeartbeatServer server = HeartbeatServer.start(ServerConfig.defaults())) {
 *   System.out.println(server.busAddress());
 * }
 * }</pre>
 */
public final class HeartbeatServer implements AutoCloseable {
  private final ServerConfig config;
  private final InstantSource wallClock = InstantSource.system();
  private final LivenessClock clock;
  private final Roster roster = new Roster();
  private final PresenceLog log;
  private final NodeTable table;
  private final ChannelRouter router;
  private final Sweeper sweeper;
  private final Bus bus;
  private final Canaries canaries;
  private final Webhooks webhooks;
  private final HttpEndpoint http;

  private HeartbeatServer(
      ServerConfig config, Map<String, ChannelHandler> applications, PresenceLog log)
      throws IOException {
    this.config = config;
    this.log = log;
    clock =
        new LivenessClock(
            System::nanoTime,
            wallClock,
            config.presence().stall(),
            stall -> log.append(NodeEvent.stall(stall.lostMs(), stall.detail())));
    table = new NodeTable(config.nodes(), wallClock, clock::nowNanos, log);
    router = new ChannelRouter(config.channels(), applications, table, log);
    // Before the first node can come: what happens from then on is told.
    webhooks = Webhooks.start(config.presence().webhooks(), log, wallClock);
    Bus opened;
    try {
      clock.start();
      opened = openBus();
    } catch (IOException | RuntimeException failed) {
      webhooks.close();
      clock.close();
      throw failed;
    }
    OwnNodes own = opened.ownNodes();
    canaries =
        new Canaries(own, opened.address(), clock, config.presence().stall().canaryTimeoutMs());
    try {
      http = HttpEndpoint.start(config.http(), sources(opened));
    } catch (IOException | RuntimeException failed) {
      opened.close();
      webhooks.close();
      clock.close();
      throw failed;
    }
    bus = opened;
    sweeper =
        new Sweeper(table, roster, clock, config.presence().massLoss())
            .besides(own.table(), own.roster())
            .start(config.checkIntervalMs());
    canaries.start(config.presence().canaries());
  }

  private Bus openBus() throws IOException {
    return Bus.open(
        config.listen(),
        config.connections(),
        config.heartbeat(),
        config.drain(),
        new Bus.Foundations(table, roster, clock, wallClock, router));
  }

  private HttpSources sources(Bus opened) {
    return new HttpSources(
        ServerMain.Version.TEXT,
        table,
        roster,
        opened.counts(),
        router.counts(),
        router.deliveries(),
        router.settings().messageBytesMax(),
        clock,
        config.checkIntervalMs(),
        canaries.detectionDelay(),
        config.heartbeat(),
        log,
        webhooks.counts(),
        () -> unreadiness(opened),
        log::warnings,
        this::drainSoon);
  }

  private @Nullable String unreadiness(Bus opened) {
    if (opened.draining()) {
      return "draining";
    }
    if (roster.size() >= config.connections().connectionsMax()) {
      return "limits.max-connections reached";
    }
    return clock.held() ? "liveness clock held" : null;
  }

  /**
   * Starts a server; it accepts nodes when this returns.
   *
   * @throws IOException when an address cannot be had
   */
  public static HeartbeatServer start(ServerConfig config) throws IOException {
    return start(config, Map.of());
  }

  /**
   * Starts a server with an application's own handlers; they go before the routes of the
   * configuration.
   *
   * @param applications by channel name, in which {@code *} stands for any characters; the first
   *     that matches, in the order of the map, gets the channel
   * @throws IOException when an address cannot be had
   */
  public static HeartbeatServer start(ServerConfig config, Map<String, ChannelHandler> applications)
      throws IOException {
    PresenceLog log = PresenceLog.open(config.presence().log(), InstantSource.system());
    try {
      return new HeartbeatServer(config, applications, log);
    } catch (IOException | RuntimeException failed) {
      log.close();
      throw failed;
    }
  }

  /**
   * Checks what the keys alone do not tell: that the handlers of all routes can be made.
   *
   * @throws ConfigurationException when one cannot
   */
  static void check(ServerConfig config) {
    try {
      ChannelRouter _ =
          new ChannelRouter(
              config.channels(),
              Map.of(),
              new NodeTable(config.nodes(), InstantSource.system()),
              new PresenceLog(LogSettings.inMemory(1, 0), InstantSource.system(), "", 0));
    } catch (IllegalArgumentException wrong) {
      throw new ConfigurationException("heartbus.server.channel.routes: " + wrong.getMessage());
    }
  }

  /**
   * Goes through all that nodes do, beside them and for some seconds at most, so that the JVM
   * compiles it as a whole. Once; returns at once.
   */
  void rehearse() {
    canaries.rehearse();
  }

  /** Where nodes connect to. */
  public InetSocketAddress busAddress() {
    return bus.address();
  }

  /** Where it is managed and scraped. */
  public InetSocketAddress httpAddress() {
    return http.address();
  }

  /**
   * Takes leave of all nodes: nobody is let in any more, everybody is asked to go, spread over
   * time, and who stays until the end of the window is disconnected. Blocks until then.
   */
  public void drain() throws InterruptedException {
    canaries.close();
    bus.drain();
  }

  private void drainSoon() {
    canaries.close();
    bus.drainSoon();
  }

  /** Ends everything at once. */
  @Override
  public void close() {
    canaries.close();
    bus.close();
    table.close();
    router.close();
    sweeper.close();
    clock.close();
    // What the end of the bus did to nodes is told, too.
    webhooks.close();
    http.close();
    // It takes down what all of these had to say.
    log.close();
  }
}
