package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArrivalScheduleTest {
  @ParameterizedTest
  @CsvSource({
    "10, 1, 0, 0",
    "10, 1, 9, 9000000000",
    "1000, 1000, 1, 1000000",
    "1000, 1000, 999, 999000000",
    "3, 0.5, 2, 4000000000",
    "2000000, 20000, 1999999, 99999950000",
  })
  void theKthArrivalIsDueAfterKIntervals(int count, double perSecond, int index, long dueNanos) {
    assertThat(new ArrivalSchedule(count, perSecond).dueNanos(index)).isEqualTo(dueNanos);
  }

  @Test
  void dueTimesNeverRunBackwards() {
    ArrivalSchedule schedule = new ArrivalSchedule(100_000, 7_777.7);
    for (int index = 1; index < schedule.count(); index++) {
      assertThat(schedule.dueNanos(index)).isGreaterThan(schedule.dueNanos(index - 1));
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 0", "1, -1", "1, NaN"})
  void nobodyArrivesAtNoRate(int count, double perSecond) {
    assertThatThrownBy(() -> new ArrivalSchedule(count, perSecond))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
