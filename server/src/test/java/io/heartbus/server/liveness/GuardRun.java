package io.heartbus.server.liveness;

import static org.assertj.core.api.Assertions.assertThat;

/** A guard, and the clocks and the canary around it. */
final class GuardRun {
  private static final long MS = 1_000_000;
  private static final StallSettings SETTINGS = new StallSettings(500, 2_000, 5_000);

  final StallGuard guard;
  long nowNanos;
  long wallMs = 1_790_000_000_000L;
  long answers;

  GuardRun(StallSettings settings, long startNanos) {
    nowNanos = startNanos;
    guard = new StallGuard(settings, startNanos, wallMs);
  }

  GuardRun(long startNanos) {
    this(SETTINGS, startNanos);
  }

  /** One tick after so long. */
  Stall after(long ms) {
    nowNanos += ms * MS;
    wallMs += ms;
    return guard.advance(nowNanos, wallMs, answers);
  }

  /** Ticks of 10 ms for so long, in which no stall ends. */
  GuardRun quietly(long ms) {
    for (long passedMs = 0; passedMs < ms; passedMs += 10) {
      assertThat(after(10)).isNull();
    }
    return this;
  }

  /** The canary gets an answer, which is seen at the next tick. */
  Stall answer() {
    answers++;
    return after(10);
  }

  GuardRun withCanary() {
    assertThat(answer()).isNull();
    assertThat(answer()).isNull();
    return this;
  }

  long livenessMs() {
    return guard.livenessNanos() / MS;
  }

  /** Whether time stands at ticks that come in time. */
  boolean stands() {
    long beforeMs = livenessMs();
    assertThat(after(10)).isNull();
    return livenessMs() == beforeMs;
  }
}
