package io.heartbus.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.FrameType;
import io.heartbus.server.connection.CloseReason;
import io.heartbus.server.connection.ConnectionCounts;
import io.heartbus.server.node.EventType;
import io.heartbus.server.node.NodeState;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The server's own nodes: what they find out, and that nobody else notices them. */
class CanaryTest {
  private static final String DELAY = "heartbeat_detection_delay_seconds";
  private static final String SEEN_DELAY = "heartbeat_canary_detection_delay_seconds";

  /** Waits until that many canaries were found dead, and know it. */
  private static void awaitVerdicts(Http http, int verdicts) {
    TestServer.await(
        () -> count(http, SEEN_DELAY) >= verdicts && count(http, DELAY) >= verdicts,
        () -> count(http, DELAY) + " verdicts, of which were heard " + count(http, SEEN_DELAY));
  }

  private static double count(Http http, String histogram) {
    try {
      return http.metric(histogram + "_count");
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }

  @Test
  @DisplayName("detection is measured without any node, and never early")
  void detectionIsMeasuredWithoutAnyNodeAndNeverEarly() throws Exception {
    try (Log log = new Log();
        TestServer server = TestServer.start("presence.canaries = 3");
        Http http = new Http(server)) {
      awaitVerdicts(http, 9);
      JsonNode detection = http.json("/api/v1/summary").get("detection");
      assertThat(detection.get("promisedMs").asInt()).isEqualTo(20 + 20 + 30);
      assertThat(detection.get("p99Ms").asDouble()).isPositive();
      assertThat(log.lines()).noneMatch(line -> line.contains("before its timeout"));
      // What they see includes the way of the farewell, and what the clock was frozen.
      assertThat(http.metric(SEEN_DELAY + "_sum")).isPositive();
    }
  }

  @Test
  @DisplayName("canaries are in no count, list or event, and use up no limit")
  void canariesAreInNoCountListOrEventAndUseUpNoLimit() throws Exception {
    try (TestServer server =
            TestServer.start(
                """
                presence.canaries = 3
                limits { max-connections = 1, max-connections-per-ip = 1 }
                channel.routes = [ { match = "*", handler = topic } ]
                """);
        Http http = new Http(server)) {
      awaitVerdicts(http, 6);
      nothingHappened(server);
      JsonNode summary = http.json("/api/v1/summary");
      assertThat(summary.get("nodes").toString())
          .isEqualTo("{\"ONLINE\":0,\"SUSPECT\":0,\"HELD\":0,\"OFFLINE\":0}");
      assertThat(summary.get("connections").asInt()).isZero();
      assertThat(summary.get("channels").asInt()).isZero();
      assertThat(summary.get("heartbeatsPerSecond").asDouble()).isZero();
      assertThat(http.json("/api/v1/nodes").get("nodes")).isEmpty();
      assertThat(http.status("GET", "/api/v1/nodes/%24canary-1")).isEqualTo(404);
      assertThat(http.status("GET", "/api/v1/nodes/%24pulse")).isEqualTo(404);
      TestServer.await(() -> isReady(http), () -> "full, or held for ever");
      try (Peer node = server.connect()) {
        node.register("node");
        assertThat(server.counts().accepted.sum()).isEqualTo(1);
        assertThat(server.nodes().registered.sum()).isEqualTo(1);
        assertThat(eventsOfNodes(server)).isEqualTo(1);
        try (Peer second = server.connect()) {
          assertThat(second.expectFatal(ErrorCode.SERVER_BUSY).retryAfterMs()).isPositive();
        }
      }
    }
  }

  private static void nothingHappened(TestServer server) {
    ConnectionCounts counts = server.counts();
    assertThat(counts.accepted.sum()).isZero();
    assertThat(counts.bytesIn.sum()).isZero();
    assertThat(counts.bytesOut.sum()).isZero();
    assertThat(counts.roundTrip.counts()).containsOnly(0);
    for (FrameType type : FrameType.values()) {
      assertThat(counts.framesIn(type).sum()).as("%s in", type).isZero();
      assertThat(counts.framesOut(type).sum()).as("%s out", type).isZero();
    }
    for (CloseReason reason : CloseReason.values()) {
      assertThat(server.closed(reason)).as(reason.name()).isZero();
    }
    for (ErrorCode code : ErrorCode.values()) {
      assertThat(counts.errors(code).sum()).as(code.name()).isZero();
      assertThat(counts.rejected(code).sum()).as(code.name()).isZero();
    }
    assertThat(server.connections()).isZero();
    assertThat(server.nodes().known()).isZero();
    assertThat(server.nodes().registered.sum()).isZero();
    assertThat(server.nodes().timedOut.sum()).isZero();
    assertThat(server.nodes().lateNodes()).isZero();
    assertThat(server.channels().counts().open.get()).isZero();
    assertThat(eventsOfNodes(server)).isZero();
  }

  /** The process may have stood still meanwhile, which is an event too. */
  private static long eventsOfNodes(TestServer server) {
    return server.log().read(0, Integer.MAX_VALUE).events().stream()
        .filter(event -> event.what().type() != EventType.STALL)
        .count();
  }

  private static boolean isReady(Http http) {
    try {
      return http.status("GET", "/readyz") == 200;
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "127.0.0.1", "127.0.0.2", "localhost"})
  @DisplayName("canaries get in wherever the server listens, and whatever others must present")
  void canariesGetInWhereverTheServerListensAndWhateverOthersMustPresent(String host)
      throws Exception {
    try (TestServer server =
            TestServer.start(
                "auth.token = secret", "legacy.enabled = false", "listen.host = \"" + host + "\"");
        Http http = new Http(server)) {
      awaitVerdicts(http, 1);
      nothingHappened(server);
    }
  }

  @Test
  @DisplayName("no canary is started when none is wanted, but the one that beats")
  void noCanaryFallsSilentWhenNoneIsWanted() throws Exception {
    try (TestServer server = TestServer.start("presence.canaries = 0");
        Http http = new Http(server);
        Peer node = server.connect()) {
      node.register(RawRegister.of("dies").asking(50, 150));
      server.awaitState("dies", NodeState.OFFLINE);
      TestServer.await(() -> count(http, DELAY) > 0, () -> "its delay was not counted");
      assertThat(count(http, DELAY)).isEqualTo(1);
      assertThat(count(http, SEEN_DELAY)).isZero();
    }
  }

  @Test
  @DisplayName("in a drain canaries leave first, and time goes on without them")
  void inADrainCanariesLeaveFirstAndTimeGoesOnWithoutThem() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        TestServer server =
            TestServer.start("presence.stall.canary-timeout = 100 ms", "drain.window = 60 s");
        Http http = new Http(server);
        Peer node = server.connect()) {
      node.register("stays");
      awaitVerdicts(http, 1);
      var _ =
          threads.submit(() -> {
            server.server().drain();
            return null;
          });
      node.expect(Frame.GoAway.class);
      long startNanos = server.clock().nowNanos();
      // Without a word that it left, its silence would hold the clock for a minute by then.
      TestServer.await(
          () -> server.clock().nowNanos() - startNanos > 3_000_000_000L, () -> "time stands");
      assertThat(server.closed(CloseReason.DRAINING)).isZero();
      node.hangUp();
    }
  }
}
