package io.heartbus.server.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of judgements: what a silence means. */
class LivenessTest {
  private static final long MS = 1_000_000;

  /** What the clock may be too old by; so much of a silence does not count. */
  private static final long STALE = LivenessClock.STALE_NANOS;

  @ParameterizedTest
  @CsvSource({
    "0, ONLINE",
    "1000, ONLINE",
    "1299, ONLINE",
    "1300, ONLINE",
    "1301, LATE",
    "1999, LATE",
    "2000, LATE",
    "2001, SUSPECT",
    "2999, SUSPECT",
    "3000, SUSPECT",
    "3001, OFFLINE",
    "100000, OFFLINE",
    "-1, ONLINE",
    "-100000, ONLINE"
  })
  void aSilenceIsJudgedByWhatWasAgreed(long silenceMs, Liveness expected) {
    assertThat(Liveness.judge(silenceMs * MS + STALE, 1_000 * MS, 3_000 * MS)).isEqualTo(expected);
  }

  @Test
  void oneNanosecondDecides() {
    assertThat(Liveness.judge(3_000 * MS + STALE, 1_000 * MS, 3_000 * MS))
        .isEqualTo(Liveness.SUSPECT);
    assertThat(Liveness.judge(3_000 * MS + STALE + 1, 1_000 * MS, 3_000 * MS))
        .isEqualTo(Liveness.OFFLINE);
    assertThat(Liveness.judge(2_000 * MS + STALE, 1_000 * MS, 3_000 * MS)).isEqualTo(Liveness.LATE);
    assertThat(Liveness.judge(2_000 * MS + STALE + 1, 1_000 * MS, 3_000 * MS))
        .isEqualTo(Liveness.SUSPECT);
  }

  @Test
  void aTimeoutUnderTwoIntervalsOutranksTheSuspicion() {
    assertThat(Liveness.judge(1_600 * MS, 1_000 * MS, 1_500 * MS)).isEqualTo(Liveness.OFFLINE);
  }

  @Test
  void theLongestOfAllTimesDoNotOverflow() {
    long dayNanos = 24 * 3_600_000 * MS;
    assertThat(Liveness.judge(Long.MAX_VALUE, dayNanos, dayNanos)).isEqualTo(Liveness.OFFLINE);
    assertThat(Liveness.judge(0, dayNanos, dayNanos)).isEqualTo(Liveness.ONLINE);
    assertThat(Liveness.judge(STALE, dayNanos, dayNanos)).isEqualTo(Liveness.ONLINE);
    // The most that 32 bits of milliseconds can say.
    long longest = 0xFFFF_FFFFL * MS;
    assertThat(Liveness.judge(dayNanos, longest, 3 * longest)).isEqualTo(Liveness.ONLINE);
    assertThat(Liveness.judge(Long.MAX_VALUE, longest, 3 * longest)).isEqualTo(Liveness.OFFLINE);
  }

  @Test
  void silencesAreDifferencesSoTheClockMayWrap() {
    long heard = Long.MAX_VALUE - 500 * MS;
    long now = heard + 1_000 * MS;
    assertThat(now).isNegative();
    assertThat(Liveness.judge(now - heard, 1_000 * MS, 3_000 * MS)).isEqualTo(Liveness.ONLINE);
    long later = heard + 4_000 * MS;
    assertThat(Liveness.judge(later - heard, 1_000 * MS, 3_000 * MS)).isEqualTo(Liveness.OFFLINE);
  }
}
