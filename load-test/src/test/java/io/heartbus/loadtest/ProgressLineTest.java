package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.loadtest.LatencyRecorder.Latencies;
import io.heartbus.loadtest.Stages.Stage;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private static final long SECOND = 1_000_000_000L;

  private final Snapshot last =
      new Snapshot(
          5 * SECOND,
          Stage.RAMP,
          100,
          40,
          0,
          0,
          100,
          10,
          20,
          Latencies.NONE,
          Latencies.NONE,
          Latencies.NONE);
  private final Snapshot now =
      new Snapshot(
          10 * SECOND,
          Stage.HOLD,
          100,
          97,
          2,
          1,
          600,
          15,
          70,
          new Latencies(1.0, 2.5, 3.0, 4.0),
          new Latencies(1.0, 1.5, 3.0, 4.0),
          Latencies.NONE);

  @Test
  void aMeasuringRunTellsItsRatesSinceTheLastLine() {
    assertThat(ProgressLine.measuring(now, last))
        .isEqualTo(
            "hold 10 s: 97 of 100 nodes in, 2 failed, 1 lost, 100 beats/s, p99 2.50 ms,"
                + " own lag p99 - ms");
  }

  @Test
  void aRunOfMessagesTellsThoseToo() {
    assertThat(ProgressLine.messages(now, last))
        .isEqualTo(
            "hold 10 s: 97 of 100 nodes in, 1 lost, 100 beats/s, p99 2.50 ms, messages 1/s out,"
                + " 10/s in, p99 1.50 ms, own lag p99 - ms");
  }

  @Test
  void theDemoTellsWhatIsThereToLookAt() {
    assertThat(ProgressLine.demo(now, last))
        .isEqualTo("demo: 97 of 100 nodes connected, 100 beats/s, 1.0 messages/s");
  }

  @Test
  void theFirstLineCountsFromTheBeginning() {
    assertThat(ProgressLine.demo(now, ProgressLine.beginning(100))).contains("60 beats/s");
  }
}
