package io.heartbus.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundTripsTest {
  private final Counters counters = new Counters();
  private final RoundTrips roundTrips = new RoundTrips(counters);

  @Test
  void aBeatTellsTheRoundTripOfTheLastOneOnce() {
    assertThat(roundTrips.beat(0)).isEqualTo(new Frame.Stats(1, Wire.NO_ROUND_TRIP));
    roundTrips.beatAnswered(1, 1_500_000);
    assertThat(roundTrips.beat(2_000_000)).isEqualTo(new Frame.Stats(2, 1500));
    assertThat(roundTrips.beat(3_000_000)).isEqualTo(new Frame.Stats(3, Wire.NO_ROUND_TRIP));
    assertThat(counters.lastRoundTripNanos).hasValue(1_500_000);
  }

  @Test
  void anAnswerToEveryThirdBeatMeasuresThatBeat() {
    roundTrips.beat(0);
    roundTrips.beat(100);
    roundTrips.beat(200);
    roundTrips.beatAnswered(3, 250);
    assertThat(counters.lastRoundTripNanos).hasValue(50);
  }

  @Test
  void whatWasNotAskedMeasuresNothing() {
    roundTrips.beatAnswered(1, 5);
    roundTrips.beat(10);
    roundTrips.beatAnswered(1, 20);
    roundTrips.beatAnswered(1, 900);
    roundTrips.beatAnswered(7, 900);
    roundTrips.beatAnswered(0, 900);
    roundTrips.pingAnswered(99L, 900);
    roundTrips.pingAnswered(null, 900);
    assertThat(counters.lastRoundTripNanos).hasValue(10);
  }

  @Test
  void anAnswerThatIsTooLateMeasuresNothing() {
    for (int i = 0; i < 17; i++) {
      roundTrips.beat(i);
    }
    roundTrips.beatAnswered(1, 100);
    assertThat(counters.lastRoundTripNanos).hasValue(0);
    roundTrips.beatAnswered(2, 101);
    assertThat(counters.lastRoundTripNanos).hasValue(100);
  }

  @Test
  void probesAreTrackedEachAndBounded() {
    List<RoundTrips.Ping> pings = new ArrayList<>();
    for (int i = 0; i < Limits.PINGS_MAX; i++) {
      pings.add(roundTrips.ping(i));
    }
    assertThat(roundTrips.ping(1000)).isNull();
    roundTrips.pingAnswered(pings.get(3).opaque(), 1000);
    assertThat(pings.get(3).answer()).isCompletedWithValue(997L);
    assertThat(roundTrips.ping(1000)).isNotNull();
    roundTrips.forget(pings.get(4));
    assertThat(roundTrips.ping(1000)).isNotNull();
  }

  @Test
  void theEndOfTheConnectionEndsEveryProbe() {
    RoundTrips.Ping ping = roundTrips.ping(0);
    roundTrips.end(new IOException("gone"));
    assertThat(ping.answer()).isCompletedExceptionally();
    assertThat(roundTrips.ping(0)).isNull();
  }

  @Test
  void theSmoothedRoundTripMovesByAnEighth() {
    counters.roundTrip(800);
    counters.roundTrip(1600);
    assertThat(counters.smoothedRoundTripNanos).hasValue(900);
  }
}
