package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.loadtest.Scenario.Kind;
import io.heartbus.loadtest.series.Column;
import io.heartbus.loadtest.series.Point;
import io.heartbus.loadtest.series.Tick;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private static final long SECOND = 1_000_000_000L;

  private final Histogram beats = new Histogram(3);
  private final Histogram messages = new Histogram(3);
  private final Tick tick =
      new Tick(
          9 * SECOND,
          10 * SECOND,
          "hold",
          100,
          97,
          2,
          1,
          4,
          100,
          99,
          15,
          30,
          3,
          new Histogram(3),
          beats,
          messages,
          1_500_000);

  @Test
  void aMeasuringRunTellsTheRatesAndPercentilesOfTheLastSecond() {
    beats.recordValueWithCount(1_000, 98);
    beats.recordValueWithCount(2_500, 2);

    assertThat(ProgressLine.measuring(tick, point()))
        .isEqualTo(
            "hold 10 s: 97 of 100 nodes in, 2 failed, 1 lost, 4 connects/s, 100 beats/s,"
                + " p50 1.00 ms, p99 2.50 ms, 3 errors/s, own lag 1.50 ms");
  }

  @Test
  void aRunOfMessagesTellsThoseToo() {
    messages.recordValue(1_500);

    assertThat(ProgressLine.messages(tick, point()))
        .contains("100 beats/s, p50 - ms, p99 - ms, messages 15/s out, 30/s in, p50 1.50 ms");
  }

  @Test
  void theDemoTellsWhatIsThereToLookAt() {
    assertThat(ProgressLine.demo(tick, point()))
        .isEqualTo("demo: 97 of 100 nodes connected, 100 beats/s, 15 messages/s");
  }

  @Test
  void aTerminalGetsLinesThatFitIntoIt() {
    beats.recordValue(3_600_000_000L);
    messages.recordValue(3_600_000_000L);

    assertThat(ProgressLine.block(Kind.MIXED, tick, point()))
        .hasSize(5)
        .allSatisfy(line -> assertThat(line).hasSizeLessThan(80));
    assertThat(ProgressLine.block(Kind.HEARTBEAT, tick, point())).hasSize(4);
  }

  private Point point() {
    return Point.of(tick, Map.of(Column.CPU, 0.25, Column.DESCRIPTORS, 123.0));
  }
}
