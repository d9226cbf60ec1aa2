package io.heartbus.server.conformance;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.heartbus.server.HeartbeatServer;
import io.heartbus.server.ServerConfig;
import io.heartbus.server.channel.ChannelHandler;
import io.heartbus.server.channel.ChannelRouter;
import io.heartbus.server.connection.Bus;
import io.heartbus.server.connection.CloseReason;
import io.heartbus.server.connection.ConnectionCounts;
import io.heartbus.server.liveness.LivenessClock;
import io.heartbus.server.node.Node;
import io.heartbus.server.node.NodeCounts;
import io.heartbus.server.node.NodeEvent;
import io.heartbus.server.node.NodeState;
import io.heartbus.server.node.NodeTable;
import io.heartbus.server.node.Roster;
import io.heartbus.server.presence.PresenceEvent;
import io.heartbus.server.presence.PresenceLog;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A whole server on free ports of this machine, with floors low enough for tests. Unless a test
 * asks for short ones it agrees on the usual 10 s and 30 s, so that nobody times out by the way.
 */
final class TestServer implements AutoCloseable {
  private static final String QUICK =
      """
      listen { host = "127.0.0.1", port = 0 }
      http.port = 0
      heartbeat { min-interval = 50 ms, min-timeout = 150 ms, check-interval = 20 ms }
      # This machine may stand still: only tests that are about that want to hear of it.
      presence.stall { gap = 1 h, canary-timeout = 1 h }
      channel.routes = [
        { match = "echo", handler = echo }
        { match = "discard", handler = discard }
        { match = "default", handler = discard }
      ]
      """;

  private final HeartbeatServer server;
  private final NodeTable table;
  private final ConnectionCounts counts;
  private final Roster roster;
  private final ChannelRouter router;
  private final LivenessClock clock;
  private final PresenceLog log;

  private TestServer(String settings, Map<String, ChannelHandler> handlers) throws IOException {
    server = HeartbeatServer.start(ServerConfig.of(config(settings)), handlers);
    table = part(NodeTable.class);
    counts = part(Bus.class).counts();
    roster = part(Roster.class);
    router = part(ChannelRouter.class);
    clock = part(LivenessClock.class);
    log = part(PresenceLog.class);
  }

  /** Starts a server; each argument is a setting below {@code heartbus.server}. */
  static TestServer start(String... settings) throws IOException {
    return start(Map.of(), settings);
  }

  /** Starts a server with an application's handlers, by channel name. */
  static TestServer start(Map<String, ChannelHandler> handlers, String... settings)
      throws IOException {
    return new TestServer(String.join("\n", settings), handlers);
  }

  private static Config config(String settings) {
    return ConfigFactory.parseString(settings)
        .withFallback(ConfigFactory.parseString(QUICK))
        .atPath("heartbus.server");
  }

  /** A room of the server: its public face does not show them, and should not for our sake. */
  private <T> T part(Class<T> type) {
    for (Field field : HeartbeatServer.class.getDeclaredFields()) {
      if (field.getType() == type) {
        try {
          field.setAccessible(true);
          return type.cast(field.get(server));
        } catch (IllegalAccessException impossible) {
          throw new AssertionError(impossible);
        }
      }
    }
    throw new AssertionError("the server has no " + type);
  }

  HeartbeatServer server() {
    return server;
  }

  InetSocketAddress address() {
    return server.busAddress();
  }

  Peer connect() throws IOException {
    return Peer.connect(address());
  }

  NodeTable table() {
    return table;
  }

  NodeCounts nodes() {
    return table.counts();
  }

  ConnectionCounts counts() {
    return counts;
  }

  /** How many connections there are, those that linger included. */
  int connections() {
    return roster.size();
  }

  /** What was told of nodes so far. */
  List<NodeEvent> events() {
    return log.read(0, Integer.MAX_VALUE).events().stream().map(PresenceEvent::what).toList();
  }

  ChannelRouter channels() {
    return router;
  }

  LivenessClock clock() {
    return clock;
  }

  PresenceLog log() {
    return log;
  }

  long closed(CloseReason reason) {
    return counts.closed(reason).sum();
  }

  /** What the server says of a node it knows. */
  Node.Status status(String id) {
    Node node = table.find(id);
    if (node == null) {
      throw new AssertionError("the server does not know " + id);
    }
    return node.status();
  }

  void awaitState(String id, NodeState state) {
    await(() -> status(id).state() == state, () -> id + " is " + status(id) + ", not " + state);
  }

  /** Waits until that is so; fails when it never is. */
  static void await(BooleanSupplier condition, Supplier<String> otherwise) {
    long startNanos = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - startNanos > Peer.PATIENCE_MS * 1_000_000L) {
        throw new AssertionError(otherwise.get());
      }
      pause();
    }
  }

  /** Lets others go on for a moment; how long does not matter to anybody. */
  static void pause() {
    LockSupport.parkNanos(1_000_000);
  }

  @Nullable Node find(String id) {
    return table.find(id);
  }

  @Override
  public void close() {
    server.close();
  }
}
