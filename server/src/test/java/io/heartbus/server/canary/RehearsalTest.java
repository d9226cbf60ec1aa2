package io.heartbus.server.canary;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.heartbus.protocol.FrameType;
import io.heartbus.server.ServerConfig;
import io.heartbus.server.channel.ChannelRouter;
import io.heartbus.server.connection.Bus;
import io.heartbus.server.connection.CloseReason;
import io.heartbus.server.connection.ConnectionCounts;
import io.heartbus.server.connection.OwnNodes;
import io.heartbus.server.liveness.LivenessClock;
import io.heartbus.server.node.NodeTable;
import io.heartbus.server.node.Roster;
import io.heartbus.server.presence.LogSettings;
import io.heartbus.server.presence.PresenceLog;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Visits to a real bus. */
@Timeout(60)
class RehearsalTest {
  private final ServerConfig config =
      ServerConfig.of(
          ConfigFactory.parseString("listen { host = \"127.0.0.1\", port = 0 }")
              .atPath("heartbus.server"));
  private final InstantSource wallClock = InstantSource.system();
  private final AtomicInteger events = new AtomicInteger();
  private final LivenessClock clock =
      new LivenessClock(System::nanoTime, wallClock, config.presence().stall(), _ -> {});
  private final NodeTable table =
      new NodeTable(config.nodes(), wallClock, clock::nowNanos, _ -> events.incrementAndGet());
  private Bus bus;
  private OwnNodes own;

  @BeforeEach
  void open() throws IOException {
    clock.start();
    PresenceLog unused = new PresenceLog(LogSettings.inMemory(1, 0), wallClock, "", 0);
    bus =
        Bus.open(
            config.listen(),
            config.connections(),
            config.heartbeat(),
            config.drain(),
            new Bus.Foundations(
                table,
                new Roster(),
                clock,
                wallClock,
                new ChannelRouter(config.channels(), Map.of(), table, unused)));
    own = bus.ownNodes();
  }

  @AfterEach
  void close() {
    bus.close();
    clock.close();
  }

  @Test
  void visitsEndInEachOfTheWaysInWhichNodesDoAndNobodyStays() {
    // So few that no id comes back: a visit could take the session of an earlier one over.
    assertThat(Rehearsal.run(own, bus.address(), 15)).isEqualTo(15);

    await(() -> own.roster().size() == 0);
    ConnectionCounts counts = own.counts();
    assertThat(counts.framesIn(FrameType.REGISTER).sum()).isEqualTo(15);
    assertThat(counts.framesIn(FrameType.HEARTBEAT_REQ).sum()).isEqualTo(30);
    assertThat(counts.closed(CloseReason.LEFT).sum()).isEqualTo(5);
    assertThat(counts.closed(CloseReason.DISCONNECTED).sum()).isEqualTo(5);
    assertThat(counts.closed(CloseReason.RESET).sum()).isEqualTo(5);
  }

  @Test
  void nobodyElseNoticesThem() {
    assertThat(Rehearsal.run(own, bus.address(), 6)).isEqualTo(6);

    assertThat(bus.counts().accepted.sum()).isZero();
    assertThat(table.counts().live()).isZero();
    assertThat(events).hasValue(0);
  }

  @Test
  void aServerThatCannotBeReachedIsNotVisited() {
    InetSocketAddress address = bus.address();
    bus.close();

    assertThat(Rehearsal.run(own, address, 6)).isZero();
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(1_000_000);
    }
  }
}
