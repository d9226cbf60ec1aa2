package io.heartbus.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpTimeoutException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/**
 * A server that stands still, or does not get round to reading, while some hundred nodes beat on:
 * nobody is called offline who was not silent, and who died meanwhile is found.
 */
@Timeout(300)
class StallTest {
  private static final int NODES = 300;
  private static final long INTERVAL_MS = 400;
  private static final long TIMEOUT_MS = 1_300;
  private static final String SETTINGS =
      """
      heartbeat { min-interval = 100 ms, min-timeout = 300 ms, check-interval = 50 ms }
      limits.control-frames = 0
      presence {
        stall { gap = 500 ms, canary-timeout = 200 ms }
        mass-loss { nodes = 1000000, group-nodes = 1000000 }
      }
      """;

  private DrillProcess server;
  private BeatingNodes nodes;
  private Http http;
  private final Set<String> killed = new HashSet<>();

  private void start(String settings, String... flags) throws Exception {
    server = DrillProcess.start(settings, flags);
    http = server.http();
    nodes = BeatingNodes.join(server.bus(), NODES, INTERVAL_MS, TIMEOUT_MS);
    // The canary has to be known before its silence says anything.
    awaitMetric("heartbeat_canary_detection_delay_seconds_count", 2);
  }

  @AfterEach
  void stop() throws Exception {
    http.close();
    server.close();
    nodes.close();
  }

  private void awaitMetric(String name, double least) {
    TestServer.await(() -> metric(name) >= least, () -> name + " is " + metric(name));
  }

  private double metric(String name) {
    try {
      return http.metric(name);
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }

  /** Waits until everybody who was killed is offline, and then nobody else may be. */
  private void onlyTheKilledAreOffline() throws Exception {
    for (String id : killed) {
      TestServer.await(() -> state(id).equals("OFFLINE"), () -> id + " is " + state(id));
      assertThat(http.json("/api/v1/nodes/" + id).get("cause").asString()).isEqualTo("TIMEOUT");
    }
    Set<String> offline = new HashSet<>();
    for (JsonNode node : http.json("/api/v1/nodes?state=OFFLINE&limit=1000").get("nodes")) {
      offline.add(node.get("id").asString());
    }
    assertThat(offline).containsAll(killed);
    // On a machine that is busy enough this process, too, was silent for all of its nodes.
    offline.retainAll(nodes.neverSilent());
    assertThat(offline).isEmpty();
  }

  private String state(String id) {
    try {
      return http.json("/api/v1/nodes/" + id).get("state").asString();
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }

  private static void pause(long ms) {
    long startNanos = System.nanoTime();
    while (System.nanoTime() - startNanos < ms * 1_000_000) {
      LockSupport.parkNanos(10_000_000);
    }
  }

  @Test
  @DisplayName("stopped for 0.5, 1, 3 and 10 timeouts it calls nobody offline who beats")
  void stoppedForTimeoutsItCallsNobodyOfflineWhoBeats() throws Exception {
    start(SETTINGS);
    Set<String> unready = new HashSet<>();
    long stoppedMs = 0;
    for (long stopMs : new long[] {TIMEOUT_MS / 2, TIMEOUT_MS, 3 * TIMEOUT_MS, 10 * TIMEOUT_MS}) {
      double told = server.printed("the liveness clock stood still").size();
      server.signal("STOP");
      killed.add(nodes.kill(killed.size()));
      pause(stopMs);
      server.signal("CONT");
      TestServer.await(
          () -> {
            unready.add(readiness());
            return server.printed("the liveness clock stood still").size() > told;
          },
          () -> "nobody was told of a stop of " + stopMs + " ms");
      stoppedMs += stopMs;
      onlyTheKilledAreOffline();
    }
    assertThat(unready).contains("{\"error\":\"liveness clock held\"}");
    assertThat(http.get("/healthz")).contains("ok");
    // What a tick lets pass of each stop, and the time between a signal and its effect.
    assertThat(metric("heartbeat_liveness_frozen_seconds_total") * 1_000)
        .isGreaterThan(stoppedMs * 0.9);
    assertThat(server.printed("(stood still)")).isNotEmpty();
    JsonNode events = http.json("/api/v1/events?type=stall").get("events");
    assertThat(events).hasSizeGreaterThanOrEqualTo(4);
    assertThat(events)
        .anySatisfy(event -> {
          assertThat(event.get("detail").asString()).isEqualTo("stood still");
          assertThat(event.get("silenceMs").asLong()).isGreaterThan(9 * TIMEOUT_MS);
          assertThat(event.get("node").isNull()).isTrue();
        });
  }

  private String readiness() {
    try {
      return http.body("/readyz");
    } catch (HttpTimeoutException late) {
      return "no answer";
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }

  @Test
  @DisplayName("with its carriers starved for two timeouts it calls nobody offline who beats")
  void withItsCarriersStarvedItCallsNobodyOfflineWhoBeats() throws Exception {
    // A stop of this machine that came first would be all that is told.
    start(SETTINGS + "presence.stall.gap = 1 h", "-Djdk.virtualThreadScheduler.parallelism=1");
    killed.add(nodes.kill(0));
    server.command("starve " + 2 * TIMEOUT_MS);
    onlyTheKilledAreOffline();
    TestServer.await(
        () -> !server.printed("(canary unanswered)").isEmpty(),
        () -> "the canary noticed nothing: " + server.printed("stood still"));
  }

  @Test
  @DisplayName("collecting garbage without end it calls nobody offline who beats")
  void collectingGarbageWithoutEndItCallsNobodyOfflineWhoBeats() throws Exception {
    start(SETTINGS);
    killed.add(nodes.kill(0));
    server.command("collect " + 3 * TIMEOUT_MS);
    onlyTheKilledAreOffline();
  }
}
