package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GrantsTest {
  private static final long STEP = 100;
  private static final long COST = 164;

  private final Span span = new Span();

  @Test
  void whatWasTakenIsGrantedAgainOnceItIsHalf() {
    Grants grants = new Grants.Prompt(4_000);

    assertThat(grants.take(0)).isZero();
    grants.took(1_999);
    assertThat(grants.take(0)).isZero();
    grants.took(1_001);
    assertThat(grants.take(0)).isEqualTo(3_000);
    assertThat(grants.take(0)).isZero();
    assertThat(grants.dueNanos()).isEqualTo(Span.NEVER);
  }

  @Test
  void aSlowReceiverGivesBackOneMessageAtATime() {
    Grants grants = new Grants.Slow(1_024, span, STEP, COST);
    span.begin(0);
    assertThat(grants.dueNanos()).isEqualTo(Span.NEVER);

    grants.took(3 * COST);
    assertThat(grants.take(1_000)).isEqualTo((int) COST);
    assertThat(grants.take(1_000)).isEqualTo((int) COST);
    assertThat(grants.take(1_000)).as("the third in no time").isZero();
    assertThat(grants.dueNanos()).isEqualTo(1_000 + STEP);
    assertThat(grants.take(1_000 + STEP)).isEqualTo((int) COST);
    assertThat(grants.dueNanos()).as("nothing is left").isEqualTo(Span.NEVER);
  }

  @Test
  void aSlowReceiverTakesAllThatWaitsWhenTheSpanIsOver() {
    Grants grants = new Grants.Slow(1_024, span, STEP, COST);
    span.begin(0);
    grants.took(5 * COST);
    span.end(1);

    assertThat(grants.dueNanos()).isLessThanOrEqualTo(1);
    assertThat(grants.take(1)).isGreaterThan((int) (5 * COST));
    assertThat(grants.dueNanos()).isEqualTo(Span.NEVER);
    grants.took(COST);
    assertThat(grants.take(1)).isEqualTo((int) COST);
  }
}
