package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heartbus.loadtest.LatencyRecorder.Latencies;
import org.junit.jupiter.api.Test;

class LatencyRecorderTest {
  private static final long MS = 1_000_000;

  private final LatencyRecorder recorder = new LatencyRecorder();

  @Test
  void nothingRecordedIsNoNumber() {
    assertThat(recorder.latencies()).isEqualTo(Latencies.NONE);
  }

  @Test
  void percentilesAreThoseOfWhatWasRecorded() {
    for (int i = 1; i <= 1_000; i++) {
      recorder.record(i * MS);
    }
    Latencies latencies = recorder.latencies();

    assertThat(latencies.p50Ms()).isCloseTo(500, within(1.0));
    assertThat(latencies.p99Ms()).isCloseTo(990, within(1.0));
    assertThat(latencies.p999Ms()).isCloseTo(999, within(1.0));
    assertThat(latencies.maxMs()).isCloseTo(1_000, within(1.0));
  }

  @Test
  void whatIsOutOfRangeCountsAtTheEdge() {
    recorder.record(-5);
    recorder.record(Long.MAX_VALUE);

    assertThat(recorder.latencies().p50Ms()).isZero();
    assertThat(recorder.latencies().maxMs())
        .isCloseTo(LatencyRecorder.MICROS_MAX / 1e3, within(4_000.0));
  }

  @Test
  void twoRecordersTogetherHaveThePercentilesOfBoth() {
    LatencyRecorder one = new LatencyRecorder();
    LatencyRecorder other = new LatencyRecorder();
    assertThat(LatencyRecorder.merged(one, other)).isEqualTo(LatencyRecorder.Latencies.NONE);

    one.record(2_000_000);
    assertThat(LatencyRecorder.merged(one, other)).isEqualTo(one.latencies());
    assertThat(LatencyRecorder.merged(other, one)).isEqualTo(one.latencies());

    other.record(8_000_000);
    assertThat(LatencyRecorder.merged(one, other).p50Ms()).isBetween(2.0, 2.01);
    assertThat(LatencyRecorder.merged(one, other).maxMs()).isBetween(8.0, 8.01);
    assertThat(one.latencies().maxMs()).as("unchanged").isBetween(2.0, 2.01);
  }
}
