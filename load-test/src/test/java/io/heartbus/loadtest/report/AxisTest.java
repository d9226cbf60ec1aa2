package io.heartbus.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AxisTest {
  @Test
  void aLinearAxisGoesFromZeroToARoundNumber() {
    assertThat(Axis.linear(511).ticks()).containsExactly(0.0, 200.0, 400.0, 600.0);
    assertThat(Axis.linear(600).high()).isEqualTo(600);
    assertThat(Axis.linear(1).ticks()).containsExactly(0.0, 0.5, 1.0);
    assertThat(Axis.linear(0.003).high()).isCloseTo(0.003, within(1e-12));
    assertThat(Axis.linear(600).share(150)).isEqualTo(0.25);
  }

  @Test
  void nothingButZeroIsAnAxisToOne() {
    for (double max : new double[] {0, -3, Double.NaN, Double.MIN_VALUE}) {
      assertThat(Axis.linear(max)).isEqualTo(Axis.linear(0));
    }
    assertThat(Axis.linear(0).ticks()).containsExactly(0.0, 1.0);
    assertThat(Axis.linear(0).share(0)).isEqualTo(0);
  }

  @Test
  void aLogarithmicAxisLiesBetweenRoundNumbers() {
    Axis axis = Axis.logarithmic(0.31, 88);

    assertThat(axis.low()).isEqualTo(0.2);
    assertThat(axis.high()).isEqualTo(100);
    assertThat(axis.ticks()).containsExactly(0.2, 1.0, 10.0, 100.0);
    assertThat(axis.share(0.1)).as("under it").isEqualTo(0);
    assertThat(axis.share(Math.sqrt(0.2 * 100))).isCloseTo(0.5, within(1e-9));
    assertThat(Axis.logarithmic(2, 40).ticks()).containsExactly(2.0, 5.0, 10.0, 20.0, 50.0);
  }

  @Test
  void oneValueHasALogarithmicAxisToo() {
    assertThat(Axis.logarithmic(3, 3).ticks()).containsExactly(2.0, 5.0);
    assertThat(Axis.logarithmic(2, 2).ticks()).containsExactly(2.0, 5.0);
    assertThat(Axis.logarithmic(5, 5).ticks()).containsExactly(5.0, 10.0);
    assertThat(Axis.logarithmic(Double.NaN, Double.NaN).ticks()).containsExactly(1.0, 2.0);
  }

  @Test
  void hugeAndTinyValuesStayOnTheirAxes() {
    assertThat(Axis.linear(Double.MAX_VALUE).high()).isFinite();
    assertThat(Axis.linear(Double.MAX_VALUE).share(Double.MAX_VALUE)).isEqualTo(1);
    Axis wide = Axis.logarithmic(Double.MIN_VALUE, Double.MAX_VALUE);
    assertThat(wide.ticks().size()).isBetween(2, 8);
    assertThat(wide.share(1)).isBetween(0.0, 1.0);
  }

  @Test
  void anyAxisHoldsItsValuesAndAFewRisingTicks() {
    long seed = 20_260_102;
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      double one = Math.pow(10, random.nextDouble(-8, 12));
      double other = one * Math.pow(10, random.nextDouble(0, 9));
      for (Axis axis : new Axis[] {Axis.linear(other), Axis.logarithmic(one, other)}) {
        assertThat(axis.high()).as("seed %d, %s", seed, axis).isGreaterThanOrEqualTo(other * 0.999);
        assertThat(axis.low()).isLessThanOrEqualTo(one * 1.001);
        assertThat(axis.ticks().size()).as("%s", axis).isBetween(2, 9);
        assertThat(axis.ticks()).isSorted().doesNotHaveDuplicates();
        assertThat(axis.ticks().getFirst()).isGreaterThanOrEqualTo(axis.low() * (1 - 1e-6));
        assertThat(axis.ticks().getLast()).isLessThanOrEqualTo(axis.high() * (1 + 1e-6));
      }
    }
  }

  @Test
  void timesAreLabelledAsTheirLengthAsks() {
    assertThat(labels(8.5)).containsExactly("0", "2 s", "4 s", "6 s", "8 s");
    assertThat(labels(0.9)).containsExactly("0", "0.2 s", "0.4 s", "0.6 s", "0.8 s");
    assertThat(labels(60)).containsExactly("0", "15 s", "30 s", "45 s", "60 s");
    assertThat(labels(200)).containsExactly("0", "1 min", "2 min", "3 min");
    assertThat(labels(3_600)).containsExactly("0", "15 min", "30 min", "45 min", "60 min");
    assertThat(labels(9_000))
        .containsExactly("0", "0:30 h", "1:00 h", "1:30 h", "2:00 h", "2:30 h");
    assertThat(labels(4 * 86_400)).startsWith("0", "24 h");
    assertThat(TimeAxis.to(1e9).ticks()).hasSizeLessThan(8);
    assertThat(TimeAxis.to(0).share(0)).isEqualTo(0);
  }

  private static String[] labels(double seconds) {
    TimeAxis axis = TimeAxis.to(seconds);
    return axis.ticks().stream().map(axis::label).toArray(String[]::new);
  }
}
