package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Cool-downs that would take an hour, of which tests see the beginning. */
@Timeout(60)
class CoolDownTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void nodesLeaveOneAfterTheOtherAndBeatUntilThen() throws IOException, InterruptedException {
    CountDownLatch goodbyes = new CountDownLatch(1);
    CountDownLatch beatsAfterOne = new CountDownLatch(30);
    AtomicInteger left = new AtomicInteger();
    FakeServer.Script script =
        peer -> {
          peer.letIn(50);
          while (peer.answer(peer.read())) {
            if (goodbyes.getCount() == 0) {
              beatsAfterOne.countDown();
            }
          }
          left.incrementAndGet();
          goodbyes.countDown();
        };
    try (FakeServer server = FakeServer.playing(script)) {
      // The next one would leave in six minutes.
      Scenario scenario =
          Scenarios.heartbeat(server.port())
              .nodes(10)
              .interval(Duration.ofMillis(50))
              .coolingDown(HOUR)
              .scenario();
      Fleet fleet = new Fleet(scenario, new HeartbeatScript("test-"), RandomGenerator.getDefault());
      CompletableFuture<Integer> leftWhenStopped = new CompletableFuture<>();
      Thread stopper =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  beatsAfterOne.await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                leftWhenStopped.complete(left.get());
                fleet.stop();
              });
      Measured measured = Scenarios.run(fleet, scenario);
      stopper.join();

      assertThat(leftWhenStopped).isCompletedWithValue(1);
      assertThat(left).hasValue(10);
      assertThat(measured.phases().getLast().sent()).isGreaterThanOrEqualTo(30);
      assertThat(measured.heartbeats().acked()).isEqualTo(measured.heartbeats().sent());
      assertThat(measured.interrupted()).isFalse();
      assertThat(measured.nodes().lost()).isZero();
    }
  }

  @Test
  void aServerThatDiesWhileNodesLeaveIsFound() throws IOException {
    CompletableFuture<FakeServer> itself = new CompletableFuture<>();
    FakeServer.Script script =
        peer -> {
          peer.letIn(100);
          while (peer.answer(peer.read())) {
            // A beat.
          }
          itself.join().die();
        };
    try (FakeServer server = FakeServer.playing(script)) {
      itself.complete(server);
      // The second one would leave in six minutes.
      Scenarios scenarios = Scenarios.heartbeat(server.port()).nodes(10);
      Measured measured = scenarios.coolingDown(HOUR).run();

      assertThat(measured.nodes().lost()).isEqualTo(9);
      assertThat(Verdict.judge(scenarios.scenario(), measured).passed()).isFalse();
    }
  }
}
