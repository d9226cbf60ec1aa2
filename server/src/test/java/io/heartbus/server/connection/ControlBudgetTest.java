package io.heartbus.server.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.connection.ControlBudget.Judgement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many control frames are too many. */
class ControlBudgetTest {
  private static final long SECOND = 1_000_000_000;

  /** The judgement of the last of so many frames, all at that time. */
  private static Judgement last(int frames, long nowNanos, int framesMax, long intervalMs) {
    long count = 0;
    for (int i = 0; i < frames; i++) {
      count = ControlBudget.count(count, nowNanos);
    }
    return ControlBudget.judge(count, framesMax, intervalMs);
  }

  @ParameterizedTest
  @CsvSource({
    // 200 and twice 3 beats in 30 s.
    "1, 200, 10000, WITHIN",
    "206, 200, 10000, WITHIN",
    "207, 200, 10000, WARN",
    "208, 200, 10000, WITHIN",
    "412, 200, 10000, WITHIN",
    "413, 200, 10000, FLOOD",
    "1000, 200, 10000, FLOOD",
    // A beat every 50 ms, 600 of them.
    "1400, 200, 50, WITHIN",
    "1401, 200, 50, WARN",
    "2801, 200, 50, FLOOD",
    // An interval that does not divide 30 s is rounded up, and a long one is one beat.
    "208, 200, 7001, WITHIN",
    "210, 200, 7001, WITHIN",
    "211, 200, 7001, WARN",
    "202, 200, 3600000, WITHIN",
    "203, 200, 3600000, WARN",
    "100000, 0, 10000, WITHIN"
  })
  void aBudgetIsWhatIsAllowedBeyondTwiceTheBeats(
      int frames, int framesMax, long intervalMs, Judgement expected) {
    assertThat(last(frames, 5 * SECOND, framesMax, intervalMs)).isEqualTo(expected);
  }

  @Test
  void theCountBeginsAnewWithEachHalfMinute() {
    long count = 0;
    for (int i = 0; i < 300; i++) {
      count = ControlBudget.count(count, 29 * SECOND);
    }
    assertThat((int) count).isEqualTo(300);
    count = ControlBudget.count(count, 30 * SECOND);
    assertThat((int) count).isEqualTo(1);
    count = ControlBudget.count(count, 59 * SECOND);
    assertThat((int) count).isEqualTo(2);
    count = ControlBudget.count(count, 3_000 * SECOND);
    assertThat((int) count).isEqualTo(1);
  }

  @Test
  void aServerThatRunsForCenturiesStillCounts() {
    long late = Long.MAX_VALUE - SECOND;
    assertThat(last(413, late, 200, 10_000)).isEqualTo(Judgement.FLOOD);
    assertThat(last(206, late, 200, 10_000)).isEqualTo(Judgement.WITHIN);
  }
}
