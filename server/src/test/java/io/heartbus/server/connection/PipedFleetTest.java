package io.heartbus.server.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Frame;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@link MillionBenchmark} does with a million nodes, with few. */
@Timeout(60)
class PipedFleetTest {
  private static final int NODES = 500;
  private static final int VICTIMS = 3;
  private static final Frame.Pace PACE = new Frame.Pace(200, 1_000);

  @Test
  void nodesOnPipesAreServedAndThoseThatFallSilentAreTold() throws Exception {
    try (SocketlessBus bus = new SocketlessBus(PACE).start()) {
      PipedFleet fleet = new PipedFleet(bus, PACE, NODES);
      fleet.register(20_000);
      assertThat(bus.table().counts().live()).isEqualTo(NODES);
      fleet.shuffle(VICTIMS, new Random(1));
      Thread follower = Thread.ofPlatform().start(() -> follow(fleet, bus));
      fleet.beat(TimeUnit.MILLISECONDS.toNanos(PACE.intervalMs() + PACE.timeoutMs()));
      follower.join();
      while (fleet.answers() < fleet.beats() && fleet.farewells() == 0) {
        LockSupport.parkNanos(1_000_000);
      }
      assertThat(fleet.beats()).isGreaterThan(5 * NODES);
      assertThat(fleet.verdicts.delays.size()).isEqualTo(VICTIMS);
    }
  }

  private static void follow(PipedFleet fleet, SocketlessBus bus) {
    try {
      fleet.verdicts.follow(bus.log(), VICTIMS, TimeUnit.SECONDS.toNanos(30));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
