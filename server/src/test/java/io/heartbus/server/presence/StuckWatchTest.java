package io.heartbus.server.presence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a disk counts as stuck. */
class StuckWatchTest {
  private static final long STUCK_NANOS = 5_000;
  private static final long LOOK_NANOS = 1_000;

  private final StuckWatch watch = new StuckWatch(STUCK_NANOS);

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 2_500, Long.MIN_VALUE})
  void aDiskThatDoesNothingForThatLongIsStuck(long startNanos) {
    assertThat(watch.lookNanos()).isEqualTo(LOOK_NANOS);
    for (long passed = 0; passed < STUCK_NANOS; passed += 100) {
      assertThat(watch.looksStuck(7, startNanos + passed)).as("%s", passed).isFalse();
    }
    assertThat(watch.looksStuck(7, startNanos + STUCK_NANOS)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 2_500})
  void aDiskThatMovesIsNotStuckHoweverSlowly(long startNanos) {
    for (int progress = 0; progress < 100; progress++) {
      for (long passed = 0; passed < STUCK_NANOS; passed += LOOK_NANOS) {
        long nowNanos = startNanos + progress * STUCK_NANOS + passed;
        assertThat(watch.looksStuck(progress, nowNanos)).isFalse();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 2_500})
  void aStopOfTheWholeProcessIsNotTheDisksFault(long startNanos) {
    assertThat(watch.looksStuck(1, startNanos)).isFalse();
    // Nobody looked for hours: that counts as one look.
    long nowNanos = startNanos + 1_000_000 * STUCK_NANOS;
    for (int look = 1; look < 5; look++) {
      assertThat(watch.looksStuck(1, nowNanos + look * LOOK_NANOS)).isFalse();
    }
    assertThat(watch.looksStuck(1, nowNanos + 5 * LOOK_NANOS)).isTrue();
  }
}
