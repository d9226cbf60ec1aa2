package io.heartbus.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.heartbus.server.ServerConfig;
import io.heartbus.server.canary.Canaries;
import io.heartbus.server.channel.ChannelRouter;
import io.heartbus.server.connection.Bus;
import io.heartbus.server.liveness.LivenessClock;
import io.heartbus.server.liveness.MassLossSettings;
import io.heartbus.server.liveness.Stall;
import io.heartbus.server.node.Cause;
import io.heartbus.server.node.EventType;
import io.heartbus.server.node.Node;
import io.heartbus.server.node.NodeEvent;
import io.heartbus.server.node.NodeState;
import io.heartbus.server.node.NodeTable;
import io.heartbus.server.node.Roster;
import io.heartbus.server.node.Sweeper;
import io.heartbus.server.presence.LogSettings;
import io.heartbus.server.presence.PresenceLog;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The rooms of a server, put together around a wall clock that a test sets. */
class WallClockTest {
  private static final long HOUR_MS = 3_600_000;
  private static final long INTERVAL_MS = 300;
  private static final long TIMEOUT_MS = 1_000;
  private static final int NODES = 200;
  private static final String SETTINGS =
      """
      listen { host = "127.0.0.1", port = 0 }
      heartbeat { min-interval = 100 ms, min-timeout = 300 ms, check-interval = 20 ms }
      limits.control-frames = 0
      # A stop of this machine would hide the jump that comes with it.
      presence.stall { gap = 1 h, canary-timeout = 1 h }
      """;

  private final ServerConfig config =
      ServerConfig.of(ConfigFactory.parseString(SETTINGS).atPath("heartbus.server"));
  private final AtomicLong offsetMs = new AtomicLong();
  private final InstantSource wallClock =
      () -> InstantSource.system().instant().plusMillis(offsetMs.get());
  private final Queue<Stall> stalls = new ConcurrentLinkedQueue<>();
  private final Queue<NodeEvent> events = new ConcurrentLinkedQueue<>();
  private final LivenessClock clock =
      new LivenessClock(System::nanoTime, wallClock, config.presence().stall(), stalls::add);
  private final NodeTable table =
      new NodeTable(config.nodes(), wallClock, clock::nowNanos, events::add);
  private final Roster roster = new Roster();
  private Bus bus;
  private Sweeper sweeper;
  private Canaries canaries;
  private BeatingNodes nodes;

  @BeforeEach
  void start() throws IOException {
    clock.start();
    bus =
        Bus.open(
            config.listen(),
            config.connections(),
            config.heartbeat(),
            config.drain(),
            new Bus.Foundations(
                table,
                roster,
                clock,
                wallClock,
                new ChannelRouter(
                    config.channels(),
                    Map.of(),
                    table,
                    new PresenceLog(LogSettings.inMemory(1, 0), wallClock, "", 0))));
    sweeper =
        new Sweeper(table, roster, clock, MassLossSettings.NEVER)
            .besides(bus.ownNodes().table(), bus.ownNodes().roster())
            .start(config.checkIntervalMs());
    canaries = new Canaries(bus.ownNodes(), bus.address(), clock, 2_000).start(1);
    nodes = BeatingNodes.join(bus.address(), NODES, INTERVAL_MS, TIMEOUT_MS);
  }

  @AfterEach
  void stop() throws IOException {
    canaries.close();
    nodes.close();
    bus.close();
    sweeper.close();
    clock.close();
  }

  private NodeState state(String id) {
    Node node = table.find(id);
    return node == null ? NodeState.OFFLINE : node.status().state();
  }

  @Test
  @DisplayName("a wall clock that jumps by an hour, either way, makes nobody offline who beats")
  void aWallClockThatJumpsByAnHourMakesNobodyOfflineWhoBeats() {
    Set<String> killed = new HashSet<>();
    for (long jumpMs : new long[] {HOUR_MS, -HOUR_MS, -HOUR_MS, HOUR_MS}) {
      String id = nodes.kill(killed.size());
      killed.add(id);
      offsetMs.addAndGet(jumpMs);
      TestServer.await(
          () -> stalls.stream().anyMatch(stall -> Math.abs(stall.driftMs() - jumpMs) < 1_000),
          () -> "nobody noticed a jump of " + jumpMs + " ms, but " + stalls);
      stalls.clear();
      TestServer.await(() -> state(id) == NodeState.OFFLINE, () -> id + " is " + state(id));
    }
    Set<String> timedOut = new HashSet<>();
    for (NodeEvent event : events) {
      if (event.type() == EventType.OFFLINE) {
        assertThat(event.cause()).isEqualTo(Cause.TIMEOUT);
        timedOut.add(event.node());
      }
    }
    assertThat(timedOut).containsAll(killed).doesNotContainAnyElementsOf(nodes.neverSilent());
    assertThat(table.counts().live()).isEqualTo(NODES - timedOut.size());
  }
}
