package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DemoScriptTest {
  private static final long MS = 1_000_000;
  private static final int NODES = 40;

  /** Thousands of times as fast as the real demo. */
  private static final DemoScript.Tempo LIVELY =
      new DemoScript.Tempo(300 * MS, 10 * MS, 100 * MS, 100 * MS);

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final Map<String, FakeServer.Peer> present = new ConcurrentHashMap<>();
  private final AtomicInteger replaced = new AtomicInteger();
  private final AtomicInteger timedOut = new AtomicInteger();
  private final AtomicInteger goodbyes = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private final AtomicInteger messages = new AtomicInteger();

  @AfterEach
  void stopTimer() {
    timer.shutdownNow();
  }

  @Test
  void nodesPartInEveryWayAndAllComeBack() throws IOException {
    try (FakeServer server = FakeServer.playing(this::serve)) {
      Scenario scenario = scenario(server.port(), 4);
      Measured measured = run(scenario);

      assertThat(measured.nodes().connected()).isEqualTo(NODES);
      assertThat(server.registrations.size()).isGreaterThan(3 * NODES);
      assertThat(replaced).as("replaced").hasPositiveValue();
      assertThat(timedOut).as("timed out").hasPositiveValue();
      assertThat(goodbyes).as("said goodbye").hasPositiveValue();
      assertThat(closed).as("closed").hasPositiveValue();
      assertThat(messages).as("messages").hasPositiveValue();
      // Being replaced is no loss, and neither is what the node itself did.
      assertThat(measured.nodes().losses())
          .doesNotContainKeys("ERROR SESSION_TAKEN_OVER", "closed by the server");
      assertThat(measured.messages().counts().sent()).isPositive();
      assertThat(Verdict.judge(scenario, measured).passed()).isTrue();
    }
  }

  @Test
  void nodesTellTheirZoneWhatTheyAreAndTheirLastEpoch() throws IOException {
    try (FakeServer server = FakeServer.playing(this::serve)) {
      run(scenario(server.port(), 2));

      Map<String, Long> epochs = new ConcurrentHashMap<>();
      for (Frame.Register register : server.registrations) {
        String zone = register.attributes().group();
        assertThat(register.nodeId()).matches("demo-" + zone + "-\\d{4}");
        assertThat(register.attributes().metadata()).containsOnlyKeys("model", "firmware");
        assertThat(register.attributes().lastEpoch() == null)
            .as("the first time of %s", register.nodeId())
            .isEqualTo(epochs.put(register.nodeId(), 1L) == null);
      }
      assertThat(epochs).hasSize(NODES);
    }
  }

  @Test
  void itKeepsTryingUntilTheServerIsThere() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    FakeServer.Script script =
        peer -> {
          if (asked.incrementAndGet() > 2 * NODES) {
            serve(peer);
          }
        };
    try (FakeServer server = FakeServer.playing(script)) {
      Measured measured = run(scenario(server.port(), 2));

      assertThat(measured.nodes().connected()).isEqualTo(NODES);
    }
  }

  @Test
  void itGivesUpAServerThatNeverComes() throws IOException {
    try (FakeServer server = FakeServer.playing(peer -> {})) {
      Scenarios scenarios = Scenarios.demo(server.port()).nodes(NODES).lasting(null);
      Scenario scenario = scenarios.connectTimeout(Duration.ofMillis(500)).scenario();
      Measured measured = run(scenario);

      assertThat(measured.nodes().connected()).isZero();
      assertThat(Verdict.judge(scenario, measured).passed()).isFalse();
    }
  }

  /** A small but true server: it times out, takes over, and lets go. */
  private void serve(FakeServer.Peer peer) throws IOException {
    String id = peer.awaitRegister().nodeId();
    FakeServer.Peer old = present.put(id, peer);
    if (old != null) {
      replaced.incrementAndGet();
      old.end(ErrorCode.SESSION_TAKEN_OVER);
    }
    peer.accept(300, 1);
    AtomicInteger heard = new AtomicInteger();
    watch(peer, heard, -1);
    try {
      Frame frame;
      do {
        frame = peer.read();
        heard.incrementAndGet();
        messages.addAndGet(frame instanceof Frame.Data ? 1 : 0);
      } while (peer.answer(frame));
      goodbyes.incrementAndGet();
    } finally {
      if (present.remove(id, peer) && !peer.ended()) {
        closed.incrementAndGet();
      }
    }
  }

  private void watch(FakeServer.Peer peer, AtomicInteger heard, int last) {
    if (heard.get() == last && !peer.ended()) {
      timedOut.incrementAndGet();
      peer.end(ErrorCode.HEARTBEAT_TIMEOUT);
    } else if (!peer.ended()) {
      int now = heard.get();
      // Longer than the agreed timeout, so that a slow machine is not mistaken for a silent node.
      var _ = timer.schedule(() -> watch(peer, heard, now), 1, TimeUnit.SECONDS);
    }
  }

  private static Scenario scenario(int port, int seconds) {
    return Scenarios.demo(port)
        .nodes(NODES)
        .interval(Duration.ofMillis(300))
        .lasting(Duration.ofSeconds(seconds))
        .scenario();
  }

  private static Measured run(Scenario scenario) throws IOException {
    RandomGenerator random = RandomGenerator.getDefault();
    Fleet fleet = new Fleet(scenario, new DemoScript(scenario, LIVELY, random), random);
    return Scenarios.run(fleet, scenario);
  }
}
