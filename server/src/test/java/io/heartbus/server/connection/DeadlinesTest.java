package io.heartbus.server.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.liveness.LivenessClock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may not be left unfinished for longer. */
class DeadlinesTest {
  private static final long MS = 1_000_000;
  private static final long STALE = LivenessClock.STALE_NANOS;

  private final Deadlines limits =
      Deadlines.of(
          new ConnectionSettings(1, 0, 1, 5_000, 10_000, 7_000, 4096, 4096, 4096, 0, true, null));

  @ParameterizedTest
  @ValueSource(longs = {1, 123_456_789, Long.MAX_VALUE - 3_000 * MS, Long.MIN_VALUE, -1})
  void aLimitStrikesBehindItsTimeAndNotBefore(long start) {
    assertThat(limits.registerMissed(start, start)).isFalse();
    assertThat(limits.registerMissed(start + 5_000 * MS + STALE, start)).isFalse();
    assertThat(limits.registerMissed(start + 5_000 * MS + STALE + 1, start)).isTrue();
    assertThat(limits.frameMissed(start + 10_000 * MS + STALE, start)).isFalse();
    assertThat(limits.frameMissed(start + 10_000 * MS + STALE + 1, start)).isTrue();
    assertThat(limits.writeMissed(start + 7_000 * MS + STALE, start)).isFalse();
    assertThat(limits.writeMissed(start + 7_000 * MS + STALE + 1, start)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 100_000 * MS, Long.MAX_VALUE})
  void whatWasNotBegunCannotBeLate(long now) {
    assertThat(limits.frameMissed(now, 0)).isFalse();
    assertThat(limits.writeMissed(now, 0)).isFalse();
  }
}
