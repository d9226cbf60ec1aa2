package io.heartbus.server.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The formula of SPEC for intervals and timeouts. */
class HeartbeatPolicyTest {
  private static final long MOST_MS = 0xFFFF_FFFFL;

  /** The defaults. */
  private static final HeartbeatPolicy POLICY =
      new HeartbeatPolicy(10_000, 30_000, 1_000, 5_000, 600_000, 3_600_000, 100_000, 1);

  @ParameterizedTest
  @CsvSource({
    "0, 1, 10000",
    "1, 1, 1000",
    "999, 1, 1000",
    "1000, 1, 1000",
    "1001, 1, 1001",
    "600000, 1, 600000",
    "600001, 1, 600000",
    "4294967295, 1, 600000",
    // Load: a node per 10 microseconds of the interval.
    "0, 1000000, 10000",
    "0, 1000001, 10001",
    "1000, 100000, 1000",
    "1000, 100001, 1001",
    "1000, 2000000, 20000",
    "0, 4000000000, 600000",
    "1, 0, 1000"
  })
  void theIntervalIsWhatIsAskedWithinBoundsAndLoad(long asked, long live, long expected) {
    assertThat(POLICY.intervalMs(asked, live)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 10000, 30000",
    "0, 1000, 30000",
    "0, 20000, 60000",
    "1, 1000, 5000",
    "4999, 1000, 5000",
    "5001, 1000, 5001",
    "5001, 2000, 6000",
    "4294967295, 1000, 3600000",
    "1, 600000, 1800000",
    "3600000, 600000, 3600000",
    "3600001, 600000, 3600000"
  })
  void theTimeoutIsWhatIsAskedAndThreeIntervalsAtLeast(long asked, long interval, long expected) {
    assertThat(POLICY.timeoutMs(asked, interval)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void whateverIsAskedTheAgreementHolds(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 100_000; i++) {
      long interval = POLICY.intervalMs(random.nextLong(MOST_MS + 1), random.nextLong(10_000_000));
      long timeout = POLICY.timeoutMs(random.nextLong(MOST_MS + 1), interval);
      assertThat(interval).isBetween(1_000L, 600_000L);
      assertThat(timeout).isBetween(Math.max(5_000, 3 * interval), 3_600_000L);
    }
  }
}
