package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.loadtest.series.Column;
import io.heartbus.loadtest.series.Point;
import io.heartbus.loadtest.series.Series;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NotesTest {
  private static final Machine.Facts MACHINE =
      new Machine.Facts(4, "a processor", 1L, "Linux 6", "25", 1_000);

  private final Series series = new Series();

  @Test
  void aLoadTesterWithRoomToSpareIsWorthNoWord() {
    seconds(20, "hold", Map.of(Column.FLEET_CPU, 0.5, Column.CPU, 1.5, Column.DESCRIPTORS, 900.0));

    assertThat(Notes.ofItself(series, MACHINE)).isEmpty();
  }

  @Test
  void aBusyThreadIsToldOnceItIsMoreThanAMoment() {
    seconds(18, "hold", Map.of(Column.FLEET_CPU, 0.5));
    seconds(2, "hold", Map.of(Column.FLEET_CPU, 0.95));
    assertThat(Notes.ofItself(series, MACHINE)).isEmpty();

    seconds(1, "hold", Map.of(Column.FLEET_CPU, 0.95));
    assertThat(Notes.ofItself(series, MACHINE))
        .singleElement()
        .asString()
        .startsWith("the load tester itself had no processor left in 3 of 21 s");
  }

  @Test
  void aMachineWithoutAProcessorLeftIsToldToo() {
    seconds(5, "ramp", Map.of(Column.FLEET_CPU, 0.5, Column.CPU, 3.7));

    assertThat(Notes.ofItself(series, MACHINE)).singleElement().asString().contains("in 5 of 5 s");
  }

  @Test
  void theCoolDownIsNotMeasured() {
    seconds(5, "cool-down", Map.of(Column.FLEET_CPU, 1.0, Column.DESCRIPTORS, 1_000.0));

    assertThat(Notes.ofItself(series, MACHINE)).isEmpty();
  }

  @Test
  void fewDescriptorsLeftAreTold() {
    seconds(5, "hold", Map.of(Column.DESCRIPTORS, 901.0));

    assertThat(Notes.ofItself(series, MACHINE))
        .containsExactly("the load tester had 901 of the 1000 descriptors open that it may have");
  }

  private void seconds(int count, String phase, Map<Column, Double> values) {
    for (int second = 0; second < count; second++) {
      series.add(new Point(series.points().size() + 1, phase, values));
    }
  }
}
