package io.heartbus.server.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.liveness.Stall.Why;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** The clock's thread, with clocks and a canary in the hands of a test. */
class LivenessClockTest {
  private static final long MS = 1_000_000;

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5 * MS);
  private final AtomicLong wallMs = new AtomicLong(1_790_000_000_000L);
  private final BlockingQueue<Stall> told = new LinkedBlockingQueue<>();

  private LivenessClock clock() {
    return new LivenessClock(
        nanos::get,
        () -> Instant.ofEpochMilli(wallMs.get()),
        new StallSettings(500, 2_000, 60_000),
        told::add);
  }

  /** So much time passes, and the clock has seen it. */
  private void pass(LivenessClock clock, long ms) {
    nanos.addAndGet(ms * MS);
    wallMs.addAndGet(ms);
    tick(clock);
  }

  private static void tick(LivenessClock clock) {
    long ticks = clock.ticks();
    // One may have been under way.
    await(() -> clock.ticks() >= ticks + 2);
  }

  private static void await(BooleanSupplier condition) {
    long startNanos = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - startNanos).isLessThan(10_000_000_000L);
      LockSupport.parkNanos(MS);
    }
  }

  @Test
  void aStallIsToldWhenItIsOverAndTicksGoOnMeanwhile() throws InterruptedException {
    try (LivenessClock clock = clock().start()) {
      tick(clock);
      clock.canaryAnswered();
      clock.canaryAnswered();
      tick(clock);
      pass(clock, 9_000);
      assertThat(clock.held()).isTrue();
      long heldNanos = clock.nowNanos();
      pass(clock, 10);
      assertThat(clock.nowNanos()).isEqualTo(heldNanos);
      assertThat(told).isEmpty();
      clock.canaryAnswered();
      clock.canaryAnswered();
      assertThat(told.poll(10, TimeUnit.SECONDS))
          .isEqualTo(new Stall(Why.STOOD_STILL, (9_000 - 20 + 10) * MS, 0));
      assertThat(clock.held()).isFalse();
      assertThat(clock.frozenNanos()).isEqualTo((9_000 - 20 + 10) * MS);
      pass(clock, 10);
      assertThat(clock.nowNanos()).isEqualTo(heldNanos + 10 * MS);
    }
    assertThat(told).isEmpty();
  }

  @Test
  void aCanaryThatLeftIsNotWaitedFor() throws InterruptedException {
    try (LivenessClock clock = clock().start()) {
      tick(clock);
      clock.canaryAnswered();
      clock.canaryAnswered();
      tick(clock);
      wallMs.addAndGet(-3_600_000);
      await(clock::held);
      clock.canaryLeft();
      assertThat(told.poll(10, TimeUnit.SECONDS))
          .isEqualTo(new Stall(Why.SUSPENDED, 0, -3_600_000));
      clock.canaryAnswered();
      clock.canaryAnswered();
      pass(clock, 9_000);
      assertThat(clock.held()).isFalse();
    }
  }

  @Test
  void aListenerThatThrowsDoesNotStopTime() {
    LivenessClock clock =
        new LivenessClock(
            nanos::get,
            InstantSource.system(),
            new StallSettings(500, 2_000, 60_000),
            _ -> {
              throw new IllegalStateException("on purpose");
            });
    try (clock) {
      clock.start();
      tick(clock);
      pass(clock, 1_000);
      long nowNanos = clock.nowNanos();
      pass(clock, 10);
      assertThat(clock.nowNanos()).isEqualTo(nowNanos + 10 * MS);
    }
  }
}
