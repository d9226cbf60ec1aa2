package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.loadtest.DetectionFigures.FaultFigures;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole runs, with processes of their own, against a server that knows who is there. */
@Timeout(120)
class DetectRunTest {
  private static final int INTERVAL_MS = 200;
  private static final long TIMEOUT_MS = 3 * INTERVAL_MS;
  private static final int VICTIMS = 4;

  private record Run(DetectionFigures figures, List<String> failures, List<String> notes) {}

  @Test
  void aServerThatTellsTheTruthPassesAndEveryDeathIsFound() throws IOException {
    try (FakePresence presence = new FakePresence()) {
      Run run = run(scenario(presence).cutting(3), presence, TIMEOUT_MS);

      assertThat(run.failures()).isEmpty();
      // That the server ends the silent is what was asked of it.
      assertThat(run.notes()).noneMatch(note -> note.contains("the server ended"));
      DetectionFigures figures = run.figures();
      for (FaultFigures fault : figures.faults()) {
        if (fault.skipped() == null) {
          assertThat(fault.detected()).as("%s", fault).isEqualTo(VICTIMS);
        } else {
          assertThat(fault.fault()).as("%s", fault).isEqualTo("drop");
        }
      }
      // From some point of a beat on, a death by silence takes most of the timeout.
      assertThat(figures.faults().get(2).detection().p50Ms())
          .isGreaterThan(TIMEOUT_MS - 1.5 * INTERVAL_MS);
      assertThat(figures.feed().resumed()).isPositive();
      assertThat(figures.feed().events()).isGreaterThanOrEqualTo(2L * 40);
      assertThat(figures.falseVerdicts().nodeHours()).isPositive();
    }
  }

  @Test
  void whateverAFeedDoesWrongFailsTheRun() throws IOException {
    FakePresence.Mischief mischief =
        (feed, seq, json) -> {
          switch ((int) seq) {
            case 3 -> {}
            case 5 -> {
              feed.event(seq, json);
              feed.event(seq, json);
            }
            case 8 -> feed.event(9, json.replace("\"seq\":8", "\"seq\":9"));
            case 9 -> feed.event(8, json.replace("\"seq\":9", "\"seq\":8"));
            case 12 -> feed.gap(12, 12);
            default -> feed.event(seq, json);
          }
        };
    try (FakePresence presence = new FakePresence().playing(mischief)) {
      Run run = run(scenario(presence), presence, TIMEOUT_MS);

      DetectionFigures.Feed feed = run.figures().feed();
      assertThat(feed.missing()).isEqualTo(1);
      assertThat(feed.duplicated()).isEqualTo(1);
      assertThat(feed.reordered()).isEqualTo(1);
      assertThat(feed.gapEvents()).isEqualTo(1);
      assertThat(run.failures())
          .contains(
              "1 events are missing from the feed",
              "1 events are missing from the feed, as it says itself",
              "1 events came twice",
              "1 events came out of order");
    }
  }

  @Test
  void aServerThatConvictsTheLivingFails() throws IOException {
    try (FakePresence presence = new FakePresence()) {
      // Less than an interval: whoever beats as agreed is called dead.
      Run run = run(scenario(presence), presence, INTERVAL_MS / 2);

      assertThat(run.figures().falseVerdicts().offline()).isPositive();
      assertThat(run.failures())
          .anyMatch(failure -> failure.endsWith("nodes were called offline that were alive"));
    }
  }

  @Test
  void aVerdictThatIsLateFailsTheBound() throws IOException {
    try (FakePresence presence = new FakePresence()) {
      Scenarios bounded = scenario(presence).delayMax(Duration.ofMillis(150));
      Run run = run(bounded, presence, TIMEOUT_MS + 200);

      assertThat(run.failures())
          .anyMatch(failure -> failure.startsWith("silence: the latest verdict came after "))
          .anyMatch(failure -> failure.startsWith("stop: the latest verdict came after "));
    }
  }

  private static Scenarios scenario(FakePresence presence) {
    // The port is the server's, which is not there yet.
    return Scenarios.detect(1, presence.port(), VICTIMS)
        .nodes(40)
        .interval(Duration.ofMillis(INTERVAL_MS))
        // More than they get: so they die early, and a verdict that a pause delays is not too late.
        .timeout(Duration.ofSeconds(2))
        .lasting(Duration.ofSeconds(3));
  }

  private static Run run(Scenarios scenarios, FakePresence presence, long timeoutMs)
      throws IOException {
    try (WatchedBus bus = new WatchedBus(presence, INTERVAL_MS, timeoutMs);
        FakeServer server = FakeServer.playing(bus)) {
      Scenario scenario = scenarios.port(server.port()).scenario();
      try (Timeline timeline = Timeline.unseen(scenario)) {
        DetectRun run = new DetectRun(scenario, scenario.faults(), "test-", new Random(1));
        Measured measured = run.play(timeline, _ -> {});
        return new Run(
            measured.detection(),
            Verdict.judge(scenario, measured).failures(),
            Notes.of(scenario, measured));
      }
    }
  }
}
