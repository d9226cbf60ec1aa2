package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class StormTest {
  @Test
  void everybodyIsBackAfterEveryRoundAndTheUntouchedStay() throws IOException {
    List<String> endings = new CopyOnWriteArrayList<>();
    FakeServer.Script script =
        peer -> {
          peer.letIn(100);
          try {
            peer.serve();
          } catch (IOException e) {
            endings.add(e.getMessage());
            throw e;
          }
        };
    try (FakeServer server = FakeServer.playing(script)) {
      Scenario scenario = Scenarios.storm(server.port(), 3, 10).nodes(50).scenario();
      Measured measured = run(scenario);

      assertThat(Verdict.judge(scenario, measured).failures()).isEmpty();
      assertThat(measured.storm().untouched()).isEqualTo(10);
      assertThat(measured.storm().rounds()).hasSize(3);
      for (StormFigures.Round round : measured.storm().rounds()) {
        assertThat(round.dropped()).isEqualTo(40);
        assertThat(round.back()).isEqualTo(40);
        assertThat(round.failures()).isEmpty();
        assertThat(round.back50Ms()).isPositive().isLessThanOrEqualTo(round.backAllMs());
        assertThat(round.perSecondPeak()).isGreaterThanOrEqualTo(10);
      }
      assertThat(endings).hasSize(120).allMatch(ending -> ending.startsWith("Connection reset"));
      assertThat(measured.nodes().connected()).isEqualTo(50);
      Map<String, Integer> visits = visits(server);
      assertThat(visits.entrySet())
          .allMatch(visit ->
              visit.getValue() == (Integer.parseInt(visit.getKey().substring(5)) < 40 ? 4 : 1));
    }
  }

  @Test
  void theBeatsOfTheUntouchedAreMeasuredWhileTheOthersAreAway() throws IOException {
    FakeServer.Script script =
        peer -> {
          Frame.Register register = peer.awaitRegister();
          if (register.connectionSeq() > 1 && register.nodeId().equals("test-0")) {
            // Somebody has to take his time, or the storm is over before the next beat.
            busy(peer, 500);
          }
          peer.accept(50, 1);
          peer.serve();
        };
    try (FakeServer server = FakeServer.playing(script)) {
      Scenario scenario =
          Scenarios.storm(server.port(), 1, 5).nodes(20).interval(Duration.ofMillis(50)).scenario();
      StormFigures.Round round = run(scenario).storm().rounds().getFirst();

      assertThat(round.untouchedBeats()).isPositive();
      assertThat(round.untouchedLatencies().p999Ms()).isPositive();
    }
  }

  @Test
  void aServerThatIsBusyIsAskedAgainWhenItSaidSo() throws IOException {
    FakeServer.Script script =
        peer -> {
          if (peer.awaitRegister().connectionSeq() == 2) {
            busy(peer, 400);
          }
          peer.accept(100, 1);
          peer.serve();
        };
    try (FakeServer server = FakeServer.playing(script)) {
      Scenario scenario = Scenarios.storm(server.port(), 1, 0).nodes(30).scenario();
      Measured measured = run(scenario);
      StormFigures.Round round = measured.storm().rounds().getFirst();

      assertThat(Verdict.judge(scenario, measured).failures()).isEmpty();
      assertThat(round.back()).isEqualTo(30);
      assertThat(round.busy()).isEqualTo(30);
      assertThat(round.back50Ms()).isGreaterThanOrEqualTo(400);
      assertThat(visits(server).values()).containsOnly(3);
    }
  }

  @Test
  void aHandshakeThatFailsIsTriedAgainAtOnceAndCounted() throws IOException {
    FakeServer.Script script =
        peer -> {
          long visit = peer.awaitRegister().connectionSeq();
          if (visit == 2 || visit == 3) {
            peer.refuse(ErrorCode.INTERNAL, 0, "");
            peer.linger();
            return;
          }
          peer.accept(100, 1);
          peer.serve();
        };
    try (FakeServer server = FakeServer.playing(script)) {
      Scenario scenario = Scenarios.storm(server.port(), 1, 0).nodes(10).scenario();
      Measured measured = run(scenario);

      assertThat(Verdict.judge(scenario, measured).failures()).isEmpty();
      assertThat(measured.storm().rounds().getFirst().failures())
          .isEqualTo(Map.of("ERROR INTERNAL: ", 20L));
    }
  }

  @Test
  void aServerThatLetsNobodyBackInFailsTheRun() throws IOException {
    FakeServer.Script script =
        peer -> {
          if (peer.awaitRegister().connectionSeq() > 1
              && !peer.registered().nodeId().endsWith("7")) {
            peer.refuse(ErrorCode.AUTH_FAILED, 0, "not again");
            peer.linger();
            return;
          }
          peer.accept(100, 1);
          peer.serve();
        };
    try (FakeServer server = FakeServer.playing(script)) {
      Scenario scenario =
          Scenarios.storm(server.port(), 1, 0)
              .nodes(10)
              .connectTimeout(Duration.ofMillis(500))
              .scenario();
      Measured measured = run(scenario);
      StormFigures.Round round = measured.storm().rounds().getFirst();

      assertThat(round.back()).isEqualTo(1);
      assertThat(round.back50Ms()).isNull();
      assertThat(round.failures().get("ERROR AUTH_FAILED: not again")).isGreaterThan(9);
      assertThat(Verdict.judge(scenario, measured).failures())
          .containsExactly(
              "storm 1: 9 of 10 nodes did not come back: ERROR AUTH_FAILED: not again");
    }
  }

  @Test
  void aServerThatNeverAnswersOrStaysBusyFailsTheNodesInTime() throws IOException {
    FakeServer.Script script =
        peer -> {
          Frame.Register register = peer.awaitRegister();
          if (register.connectionSeq() > 1) {
            if (register.nodeId().endsWith("0")) {
              peer.linger();
            }
            busy(peer, 1_100);
          }
          peer.accept(100, 1);
          peer.serve();
        };
    try (FakeServer server = FakeServer.playing(script)) {
      Scenario scenario =
          Scenarios.storm(server.port(), 1, 0)
              .nodes(4)
              .connectTimeout(Duration.ofSeconds(2))
              .scenario();
      StormFigures.Round round = run(scenario).storm().rounds().getFirst();

      assertThat(round.back()).isZero();
      assertThat(round.failures())
          .isEqualTo(Map.of("no answer", 1L, HeartbeatScript.STILL_BUSY, 3L));
    }
  }

  @Test
  void theBoundIsOnTheWayBack() throws IOException {
    try (FakeServer server = FakeServer.honest(100)) {
      Scenario scenario =
          Scenarios.storm(server.port(), 1, 0).nodes(10).p99Max(Duration.ZERO).scenario();
      List<String> failures = Verdict.judge(scenario, run(scenario)).failures();

      assertThat(failures).singleElement().asString().startsWith("storm 1: 99 % were back after");
    }
  }

  @Test
  void sharesAndRatesAreThoseOfAllThatWereDropped() {
    StormRound round = new StormRound(1_000, 5_000_000);
    for (int node = 0; node < 999; node++) {
      // One per millisecond.
      round.back(5_000_000 + (node + 1) * 1_000_000L);
    }
    assertThat(round.over()).isFalse();
    round.failed("no answer", true, 2_000_000_000L);
    StormFigures.Round figures = round.figures();

    assertThat(round.over()).isTrue();
    assertThat(figures.back50Ms()).isEqualTo(500);
    assertThat(figures.back90Ms()).isEqualTo(900);
    assertThat(figures.back99Ms()).isEqualTo(990);
    assertThat(figures.back999Ms()).isEqualTo(999);
    assertThat(figures.backAllMs()).isNull();
    assertThat(figures.perSecondMean()).isEqualTo(1_000);
    assertThat(figures.perSecondPeak()).isEqualTo(1_000);
  }

  /** Puts the node off, and ends the connection. */
  private static void busy(FakeServer.Peer peer, long retryMs) throws IOException {
    peer.refuse(ErrorCode.SERVER_BUSY, retryMs, "later");
    peer.linger();
    throw new IOException("it was put off");
  }

  private static Map<String, Integer> visits(FakeServer server) {
    Map<String, Integer> visits = new TreeMap<>();
    server.registrations.forEach(register -> visits.merge(register.nodeId(), 1, Integer::sum));
    return visits;
  }

  private static Measured run(Scenario scenario) throws IOException {
    StormScript script = new StormScript("test-", scenario, scenario.storm());
    Measured measured =
        Scenarios.run(new Fleet(scenario, script, RandomGenerator.getDefault()), scenario);
    return measured.with(script.figures());
  }
}
