package io.heartbus.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.loadtest.report.Recording.Phase;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class LinePathTest {
  private static final double UNKNOWN = Double.NaN;
  private static final TimeAxis TIME = TimeAxis.to(10);
  private static final Axis TO_FOUR = Axis.linear(4);

  @Test
  void aLineBreaksWhereNothingIsKnownAndALoneValueIsADot() {
    List<Double> seconds = doubles(0, 2, 4, 6, 10);
    List<Double> values = doubles(4, 2, UNKNOWN, 1, 0);

    assertThat(LinePath.line(values, seconds, TIME, TO_FOUR))
        .isEqualTo("M0,0h0.1L200,64M600,96h0.1L1000,128");
    assertThat(LinePath.dots(values, seconds, TIME, TO_FOUR)).isEmpty();
    assertThat(LinePath.line(doubles(1), doubles(5), TIME, TO_FOUR)).isEqualTo("M500,96h0.1");
    assertThat(LinePath.dots(doubles(1), doubles(5), TIME, TO_FOUR)).isEqualTo("M500,96h0.1");
    assertThat(LinePath.dots(doubles(4, UNKNOWN, 1, UNKNOWN, 0), seconds, TIME, TO_FOUR))
        .isEqualTo("M0,0h0.1M400,96h0.1M1000,128h0.1");
    assertThat(LinePath.line(doubles(UNKNOWN), doubles(5), TIME, TO_FOUR)).isEmpty();
    assertThat(LinePath.line(doubles(), doubles(), TIME, TO_FOUR)).isEmpty();
  }

  @Test
  void aBandLiesBetweenTheLeastAndTheMost() {
    List<Double> low = doubles(1, 2, UNKNOWN, 0);
    List<Double> high = doubles(2, 4, UNKNOWN, 1);
    List<Double> seconds = doubles(0, 2, 4, 6);

    assertThat(LinePath.band(new Column(low, low, high), seconds, TIME, TO_FOUR))
        .isEqualTo("M0,64L200,0L200,64L0,96ZM600,96L600,128Z");
  }

  @Test
  void severalSamplesAreOnePointWithTheirMeanLeastAndMost() {
    int samples = Recording.POINTS_MAX * 4 - 1;
    ObjectNode report = Reports.withSeries(samples);
    ObjectNode series = (ObjectNode) report.get("series");
    Reports.column(series, "nodes", samples, second -> second == 1 ? null : (double) second);
    Recording recording = new Recording(report);
    Column nodes = recording.column("nodes");

    assertThat(recording.samplesPerPoint()).isEqualTo(4);
    assertThat(recording.seconds()).hasSize(Recording.POINTS_MAX).startsWith(1.0, 5.0, 9.0);
    assertThat(nodes.low()).startsWith(0.0, 4.0, 8.0);
    assertThat(nodes.mean()).startsWith(5 / 3.0, 5.5, 9.5);
    assertThat(nodes.high()).startsWith(3.0, 7.0, 11.0).endsWith(samples - 1.0);
    assertThat(nodes.isRange()).isTrue();
    assertThat(nodes.peaks().isRange()).isFalse();
  }

  @Test
  void columnsThatAreTooShortNegativeOrAbsentAreNotKnown() {
    ObjectNode report = Reports.withSeries(3);
    ObjectNode series = (ObjectNode) report.get("series");
    Reports.column(series, "nodes", 1, second -> 7.0);
    Reports.column(series, "cpuCores", 3, second -> -1.0);
    Recording recording = new Recording(report);

    assertThat(recording.column("nodes").mean()).containsExactly(7.0, UNKNOWN, UNKNOWN);
    assertThat(recording.column("cpuCores").max()).isNaN();
    assertThat(recording.column("nothing").max()).isNaN();
  }

  @Test
  void noNameOfAPhaseCoversAnother() {
    List<Phase> phases =
        List.of(
            new Phase("ramp", 0, 1),
            new Phase("steady", 1, 98),
            new Phase("stop", 98, 98.5),
            new Phase("cool-down", 98.5, 100));

    List<PhaseLabels.Label> labels = PhaseLabels.of(phases, TimeAxis.to(100));

    assertThat(labels)
        .extracting(PhaseLabels.Label::name)
        .contains("ramp", "steady", "cool-down")
        .doesNotContain("stop");
    assertThat(labels)
        .extracting(PhaseLabels.Label::anchor)
        .containsOnlyOnce("start", "middle", "end");
  }

  private static List<Double> doubles(double... values) {
    return Arrays.stream(values).boxed().toList();
  }
}
