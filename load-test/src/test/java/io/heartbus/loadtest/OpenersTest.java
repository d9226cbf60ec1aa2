package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Frame;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class OpenersTest {
  private static final int UNTOUCHED = 5;
  private static final int DROPPED = Openers.UNDER_WAY_MAX + 76;

  /** Answers nobody who comes back. */
  private static final FakeServer.Script STUCK =
      peer -> {
        if (peer.awaitRegister().connectionSeq() > 1) {
          peer.linger();
        }
        peer.accept(100, 1);
        peer.serve();
      };

  /** Those that are on their way in, in the only storm. */
  private final AtomicInteger underWay = new AtomicInteger();

  private final AtomicInteger underWayMost = new AtomicInteger();

  @Test
  void noMoreThanTheServersKernelQueuesAreOnTheirWayInAtOnce() throws IOException {
    CountDownLatch full = new CountDownLatch(Openers.UNDER_WAY_MAX);
    // Time for one too many.
    CountDownLatch beats = new CountDownLatch(4 * UNTOUCHED);
    FakeServer.Script script =
        peer -> {
          Frame.Register register = peer.awaitRegister();
          boolean returns = register.connectionSeq() > 1;
          if (returns) {
            underWayMost.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            full.countDown();
            await(full);
            await(beats);
            underWay.decrementAndGet();
          }
          peer.accept(100, 1);
          while (peer.answer(peer.read())) {
            if (full.getCount() == 0) {
              beats.countDown();
            }
          }
        };
    StormFigures.Round round = storm(script, Duration.ofSeconds(60)).rounds().getFirst();

    assertThat(round.back()).isEqualTo(DROPPED);
    assertThat(round.failures()).isEmpty();
    assertThat(underWayMost).hasValue(Openers.UNDER_WAY_MAX);
  }

  @Test
  void whoWaitsForAServerThatIsStuckFailsOnceLikeThoseThatTried() throws IOException {
    StormFigures.Round round = storm(STUCK, Duration.ofSeconds(3)).rounds().getFirst();

    assertThat(round.back()).isZero();
    assertThat(round.failures().keySet()).isSubsetOf("no answer", Ending.NO_TURN);
    assertThat(round.failures().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(round.dropped());
  }

  @Test
  void aRunThatIsStoppedLetsGoOfThoseThatWaitForTheirTurn() throws IOException {
    CountDownLatch full = new CountDownLatch(Openers.UNDER_WAY_MAX);
    FakeServer.Script script =
        peer -> {
          if (peer.awaitRegister().connectionSeq() > 1) {
            full.countDown();
            peer.linger();
          }
          peer.accept(100, 1);
          peer.serve();
        };
    try (FakeServer server = FakeServer.playing(script)) {
      Scenario scenario = scenario(server, Duration.ofSeconds(60));
      StormScript nodes = new StormScript("test-", scenario, scenario.storm());
      Fleet fleet = new Fleet(scenario, nodes, RandomGenerator.getDefault());
      Thread.ofVirtual()
          .start(() -> {
            await(full);
            fleet.stop();
          });
      Measured measured = Scenarios.run(fleet, scenario);

      assertThat(measured.interrupted()).isTrue();
      assertThat(server.registrations).hasSize(DROPPED + UNTOUCHED + Openers.UNDER_WAY_MAX);
      assertThat(nodes.figures().rounds().getFirst().failures()).isEmpty();
    }
  }

  @Test
  void thoseOnTimeTakeNoTurnFromWhoIsLate() throws IOException {
    CountDownLatch sockets = new CountDownLatch(Openers.UNDER_WAY_MAX + 1);
    FakeServer.Script stuck =
        peer -> {
          sockets.countDown();
          peer.linger();
        };
    try (FakeServer server = FakeServer.playing(stuck)) {
      Scenario scenario = Scenarios.heartbeat(server.port()).scenario();
      Fleet fleet = new Fleet(scenario, new HeartbeatScript("test-"), RandomGenerator.getDefault());
      for (int node = 0; node <= Openers.UNDER_WAY_MAX; node++) {
        Connection connection = new Connection(fleet, new Node(node, node), 0);
        fleet.schedule(connection, 0);
        connection.due(node == Openers.UNDER_WAY_MAX ? Openers.LATE_NANOS : 0);
      }
      await(sockets);

      fleet.stop();
      assertThat(Scenarios.run(fleet, scenario).interrupted()).isTrue();
    }
  }

  private static StormFigures storm(FakeServer.Script script, Duration connectTimeout)
      throws IOException {
    try (FakeServer server = FakeServer.playing(script)) {
      Scenario scenario = scenario(server, connectTimeout);
      StormScript nodes = new StormScript("test-", scenario, scenario.storm());
      Scenarios.run(new Fleet(scenario, nodes, RandomGenerator.getDefault()), scenario);
      return nodes.figures();
    }
  }

  private static Scenario scenario(FakeServer server, Duration connectTimeout) throws IOException {
    return Scenarios.storm(server.port(), 1, UNTOUCHED)
        .nodes(DROPPED + UNTOUCHED)
        .connectTimeout(connectTimeout)
        .lasting(Duration.ofMillis(100))
        .scenario();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
