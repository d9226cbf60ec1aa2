package io.heartbus.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StandstillTest {
  private static final long LOOK = 25;
  private static final long HOUR = 1_000_000;

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 60, Long.MIN_VALUE})
  void whatStandsStillIsSeenToDoSoFromLookToLook(long startNanos) {
    Standstill standstill = new Standstill(LOOK, startNanos);
    assertThat(standstill.look(15, startNanos + 20)).isEqualTo(15);
    assertThat(standstill.look(35, startNanos + 40)).isEqualTo(35);
    assertThat(standstill.look(60, startNanos + 65)).isEqualTo(60);
    assertThat(standstill.look(95, startNanos + 100)).isEqualTo(85);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 60, Long.MIN_VALUE})
  void aStopOfTheOneWhoLooksCountsAsOneLook(long startNanos) {
    Standstill standstill = new Standstill(LOOK, startNanos);
    standstill.look(10, startNanos + 20);
    assertThat(standstill.look(10 + HOUR, startNanos + 20 + HOUR)).isEqualTo(10 + LOOK);
    assertThat(standstill.look(20 + HOUR, startNanos + 30 + HOUR)).isEqualTo(20 + LOOK);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 60, Long.MIN_VALUE})
  void whatMovedOrNeedNotMoveBeginsAnew(long startNanos) {
    Standstill standstill = new Standstill(LOOK, startNanos);
    standstill.look(20, startNanos + 20);
    assertThat(standstill.look(3, startNanos + 40)).isEqualTo(3);
    assertThat(standstill.look(23, startNanos + 60)).isEqualTo(23);
    assertThat(standstill.look(0, startNanos + 80)).isZero();
    assertThat(standstill.look(HOUR, startNanos + 90 + HOUR)).isEqualTo(LOOK);
  }
}
