package io.heartbus.server;

import io.heartbus.server.channel.ChannelHandler;
import io.heartbus.server.channel.ChannelRouter;
import io.heartbus.server.connection.Bus;
import io.heartbus.server.http.HttpEndpoint;
import io.heartbus.server.http.HttpSources;
import io.heartbus.server.liveness.LivenessClock;
import io.heartbus.server.node.NodeTable;
import io.heartbus.server.node.Roster;
import io.heartbus.server.node.Sweeper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
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
  private final LivenessClock clock = new LivenessClock(System::nanoTime);
  private final Roster roster = new Roster();
  private final NodeTable table;
  private final ChannelRouter router;
  private final Sweeper sweeper;
  private final Bus bus;
  private final HttpEndpoint http;

  private HeartbeatServer(ServerConfig config, Map<String, ChannelHandler> applications)
      throws IOException {
    this.config = config;
    table = new NodeTable(config.nodes(), wallClock);
    router = new ChannelRouter(config.channels(), applications, table);
    sweeper = new Sweeper(table, roster, clock);
    Bus opened;
    try {
      clock.start();
      opened = openBus();
    } catch (IOException | RuntimeException failed) {
      clock.close();
      throw failed;
    }
    try {
      http = HttpEndpoint.start(config.http(), sources(opened));
    } catch (IOException | RuntimeException failed) {
      opened.close();
      clock.close();
      throw failed;
    }
    bus = opened;
    sweeper.start(config.checkIntervalMs());
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
        Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, wallClock.instant())),
        () -> 0,
        () -> unreadiness(opened),
        opened::drainSoon);
  }

  private @Nullable String unreadiness(Bus opened) {
    if (opened.draining()) {
      return "draining";
    }
    return roster.size() >= config.connections().connectionsMax()
        ? "limits.max-connections reached"
        : null;
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
    return new HeartbeatServer(config, applications);
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
              config.channels(), Map.of(), new NodeTable(config.nodes(), InstantSource.system()));
    } catch (IllegalArgumentException wrong) {
      throw new ConfigurationException("heartbus.server.channel.routes: " + wrong.getMessage());
    }
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
    bus.drain();
  }

  /** Ends everything at once. */
  @Override
  public void close() {
    bus.close();
    router.close();
    sweeper.close();
    clock.close();
    http.close();
  }
}
