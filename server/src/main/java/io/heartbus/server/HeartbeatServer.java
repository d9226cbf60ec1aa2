package io.heartbus.server;

import io.heartbus.server.channel.ChannelRouter;
import io.heartbus.server.connection.Bus;
import io.heartbus.server.liveness.LivenessClock;
import io.heartbus.server.node.NodeTable;
import io.heartbus.server.node.Roster;
import io.heartbus.server.node.Sweeper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;

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
  private final LivenessClock clock;
  private final Sweeper sweeper;
  private final Bus bus;
  private final NodeTable table;

  private HeartbeatServer(ServerConfig config) throws IOException {
    InstantSource wallClock = InstantSource.system();
    clock = new LivenessClock(System::nanoTime).start();
    table = new NodeTable(config.nodes(), wallClock);
    Roster roster = new Roster();
    ChannelRouter router = new ChannelRouter(config.channels());
    sweeper = new Sweeper(table, roster, clock);
    bus =
        Bus.open(
            config.listen(),
            config.connections(),
            config.heartbeat(),
            config.drain(),
            new Bus.Foundations(table, roster, clock, wallClock, router));
    sweeper.start(config.checkIntervalMs());
  }

  /**
   * Starts a server; it accepts nodes when this returns.
   *
   * @throws IOException when an address cannot be had
   */
  public static HeartbeatServer start(ServerConfig config) throws IOException {
    return new HeartbeatServer(config);
  }

  /** Where nodes connect to. */
  public InetSocketAddress busAddress() {
    return bus.address();
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
    sweeper.close();
    bus.close();
    clock.close();
  }
}
