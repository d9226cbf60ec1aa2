package io.heartbus.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.FrameType;
import io.heartbus.server.node.Cause;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Totals and health. */
class StatusTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Test
  void theSummaryHasTheTotals() throws Exception {
    try (Bench bench = Bench.open()) {
      bench.register("n1");
      bench.register("n2");
      bench.register("n3");
      bench.nodes.leave(bench.node("n3"), Cause.LEFT);
      bench.channels.open.set(5);
      JsonNode summary = bench.json("/api/v1/summary");
      assertThat(summary.propertyNames())
          .containsExactly(
              "version",
              "uptimeSeconds",
              "nodes",
              "connections",
              "channels",
              "heartbeatsPerSecond",
              "messagesPerSecond",
              "detection");
      assertThat(summary.get("version").asString()).isEqualTo("2.0.0-test");
      assertThat(summary.get("nodes").toString())
          .isEqualTo("{\"ONLINE\":2,\"SUSPECT\":0,\"HELD\":0,\"OFFLINE\":1}");
      assertThat(summary.get("connections").asInt()).isEqualTo(3);
      assertThat(summary.get("channels").asInt()).isEqualTo(5);
      assertThat(summary.get("uptimeSeconds").asLong()).isNotNegative();
    }
  }

  @Test
  void detectionIsWhatIsPromisedAndWhatWasKept() throws Exception {
    try (Bench bench = Bench.open()) {
      JsonNode before = bench.json("/api/v1/summary").get("detection");
      assertThat(before.toString()).isEqualTo("{\"promisedMs\":300,\"p99Ms\":null}");
      bench.nodes.counts().detectionDelay.record(Duration.ofMillis(140).toNanos());
      JsonNode after = bench.json("/api/v1/summary").get("detection");
      assertThat(after.get("p99Ms").asDouble()).isEqualTo(150);
      bench.nodes.counts().detectionDelay.record(Duration.ofMinutes(5).toNanos());
      JsonNode worst = bench.json("/api/v1/summary").get("detection");
      assertThat(worst.get("p99Ms").asDouble()).isEqualTo(60_000);
    }
  }

  @Test
  void ratesFollowTheCounters() throws Exception {
    try (Bench bench = Bench.open()) {
      await(() -> {
        bench.connections.framesIn(FrameType.HEARTBEAT_REQ).add(10);
        bench.channels.received.add(3);
        bench.channels.sent.add(2);
        JsonNode summary = bench.json("/api/v1/summary");
        return summary.get("heartbeatsPerSecond").asDouble() > 0
            && summary.get("messagesPerSecond").asDouble() > 0;
      });
      await(() -> {
        JsonNode summary = bench.json("/api/v1/summary");
        return summary.get("heartbeatsPerSecond").asDouble() == 0
            && summary.get("messagesPerSecond").asDouble() == 0;
      });
    }
  }

  @Test
  void aServerThatWantsNoNodesIsHealthyButNotReady() throws Exception {
    try (Bench bench = Bench.open()) {
      assertThat(bench.get("/readyz").body()).isEqualTo("{\"status\":\"ok\"}");
      bench.unreadiness.set("draining");
      HttpResponse<String> response = bench.get("/readyz");
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.body()).isEqualTo("{\"error\":\"draining\"}");
      assertThat(bench.get("/healthz").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aServerThatIsNotQuiteWellIsReadyAndSaysWhatItLacks() throws Exception {
    try (Bench bench = Bench.open()) {
      bench.warnings.set(List.of("presence log: full", "another thing"));
      assertThat(bench.get("/readyz").statusCode()).isEqualTo(200);
      assertThat(bench.get("/readyz").body())
          .isEqualTo("{\"status\":\"ok\",\"warnings\":[\"presence log: full\",\"another thing\"]}");
      assertThat(bench.get("/healthz").body()).isEqualTo("{\"status\":\"ok\"}");
      bench.unreadiness.set("draining");
      assertThat(bench.get("/readyz").statusCode()).isEqualTo(503);
    }
  }

  @Test
  void aDrainIsBegunByPostAndByNothingElse() throws Exception {
    try (Bench bench = Bench.open()) {
      for (String method : List.of("GET", "DELETE", "PUT")) {
        HttpResponse<String> refused = bench.send(method, "/api/v1/drain");
        assertThat(refused.statusCode()).isEqualTo(405);
        assertThat(refused.headers().firstValue("Allow")).contains("POST");
      }
      assertThat(bench.drains.get()).isZero();
      assertThat(bench.send("POST", "/api/v1/drain").statusCode()).isEqualTo(202);
      assertThat(bench.drains.get()).isEqualTo(1);
    }
  }

  @Test
  void aServerWhoseClockStandsStillIsNotHealthy() throws Exception {
    try (Bench bench = Bench.withStoppedClock()) {
      await(() -> bench.get("/healthz").statusCode() == 503);
      assertThat(bench.get("/healthz").body()).contains("clock");
      assertThat(bench.get("/readyz").statusCode()).isEqualTo(503);
      bench.clock.start();
      await(() -> bench.get("/healthz").statusCode() == 200);
    }
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime() - deadlineNanos).as("waited long enough").isNegative();
      LockSupport.parkNanos(20_000_000);
    }
  }
}
