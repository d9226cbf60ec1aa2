package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeartTest {
  private static final long MS = 1_000_000;
  private static final int STATS = Wire.CAPABILITY_CREDIT | Wire.CAPABILITY_HEARTBEAT_STATS;

  private final Measurements measurements = new Measurements(1, 0);

  @Test
  void theFirstBeatIsDueAfterThePhase() {
    assertThat(heart(STATS, 1).dueNanos()).isEqualTo(1_000 * MS + 40 * MS);
  }

  @Test
  void beatsFollowTheirIntendedTimesHoweverLateTheyLeave() {
    Heart heart = heart(STATS, 1);
    for (int beat = 0; beat < 1_000; beat++) {
      long intended = heart.dueNanos();
      heart.beat(intended + 777 * MS);

      assertThat(heart.dueNanos() - intended).isBetween(90 * MS, 110 * MS);
    }
  }

  @Test
  void aLatencyCountsFromTheIntendedTime() {
    Heart heart = heart(STATS, 1);
    long intended = heart.dueNanos();
    long seq = seq(heart.beat(intended + 20 * MS));
    heart.answered(answer(seq), intended + 30 * MS);

    assertThat(beats().latencies().maxMs()).isCloseTo(30.0, within1Percent(30));
    assertThat(beats().acked()).isEqualTo(1);
    assertThat(beats().late()).isZero();
  }

  @Test
  void anAnswerAfterHalfAnIntervalIsLate() {
    Heart heart = heart(STATS, 1);
    long intended = heart.dueNanos();
    long seq = seq(heart.beat(intended));
    heart.answered(answer(seq), intended + 51 * MS);

    assertThat(beats().late()).isEqualTo(1);
  }

  @Test
  void theNextBeatTellsTheRoundTripOfTheLastOne() {
    Heart heart = heart(STATS, 1);
    long sent = heart.dueNanos() + 5 * MS;
    Frame.HeartbeatRequest first = heart.beat(sent);
    heart.answered(answer(seq(first)), sent + 3 * MS);
    Frame.HeartbeatRequest second = heart.beat(heart.dueNanos());
    Frame.HeartbeatRequest third = heart.beat(heart.dueNanos());

    assertThat(first.stats()).isEqualTo(new Frame.Stats(1, Wire.NO_ROUND_TRIP));
    assertThat(second.stats()).isEqualTo(new Frame.Stats(2, 3_000));
    assertThat(third.stats()).isEqualTo(new Frame.Stats(3, Wire.NO_ROUND_TRIP));
  }

  @Test
  void aBeatThatIsSkippedByTheAnswersIsMissing() {
    Heart heart = heart(STATS, 1);
    heart.beat(heart.dueNanos());
    long second = seq(heart.beat(heart.dueNanos()));
    heart.answered(answer(second), heart.dueNanos());

    assertThat(beats().missing()).isEqualTo(1);
    assertThat(beats().acked()).isEqualTo(1);
    assertThat(measurements.beats().owed()).isZero();
  }

  @Test
  void withEveryThirdAnsweredAnAnswerCoversThree() {
    Heart heart = heart(STATS, 3);
    for (int beat = 0; beat < 3; beat++) {
      heart.beat(heart.dueNanos());
    }
    assertThat(measurements.beats().owed()).isEqualTo(1);
    heart.answered(answer(3), heart.dueNanos());
    heart.beat(heart.dueNanos());

    assertThat(beats().acked()).isEqualTo(3);
    assertThat(beats().missing()).isZero();
    assertThat(measurements.beats().owed()).isZero();
  }

  @Test
  void anAnswerThatBelongsToNoBeatIsStray() {
    Heart heart = heart(STATS, 1);
    long seq = seq(heart.beat(heart.dueNanos()));
    heart.answered(answer(seq), heart.dueNanos());
    heart.answered(answer(seq), heart.dueNanos());
    heart.answered(answer(seq + 1), heart.dueNanos());

    assertThat(beats().stray()).isEqualTo(2);
    assertThat(beats().acked()).isEqualTo(1);
  }

  @Test
  void withoutStatsTheOldestBeatIsAnswered() {
    Heart heart = heart(Wire.CAPABILITY_CREDIT, 1);
    Frame.HeartbeatRequest beat = heart.beat(heart.dueNanos());
    heart.answered(Frame.HeartbeatResponse.PLAIN, heart.dueNanos());

    assertThat(beat).isSameAs(Frame.HeartbeatRequest.PLAIN);
    assertThat(beats().acked()).isEqualTo(1);
  }

  @Test
  void aServerThatAnswersNoBeatsOwesNone() {
    Heart heart = heart(STATS, 0);
    for (int beat = 0; beat < 10; beat++) {
      heart.beat(heart.dueNanos());
    }

    assertThat(measurements.beats().owed()).isZero();
    assertThat(beats().pace().unanswered()).isTrue();
    assertThat(beats().sent()).isEqualTo(10);
  }

  @Test
  void aRetuneBindsFromTheNextBeatOn() {
    Heart heart = heart(STATS, 1);
    long seq = seq(heart.beat(heart.dueNanos()));
    long due = heart.dueNanos();
    Frame.Pace slower = new Frame.Pace(1_000, 3_000);
    heart.answered(new Frame.HeartbeatResponse(new Frame.Stats(seq, 0), slower), due);

    assertThat(heart.dueNanos()).isEqualTo(due);
    heart.beat(due);
    assertThat(heart.dueNanos() - due).isBetween(900 * MS, 1_100 * MS);
    assertThat(heart.timeoutNanos()).isEqualTo(3_000 * MS);
  }

  @Test
  void whatIsOwedWhenTheConnectionIsLostIsMissing() {
    Heart lost = heart(STATS, 1);
    lost.beat(lost.dueNanos());
    lost.stop(true);
    Heart closed = heart(STATS, 1);
    closed.beat(closed.dueNanos());
    closed.stop(false);

    assertThat(beats().missing()).isEqualTo(1);
    assertThat(measurements.beats().owed()).isZero();
  }

  private Heart heart(int capabilities, int ackEvery) {
    measurements.entered(true, 0, 0);
    Frame.Registered answer =
        new Frame.Registered(
            Wire.VERSION,
            0,
            ackEvery,
            capabilities,
            new Frame.Pace(100, 300),
            40,
            4096,
            4096,
            1,
            1,
            4096,
            1,
            new byte[Wire.SESSION_TOKEN_BYTES]);
    return new Heart(answer, measurements, null, new Random(1), 1_000 * MS);
  }

  private Measured.Heartbeats beats() {
    measurements.began(Stages.Phase.COOL_DOWN, 1, 0);
    return measurements.measured(new Measurements.End(false, 1, null)).heartbeats();
  }

  private static long seq(Frame.HeartbeatRequest beat) {
    return beat.stats().seq();
  }

  private static Frame.HeartbeatResponse answer(long seq) {
    return new Frame.HeartbeatResponse(new Frame.Stats(seq, 0), null);
  }

  private static org.assertj.core.data.Offset<Double> within1Percent(double value) {
    return org.assertj.core.data.Offset.offset(value / 100);
  }
}
