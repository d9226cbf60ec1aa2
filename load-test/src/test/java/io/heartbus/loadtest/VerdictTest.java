package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Frame;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private static final long MS = 1_000_000;

  private final Measurements measurements = new Measurements(10, 0);
  private final Scenarios heartbeat = Scenarios.heartbeat(1);

  @Test
  void aRateThatNobodyKeepsUpWithFails() {
    measurements.entered(true, MS, MS);
    for (int node = 1; node < 10; node++) {
      measurements.entered(true, MS, 4_900 * MS);
    }
    assertThat(judge(Scenarios.heartbeat(1).connectsPerSecond(1_000_000)).failures())
        .noneMatch(failure -> failure.contains("connects/s"));

    measurements.entered(true, MS, 10_000 * MS);
    assertThat(judge(Scenarios.heartbeat(1).connectsPerSecond(1_000_000)).failures())
        .contains("1000000 connects/s were asked for and 1/s came about");
  }

  @Test
  void whenConnectsAreMeasuredTheirRateHasToComeAbout() {
    for (int node = 0; node < 10; node++) {
      measurements.entered(true, MS, 510 * MS);
    }
    // Ten take 10 ms, or a ninth more, and anything may stand still for half a second.
    assertThat(judge(Scenarios.connect(1).connectsPerSecond(1_001)).failures()).isEmpty();

    assertThat(judge(Scenarios.connect(1).connectsPerSecond(2_000)).failures())
        .containsExactly("2000 connects/s were asked for and 20/s came about");
    assertThat(judge(heartbeat.connectsPerSecond(2_000)).failures())
        .noneMatch(failure -> failure.contains("connects/s"));
  }

  @Test
  void theUsualRateOfConnectsMayStumbleForSeconds() {
    for (int node = 0; node < 10; node++) {
      measurements.entered(true, MS, 5_000 * MS);
    }
    assertThat(judge(Scenarios.connect(1).connectsPerSecond(1_000)).failures()).isEmpty();
    assertThat(judge(Scenarios.connect(1).connectsPerSecond(1_001)).passed()).isFalse();
  }

  @Test
  void aLoadTesterThatIsLateItselfFails() {
    enter(10);
    beats(100, 5 * MS);
    lag(198, 0);
    lag(2, 1_900 * MS);
    assertThat(judge(heartbeat).failures()).isEmpty();

    lag(3, 1_900 * MS);
    assertThat(judge(heartbeat).failures())
        .singleElement()
        .asString()
        .startsWith("the load tester itself was late by 1")
        .contains("(p99, at most 1000)", "ask for less, or run several of them and --join");
  }

  @Test
  void whenConnectsAreMeasuredItMayBeLateByLess() {
    Scenarios connect = Scenarios.connect(1);
    enter(10);
    lag(10, 490 * MS);
    assertThat(judge(connect).failures()).isEmpty();

    lag(10, 520 * MS);
    assertThat(judge(connect).failures()).singleElement().asString().contains("(p99, at most 500)");
  }

  @Test
  void everyNodeInAndEveryBeatAnsweredPasses() {
    enter(10);
    beats(100, 5 * MS);

    assertThat(judge(heartbeat).failures()).isEmpty();
    assertThat(judge(heartbeat).passed()).isTrue();
  }

  @Test
  void aRunOfNothingFails() {
    Verdict verdict = judge(heartbeat);

    assertThat(verdict.passed()).isFalse();
    assertThat(verdict.failures()).containsExactly("no node connected");
  }

  @Test
  void nodesThatDidNotConnectFailWithTheCommonestReason() {
    enter(8);
    beats(100, MS);
    measurements.refused("rare", true);
    measurements.refused("ERROR AUTH_FAILED: no", true);
    measurements.refused("ERROR AUTH_FAILED: no", true);

    assertThat(judge(heartbeat).failures())
        .containsExactly("2 of 10 nodes did not connect: ERROR AUTH_FAILED: no");
  }

  @Test
  void lostNodesFail() {
    enter(10);
    beats(100, MS);
    measurements.lost("closed by the server");

    assertThat(judge(heartbeat).failures())
        .containsExactly("1 nodes were lost: closed by the server");
  }

  @Test
  void unansweredAndStrayBeatsFail() {
    enter(10);
    beats(100, MS);
    measurements.beats().missing(3);
    measurements.beats().stray();

    assertThat(judge(heartbeat).failures())
        .containsExactly(
            "3 heartbeats were never answered", "1 heartbeat answers belong to no heartbeat");
  }

  @Test
  void aHeartbeatRunWithoutHeartbeatsFails() {
    enter(10);

    assertThat(judge(heartbeat).failures()).containsExactly("no heartbeat was measured");
    assertThat(judge(Scenarios.connect(1)).passed()).isTrue();
  }

  @Test
  void theBoundIsOnTheBeatsOfAHeartbeatRun() {
    enter(10);
    beats(100, 20 * MS);

    assertThat(judge(heartbeat.p99Max(Duration.ofMillis(21))).passed()).isTrue();
    assertThat(judge(heartbeat.p99Max(Duration.ofMillis(19))).failures())
        .singleElement()
        .asString()
        .startsWith("p99 of the heartbeats is 20.0")
        .endsWith("over 19.00 ms");
  }

  @Test
  void theBoundIsOnTheConnectsOfAConnectRun() {
    enter(10);

    assertThat(judge(Scenarios.connect(1).p99Max(Duration.ofMillis(4))).passed()).isTrue();
    assertThat(judge(Scenarios.connect(1).p99Max(Duration.ofMillis(2))).failures())
        .singleElement()
        .asString()
        .startsWith("p99 of the connects is 3.0");
  }

  @Test
  void theBoundIsOnTheMessagesOfAnEchoOrFanoutRun() {
    enter(10);
    beats(100, 90 * MS);
    messages(100, 20 * MS);

    for (Scenarios scenarios : List.of(Scenarios.echo(1, 1), Scenarios.fanout(1, 10, 0, 1))) {
      assertThat(judge(scenarios.p99Max(Duration.ofMillis(21))).passed()).isTrue();
      assertThat(judge(scenarios.p99Max(Duration.ofMillis(19))).failures())
          .singleElement()
          .asString()
          .startsWith("p99 of the messages is 20.0");
    }
  }

  @Test
  void theBoundIsOnBothOfAMixedRun() {
    enter(10);
    beats(100, 30 * MS);
    messages(100, 20 * MS);
    Scenarios mixed = Scenarios.mixed(1);

    assertThat(judge(mixed.p99Max(Duration.ofMillis(31))).passed()).isTrue();
    assertThat(judge(mixed.p99Max(Duration.ofMillis(25))).failures())
        .singleElement()
        .asString()
        .startsWith("p99 of the heartbeats is 30.0");
    assertThat(judge(mixed.p99Max(Duration.ofMillis(19))).failures()).hasSize(2);
  }

  @Test
  void aRunOfMessagesWithoutAnyFails() {
    enter(10);

    assertThat(judge(Scenarios.echo(1, 1)).failures()).containsExactly("no message was measured");
  }

  @Test
  void lostChannelsFailWithTheCommonestReason() {
    enter(10);
    messages(1, MS);
    measurements.messages().lost("refused: ERROR LIMIT");

    assertThat(judge(Scenarios.echo(1, 1)).failures())
        .containsExactly("1 channels were lost: refused: ERROR LIMIT");
  }

  @Test
  void nothingMeasuredKeepsNoBound() {
    assertThat(judge(heartbeat.p99Max(Duration.ofSeconds(1))).failures())
        .contains("nothing was measured that could keep the bound on p99");
  }

  @Test
  void anInterruptedMeasurementFailsButTheDemoIsMeantToBe() {
    enter(9);
    beats(100, MS);
    measurements.lost("ERROR KICKED");
    measurements.began(Stages.Phase.COOL_DOWN, 1, 0);
    Measured measured = measurements.measured(new Measurements.End(true, 1, null));

    assertThat(Verdict.judge(heartbeat.scenario(), measured).failures())
        .contains("stopped before its end");
    assertThat(Verdict.judge(Scenarios.demo(1).scenario(), measured).passed()).isTrue();
  }

  @Test
  void aDemoThatNobodySawFails() {
    measurements.refused("Connection refused", false);

    assertThat(judge(Scenarios.demo(1)).failures())
        .containsExactly("no node connected: Connection refused");
  }

  private void enter(int nodes) {
    for (int node = 0; node < nodes; node++) {
      measurements.entered(true, 3 * MS, MS);
    }
    measurements.beats().paced(new Frame.Pace(100, 300), 1);
  }

  private void beats(int count, long latencyNanos) {
    for (int beat = 0; beat < count; beat++) {
      measurements.beats().sent(0);
      measurements.beats().answered(0, latencyNanos, 50 * MS);
    }
  }

  private void lag(int count, long nanos) {
    for (int i = 0; i < count; i++) {
      measurements.done(0, nanos);
    }
  }

  private void messages(int count, long latencyNanos) {
    for (int message = 0; message < count; message++) {
      measurements.messages().echo().sent();
      measurements.messages().echo().expect(1);
      measurements.messages().echo().received(0, latencyNanos);
    }
  }

  private Verdict judge(Scenarios scenarios) {
    measurements.began(Stages.Phase.COOL_DOWN, 1, 0);
    Measured measured = measurements.measured(new Measurements.End(false, 1, null));
    return Verdict.judge(scenarios.scenario(), measured);
  }
}
