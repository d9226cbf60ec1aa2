package io.heartbus.loadtest.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SeriesTest {
  private static final List<String> PHASES = List.of("ramp", "hold");

  private final Series series = new Series();

  @Test
  void aSecondIsAPointWithItsRatesAndPercentiles() {
    series.add(
        Point.of(Ticks.second(1, "ramp", 1_000, 1_000, 9_000), Map.of(Column.SERVER_QUEUE, 4.0)));

    JsonNode json = json(series);
    assertThat(json.get("stepSeconds").intValue()).isEqualTo(1);
    assertThat(json.get("seconds").get(0).intValue()).isEqualTo(1);
    assertThat(json.get("phase").get(0).stringValue()).isEqualTo("ramp");
    assertThat(json.get("nodes").get(0).intValue()).isEqualTo(10);
    assertThat(json.get("beatsPerSecond").get(0).intValue()).isEqualTo(3);
    assertThat(json.get("beatP50Ms").get(0).doubleValue()).isEqualTo(1);
    assertThat(json.get("beatMaxMs").get(0).doubleValue()).isBetween(9.0, 9.01);
    assertThat(json.get("serverQueue").get(0).intValue()).isEqualTo(4);
  }

  @Test
  void whatIsNotKnownIsNull() {
    series.add(Point.of(Ticks.second(1, "ramp"), Map.of()));

    assertThat(json(series).get("beatP99Ms").get(0).isNull()).isTrue();
    assertThat(json(series).get("serverNodes").get(0).isNull()).isTrue();
    assertThat(json(series).get("beatsPerSecond").get(0).intValue()).isZero();
  }

  @Test
  void everyColumnOfTheContractIsThere() {
    assertThat(json(series).propertyNames())
        .contains("stepSeconds", "seconds", "phase", "nodes", "connectsPerSecond")
        .contains("beatsPerSecond", "beatAnswersPerSecond", "errorsPerSecond")
        .contains("messagesSentPerSecond", "messagesReceivedPerSecond")
        .contains("beatP50Ms", "beatP99Ms", "beatMaxMs")
        .contains("messageP50Ms", "messageP99Ms", "messageMaxMs")
        .contains("lagMaxMs", "cpuCores", "descriptors")
        .contains("serverNodes", "serverCpuCores", "serverRssBytes", "serverHeapBytes")
        .contains("serverGcSecondsPerSecond", "serverQueue");
  }

  @Test
  void aLongRunIsToldByFewPointsThatStandForMore() {
    int seconds = 4 * Series.POINTS_MAX + 3;
    for (int second = 1; second <= seconds; second++) {
      long[] beats = second % 2 == 0 ? new long[] {7_000, 7_000} : new long[0];
      series.add(Point.of(Ticks.second(second, "hold", beats), Map.of()));
    }
    series.end();

    assertThat(series.points()).hasSizeBetween(Series.POINTS_MAX / 2, Series.POINTS_MAX);
    assertThat(series.stepSeconds()).isEqualTo(8);
    assertThat(series.points().getLast().seconds()).isEqualTo(seconds);
    Point whole = series.points().get(100);
    assertThat(whole.seconds()).isEqualTo(101 * 8);
    assertThat(whole.value(Column.BEATS)).as("the mean of its seconds").isEqualTo(1);
    assertThat(whole.value(Column.BEAT_P99)).as("the highest").isBetween(7.0, 7.01);
  }

  @Test
  void whatWasWrittenIsReadAgain() {
    series.add(Point.of(Ticks.second(1, "ramp", 1_000), Map.of(Column.CPU, 0.25)));
    series.add(Point.of(Ticks.second(2, "hold"), Map.of()));
    String json = JsonMapper.shared().writeValueAsString(series);

    Series read = JsonMapper.shared().readValue(json, Series.class);

    assertThat(JsonMapper.shared().writeValueAsString(read)).isEqualTo(json);
  }

  @Test
  void columnsThatAreNoneAreRefused() {
    assertThatThrownBy(() -> Series.of(Map.of("seconds", List.of())))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Series.of(Map.of("stepSeconds", 1, "seconds", "many")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> Series.of(Map.of("stepSeconds", 1, "seconds", List.of("x"), "phase", List.of())))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void severalLoadTestersAreSummedAtTheSameMoment() {
    Series other = new Series();
    series.add(Point.of(Ticks.second(1, "hold", 1_000), Map.of(Column.SERVER_NODES, 20.0)));
    series.add(Point.of(Ticks.second(2, "hold", 1_000), Map.of(Column.SERVER_NODES, 20.0)));
    other.add(Point.of(Ticks.second(1, "ramp", 5_000, 5_000), Map.of(Column.SERVER_NODES, 20.0)));
    other.add(Point.of(Ticks.second(2, "hold", 5_000), Map.of()));

    List<Point> joined =
        Series.together(List.of(series, other), List.of(0.0, 1.2), PHASES).points();

    assertThat(joined).hasSize(3);
    assertThat(joined.get(0).value(Column.NODES)).isEqualTo(10);
    Point both = joined.get(1);
    assertThat(both.seconds()).isEqualTo(2);
    assertThat(both.phase()).as("of the one that is behind").isEqualTo("ramp");
    assertThat(both.value(Column.NODES)).isEqualTo(20);
    assertThat(both.value(Column.BEATS)).isEqualTo(3);
    assertThat(both.value(Column.BEAT_MAX)).isBetween(5.0, 5.01);
    assertThat(both.value(Column.SERVER_NODES)).as("the same server").isEqualTo(20);
    assertThat(joined.get(2).value(Column.BEATS)).isEqualTo(1);
  }

  private static JsonNode json(Series series) {
    return JsonMapper.shared().valueToTree(series);
  }
}
