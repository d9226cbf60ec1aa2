package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rates of connects that a server does not keep up with, and what is said about them. */
@Timeout(60)
class RateTest {
  private static final long HALT_NANOS = 600_000_000;

  /** Ten nodes come in, and the last one of them late. */
  private static final FakeServer.Script HESITANT =
      peer -> {
        if (peer.awaitRegister().nodeId().equals("test-9")) {
          park(HALT_NANOS);
        }
        peer.accept(100, 1);
        peer.serve();
      };

  @Test
  void aRateThatDoesNotComeAboutFailsTheRun() throws IOException {
    assertThat(complaints(1_000_000)).hasSize(1);
  }

  @Test
  void theUsualRateIsNotHeldAgainstASlowMachine() throws IOException {
    assertThat(complaints(Settings.CONNECT_RATE)).isEmpty();
  }

  private static List<String> complaints(double connectsPerSecond) throws IOException {
    try (FakeServer server = FakeServer.playing(HESITANT)) {
      Scenarios scenarios =
          Scenarios.connect(server.port()).nodes(10).connectsPerSecond(connectsPerSecond);
      return Verdict.judge(scenarios.scenario(), scenarios.run()).failures().stream()
          .filter(failure -> failure.contains(" connects/s were asked for and "))
          .toList();
    }
  }

  private static void park(long nanos) {
    long endNanos = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = endNanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
