package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.loadtest.Doubt.Advice;
import org.junit.jupiter.api.Test;

class DoubtTest {
  private static final long TIMEOUT = 100;

  private final Doubt doubt = new Doubt();

  @Test
  void aSilentServerIsProbedOnceAndThenGivenUp() {
    doubt.heard(1_000);

    assertThat(doubt.dueNanos(TIMEOUT)).isEqualTo(1_050);
    assertThat(doubt.advice(TIMEOUT, 1_049)).isEqualTo(Advice.WAIT);
    assertThat(doubt.advice(TIMEOUT, 1_050)).isEqualTo(Advice.PROBE);
    assertThat(doubt.dueNanos(TIMEOUT)).isEqualTo(1_100);
    assertThat(doubt.advice(TIMEOUT, 1_099)).isEqualTo(Advice.WAIT);
    assertThat(doubt.advice(TIMEOUT, 1_100)).isEqualTo(Advice.GIVE_UP);
  }

  @Test
  void aWordFromTheServerEndsTheDoubt() {
    doubt.heard(1_000);
    doubt.advice(TIMEOUT, 1_060);
    doubt.heard(1_070);

    assertThat(doubt.advice(TIMEOUT, 1_119)).isEqualTo(Advice.WAIT);
    assertThat(doubt.advice(TIMEOUT, 1_120)).isEqualTo(Advice.PROBE);
  }

  @Test
  void whoStoodStillItselfAsksBeforeItGoes() {
    doubt.heard(1_000);

    assertThat(doubt.advice(TIMEOUT, 1_300)).isEqualTo(Advice.PROBE);
    assertThat(doubt.dueNanos(TIMEOUT)).isEqualTo(1_350);
    assertThat(doubt.advice(TIMEOUT, 1_349)).isEqualTo(Advice.WAIT);
    assertThat(doubt.advice(TIMEOUT, 1_350)).isEqualTo(Advice.GIVE_UP);
  }
}
