package io.heartbus.loadtest.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonTableTest {
  private final List<Sample> samples = new ArrayList<>();

  private void sample(int round, Peer peer, String label, double value, String... doubts) {
    samples.add(
        new Sample(
            round, peer.text(), "beat", Map.of(label, value), Map.of(), List.of(doubts), null));
  }

  @Test
  void aSpreadIsTheMiddleAndTheEnds() {
    assertThat(Spread.of(List.of(30.0, 10.0, 20.0))).isEqualTo(new Spread(10, 20, 30));
    assertThat(Spread.of(List.of(1.0, 4.0, 3.0, 2.0)).median()).isEqualTo(2.5);
    assertThat(Spread.of(List.of(0.126))).hasToString("0.13");
    assertThat(Spread.of(List.of(12.34, 123.4, 1_234_567.8))).hasToString("123 (12.3-1,234,568)");
  }

  @Test
  void ratiosAreThoseOfTheSameRound() {
    sample(1, Peer.MOSQUITTO, "us", 10);
    sample(1, Peer.HEARTBUS, "us", 20);
    sample(2, Peer.HEARTBUS, "us", 30);
    sample(2, Peer.MOSQUITTO, "us", 30);
    sample(3, Peer.MOSQUITTO, "us", 20);
    sample(3, Peer.HEARTBUS, "us", 80);

    assertThat(ComparisonTable.of(samples))
        .isEqualTo(
            """
            | median (min-max) | heartbus | mosquitto | heartbus / mosquitto |
            |---|---|---|---|
            | us | 30.0 (20.0-80.0) | 20.0 (10.0-30.0) | 2.00 (1.00-4.00) |
            """);
  }

  @Test
  void whatWasNotMeasuredHasNoFigure() {
    sample(1, Peer.HEARTBUS, "heap", 1_700);
    sample(1, Peer.C_ECHO, "us", 0);
    sample(1, Peer.HEARTBUS, "us", 5);

    assertThat(ComparisonTable.of(samples).lines().skip(2))
        .containsExactly("| heap | 1,700 | - | - |", "| us | 5.00 | 0.00 | - |");
  }

  @Test
  void doubtsAndFailuresAreTold() {
    sample(1, Peer.NATS, "us", 5, "generator saturated");
    sample(2, Peer.NATS, "us", 7, "generator saturated");
    samples.add(
        new Sample(2, "c-echo", "beat", Map.of(), Map.of(), List.of(), "the server closed"));

    assertThat(ComparisonTable.of(samples))
        .isEqualTo(
            """
            | median (min-max) | nats | c-echo |
            |---|---|---|
            | us | 6.00 (5.00-7.00) * | - |

            * beat, nats: generator saturated (2 of 2 rounds)
            * beat, c-echo: failed: the server closed (1 of 2 rounds)
            """);
  }

  @Test
  void aSampleIsALine() {
    sample(2, Peer.NATS, "us", 0.1, "generator late");
    Sample sample = samples.getFirst();

    assertThat(sample.json()).doesNotContain("\n");
    assertThat(Sample.parse(sample.json())).isEqualTo(sample);
  }
}
