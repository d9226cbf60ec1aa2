package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.loadtest.series.Histograms;
import io.heartbus.loadtest.series.Series;
import io.heartbus.protocol.Frame;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {
  private static final long MS = 1_000_000;
  private static final Machine.Facts MACHINE =
      new Machine.Facts(2, "a processor", 1L, "Linux 6", "25", 1_024);

  private final Measurements measurements = new Measurements(10, 0);
  private final Scenario scenario = Scenarios.heartbeat(9501).scenario();

  @Test
  void theJsonHasTheKeysThatScriptsRelyOn() {
    JsonNode json = JsonMapper.shared().readTree(report().json());

    assertThat(json.propertyNames()).contains("scenario", "target");
    assertThat(json.get("nodes").propertyNames())
        .contains("requested", "connected", "failed", "lost");
    assertThat(json.get("connect").propertyNames()).contains("seconds", "perSecond");
    assertThat(json.get("heartbeats").propertyNames())
        .contains("sent", "acked", "late", "p50Ms", "p99Ms", "p999Ms", "maxMs");
    assertThat(json.get("messages").propertyNames())
        .contains("sent", "received", "lost", "perSecond", "p50Ms", "p99Ms", "p999Ms", "maxMs");
    assertThat(json.get("messages").propertyNames())
        .contains("expected", "dropped", "duplicated", "reordered", "corrupted", "creditStalls")
        .doesNotContain("counts", "name");
    assertThat(json.get("channels").propertyNames()).contains("opened", "stuck", "lost");
    assertThat(json.get("generator").propertyNames())
        .contains("lagP99Ms", "rssBytes", "cpuSeconds");
    assertThat(json.get("verdict").propertyNames()).containsExactly("passed", "failures");
    assertThat(json.get("machine").propertyNames()).contains("cores", "kernel", "jdk");
    assertThat(json.propertyNames()).contains("command", "settings", "startedAt");
    assertThat(json.propertyNames())
        .contains("startedAtMs", "phases", "series", "histograms", "hlog", "notes")
        .doesNotContain("generators");
    assertThat(json.get("histograms").propertyNames())
        .containsExactly("heartbeats", "messages", "connects");
    assertThat(json.get("detection").isNull()).as("of another scenario").isTrue();
    assertThat(json.get("storm").isNull()).as("of another scenario").isTrue();
  }

  @Test
  void theJsonHasTheNumbersOfEveryPhase() {
    measurements.beats().sent(0);
    measurements.began(Stages.Phase.HOLD, 5 * MS, 0);
    measurements.beats().sent(6 * MS);
    measurements.beats().sent(7 * MS);
    measurements.beats().answered(7 * MS, 9 * MS, 50 * MS);
    JsonNode json = JsonMapper.shared().readTree(report().json());

    JsonNode ramp = json.get("phases").get(0);
    assertThat(ramp.get("name").stringValue()).isEqualTo("ramp");
    assertThat(ramp.get("sent").intValue()).isEqualTo(1);
    assertThat(ramp.get("p99Ms").isNull()).isTrue();
    JsonNode hold = json.get("phases").get(1);
    assertThat(hold.get("name").stringValue()).isEqualTo("hold");
    assertThat(hold.get("sent").intValue()).isEqualTo(2);
    assertThat(hold.get("p99Ms").doubleValue()).isBetween(2.0, 2.01);
    assertThat(json.get("heartbeats").get("sent").intValue()).isEqualTo(3);
  }

  @Test
  void phasesFollowEachOtherAndTheCoolDownIsInNoOtherFigure() {
    measurements.began(Stages.Phase.HOLD, 5 * MS, 0);
    measurements.beats().sent(6 * MS);
    measurements.began(Stages.Phase.COOL_DOWN, 10 * MS, 0);
    measurements.beats().sent(10 * MS);
    measurements.beats().answered(10 * MS, 99 * MS, 50 * MS);
    JsonNode json = JsonMapper.shared().readTree(report().json());

    JsonNode phases = json.get("phases");
    assertThat(phases.get(1).get("fromSeconds").doubleValue()).isEqualTo(0.005);
    assertThat(phases.get(1).get("toSeconds").doubleValue()).isEqualTo(0.01);
    assertThat(phases.get(2).get("name").stringValue()).isEqualTo("cool-down");
    assertThat(phases.get(2).get("fromSeconds").doubleValue()).isEqualTo(0.01);
    assertThat(phases.get(2).get("toSeconds").doubleValue()).isEqualTo(0.011);
    assertThat(phases.get(2).get("acked").intValue()).isEqualTo(1);
    assertThat(json.get("heartbeats").get("sent").intValue()).isEqualTo(1);
    assertThat(json.get("heartbeats").get("maxMs").isNull()).isTrue();
  }

  @Test
  void whatWasWrittenIsReadAgain() {
    measurements.entered(true, 3 * MS, MS);
    measurements.lost("gone");
    String json = report().json();

    assertThat(Report.read(json).json()).isEqualTo(json);
  }

  @Test
  void messagesAreToldByKindAndTogether() {
    MessageBook book = measurements.messages();
    measurements.entered(true, 3 * MS, MS);
    received(book.echo(), 2 * MS);
    received(book.topic(), 40 * MS);
    received(book.slow(), 900 * MS);
    book.slow().expect(7);
    book.slow().dropped(7);
    book.spanEnded(500 * MS);
    JsonNode messages = JsonMapper.shared().readTree(report().json()).get("messages");

    assertThat(messages.get("sent").intValue()).isEqualTo(3);
    assertThat(messages.get("received").intValue()).isEqualTo(3);
    assertThat(messages.get("expected").intValue()).isEqualTo(10);
    assertThat(messages.get("dropped").intValue()).isEqualTo(7);
    assertThat(messages.get("perSecond").doubleValue()).isEqualTo(6);
    assertThat(messages.get("maxMs").doubleValue()).as("slow ones left out").isLessThan(50);
    assertThat(messages.get("flows").get(2).get("name").stringValue()).isEqualTo("slow members");
    assertThat(messages.get("flows").get(2).get("maxMs").doubleValue()).isGreaterThan(800);
    assertThat(report().table())
        .contains("3 sent, 3 received of 10 expected, 0 lost, 7 dropped")
        .containsPattern("\\necho +0.5 +1 +1 +- +2 +2.00")
        .containsPattern("\\ntopic +0.5 +1 +1 +- +2 +40.")
        .containsPattern("\\nslow members");
  }

  @Test
  void theTableHoldsTheSameNumbersAndTheVerdict() {
    for (int node = 0; node < 9; node++) {
      measurements.entered(true, 3 * MS, MS);
    }
    measurements.refused("Connection refused", true);

    assertThat(report().table())
        .contains("10 requested, 9 connected, 1 failed, 0 lost", "3.00", "a processor")
        .contains("verdict     FAILED")
        .contains("1 of 10 nodes did not connect: Connection refused");
  }

  @Test
  void aLoadTesterThatWasLateSaysSo() {
    measurements.entered(true, 3 * MS, MS);
    measurements.beats().sent(0);
    measurements.beats().answered(0, 10 * MS, 50 * MS);
    measurements.done(0, 2 * MS);
    assertThat(notes()).isEmpty();

    measurements.done(0, 3 * MS);
    assertThat(notes()).singleElement().asString().startsWith("the load tester itself was late");
  }

  @Test
  void notesSayWhatTheServerChangedAndRefused() {
    measurements.entered(true, 3 * MS, MS);
    measurements.beats().paced(new Frame.Pace(2_000, 6_000), 0);
    measurements.busy();
    measurements.refused("no", true);
    measurements.lost("gone");
    measurements.notice("ERROR FLOOD");

    assertThat(notes())
        .containsExactly(
            "the server set intervals of 2000 to 2000 ms where 100 ms were asked for",
            "the server answers no heartbeats, so nothing could be measured of them",
            "the server answered SERVER_BUSY 1 times",
            "refused, 1: no",
            "lost, 1: gone",
            "the server said 1 times: ERROR FLOOD");
  }

  @Test
  void whatDetectMeasuredIsInTheJsonAndInTheTable() {
    PresenceBook book = new PresenceBook("n-", 3);
    book.begins("log", 0, false);
    for (int node = 0; node < 3; node++) {
      book.entered(node, 0, 100, 300);
      book.event(new FeedEvent(node + 1, "online", "n-" + node, 1, null), MS);
    }
    book.killed(0, Fault.CLOSE, 10 * MS, 10 * MS);
    book.event(new FeedEvent(4, "offline", "n-0", 1, "DISCONNECTED"), 12 * MS);
    book.killed(1, Fault.SILENCE, 10 * MS, 10 * MS);
    book.event(new FeedEvent(5, "offline", "n-1", 1, "TIMEOUT"), 340 * MS);
    book.skipped(Fault.DROP, "dropping packets needs root");
    Measured measured = measured().with(book.figures(3_600_000L * MS, true));
    JsonNode detection = JsonMapper.shared().readTree(report(measured).json()).get("detection");

    JsonNode silence = detection.get("faults").get(2);
    assertThat(silence.get("fault").stringValue()).isEqualTo("silence");
    assertThat(silence.get("victims").intValue()).isEqualTo(1);
    assertThat(silence.get("detection").get("maxMs").doubleValue()).isBetween(330.0, 331.0);
    assertThat(silence.get("delay").get("maxMs").doubleValue()).isBetween(40.0, 40.1);
    assertThat(silence.get("skipped").isNull()).isTrue();
    assertThat(detection.get("falseVerdicts").propertyNames())
        .contains("nodeHours", "offline", "offlinePerNodeHourMax", "suspect", "neglected");
    assertThat(detection.get("feed").propertyNames())
        .contains("events", "missing", "duplicated", "reordered", "gaps", "resumed");
    assertThat(report(measured).table())
        .containsPattern("\nclose +1 +1 +2.00 +2.00 +2.00 +- +- +-")
        .containsPattern("\nsilence +1 +1 +330\\.\\d+ +330\\.\\d+ +330\\.\\d+ +40.")
        .contains("drop         skipped: dropping packets needs root")
        .contains("false offline  0 in 1.00 node-hours: < 3.00 per node-hour at 95 %")
        .contains("5 events: 0 missing, 0 doubled, 0 out of order, 0 impossible, 0 never came");
  }

  @Test
  void whatStormMeasuredIsInTheJsonAndInTheTable() {
    StormRound round = new StormRound(2, 0);
    round.failed("Connection refused", false, MS);
    round.busy();
    round.back(20 * MS);
    round.back(40 * MS);
    round.beatAnswered(10 * MS, 15 * MS);
    round.beatAnswered(41 * MS, 99 * MS);
    Measured measured = measured().with(new StormFigures(7, List.of(round.figures())));
    JsonNode storm = JsonMapper.shared().readTree(report(measured).json()).get("storm");

    assertThat(storm.get("untouched").intValue()).isEqualTo(7);
    JsonNode first = storm.get("rounds").get(0);
    assertThat(first.get("back50Ms").doubleValue()).isEqualTo(20);
    assertThat(first.get("backAllMs").doubleValue()).isEqualTo(40);
    assertThat(first.get("failures").get("Connection refused").intValue()).isEqualTo(1);
    assertThat(first.get("untouchedLatencies").get("p999Ms").doubleValue()).isBetween(5.0, 5.1);
    assertThat(report(measured).table())
        .containsPattern("\n1 +2 +2 +1 +1 +20.00 +40.00 +40.00 +40.00 +40.00 +50 +20")
        .contains("untouched   7 nodes, storm 1: 1 beats answered, p50 5.00 ms");
  }

  private static void received(Flow flow, long latencyNanos) {
    flow.sent();
    flow.expect(1);
    flow.received(0, latencyNanos);
  }

  private List<String> notes() {
    return Notes.of(scenario, measured());
  }

  private Measured measured() {
    measurements.began(Stages.Phase.COOL_DOWN, 10 * MS, 1_000 * MS);
    return measurements.measured(new Measurements.End(false, 11 * MS, 1L << 20));
  }

  private Report report() {
    return report(measured());
  }

  private Report report(Measured measured) {
    return new Report(
        "heartbeat",
        "127.0.0.1:9501",
        "2026-01-01T00:00:00Z",
        1_767_225_600_000L,
        "heartbus-load-test --nodes 10",
        Map.of("nodes", "10"),
        MACHINE,
        measured,
        new Series(),
        Histograms.empty().distributions(),
        null,
        null,
        Notes.of(scenario, measured),
        Verdict.judge(scenario, measured));
  }
}
