package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PacingTest {
  private final Span span = new Span();

  @Test
  void aWindowIsSentAtOnceAndThenWaitsForAnswers() {
    Pacing pacing = new Pacing.Window(span, 2);
    assertThat(pacing.dueNanos()).as("before the span").isEqualTo(Pacing.NEVER);

    span.begin(100);
    assertThat(pacing.dueNanos()).isEqualTo(Pacing.AT_ONCE);
    assertThat(pacing.begin(150)).isEqualTo(150);
    pacing.begin(151);
    assertThat(pacing.dueNanos()).isEqualTo(Pacing.NEVER);
    pacing.answered();
    assertThat(pacing.dueNanos()).isEqualTo(Pacing.AT_ONCE);

    span.end(200);
    assertThat(pacing.dueNanos()).as("after the span").isEqualTo(Pacing.NEVER);
    assertThat(pacing.backlog()).isZero();
  }

  @Test
  void aScheduleDoesNotWaitForAnything() {
    Pacing pacing = new Pacing.Schedule(span, 5, 10);
    assertThat(pacing.dueNanos()).as("before the span").isEqualTo(Pacing.NEVER);

    span.begin(100);
    assertThat(pacing.dueNanos()).isEqualTo(105);
    // Late: the intended time is what it was.
    assertThat(pacing.begin(300)).isEqualTo(105);
    assertThat(pacing.begin(300)).isEqualTo(115);
    assertThat(pacing.dueNanos()).isEqualTo(125);
  }

  @Test
  void whatWasDueWithinTheSpanStaysDue() {
    Pacing pacing = new Pacing.Schedule(span, 5, 10);
    span.begin(100);
    pacing.begin(105);
    assertThat(pacing.backlog()).as("the span is not over").isZero();

    span.end(136);
    assertThat(pacing.backlog()).as("115, 125, 135").isEqualTo(3);
    pacing.begin(140);
    pacing.begin(140);
    assertThat(pacing.backlog()).isEqualTo(1);
    assertThat(pacing.begin(140)).isEqualTo(135);
    assertThat(pacing.backlog()).isZero();
    assertThat(pacing.dueNanos()).isEqualTo(Pacing.NEVER);
  }

  @Test
  void aScheduleDoesNotDrift() {
    double stepNanos = 1e9 / 3;
    Pacing pacing = new Pacing.Schedule(span, 0, stepNanos);
    span.begin(0);
    for (int second = 0; second < 1_000; second++) {
      assertThat(pacing.dueNanos()).isBetween(second * 1_000_000_000L - 1, second * 1_000_000_000L);
      pacing.begin(0);
      pacing.begin(0);
      pacing.begin(0);
    }
  }
}
