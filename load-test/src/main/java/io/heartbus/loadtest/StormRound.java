package io.heartbus.loadtest;

import org.jspecify.annotations.Nullable;

/**
 * The account of one storm: who was dropped at one moment, and when they were back. A pure
 * judgement. Owned by the fleet's thread; times are nanoseconds since the run began.
 */
final class StormRound {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  /** Shorter than a storm, longer than the noise of one. */
  private static final long PEAK_WINDOW_NANOS = 100_000_000;

  private static final long NEVER = Long.MAX_VALUE;

  private final long beganNanos;

  /** How long after the drop, in order, as far as {@link #back} goes. */
  private final long[] backNanos;

  private final Tally failures = new Tally();
  private final LatencyRecorder beats = new LatencyRecorder();
  private int back;
  private int failed;
  private long busy;
  private long beatsAnswered;
  private long endNanos = NEVER;

  /** So many nodes are dropped now. */
  StormRound(int dropped, long nowNanos) {
    this.backNanos = new long[dropped];
    this.beganNanos = nowNanos;
  }

  /** One of them is in again. */
  void back(long nowNanos) {
    if (back < backNanos.length) {
      backNanos[back++] = nowNanos - beganNanos;
    }
    settle(nowNanos);
  }

  /** A handshake came to nothing; {@code forGood} says that the node does not try again. */
  void failed(String reason, boolean forGood, long nowNanos) {
    failures.add(reason);
    failed += forGood ? 1 : 0;
    settle(nowNanos);
  }

  /** A handshake was put off. */
  void busy() {
    busy++;
  }

  /** A beat of an untouched node has its answer. */
  void beatAnswered(long intendedNanos, long nowNanos) {
    if (intendedNanos >= beganNanos && intendedNanos <= endNanos) {
      beatsAnswered++;
      beats.record(nowNanos - intendedNanos);
    }
  }

  /** Whether all are back, or have given up. */
  boolean over() {
    return endNanos != NEVER;
  }

  /** When that came about. */
  long endNanos() {
    return endNanos;
  }

  /** All of it, as numbers that no longer move. */
  StormFigures.Round figures() {
    return new StormFigures.Round(
        backNanos.length,
        back,
        failures.counts(),
        busy,
        reachedMs(0.5),
        reachedMs(0.9),
        reachedMs(0.99),
        reachedMs(0.999),
        reachedMs(1),
        back == 0 ? 0 : back * NANOS_PER_SECOND / Math.max(1, backNanos[back - 1]),
        peakPerSecond(),
        beatsAnswered,
        beats.latencies());
  }

  private void settle(long nowNanos) {
    if (back + failed == backNanos.length && endNanos == NEVER) {
      endNanos = nowNanos;
    }
  }

  private @Nullable Double reachedMs(double share) {
    int count = (int) Math.ceil(backNanos.length * share);
    return count == 0 || count > back ? null : backNanos[count - 1] / NANOS_PER_MILLI;
  }

  private double peakPerSecond() {
    int most = 0;
    int from = 0;
    for (int to = 0; to < back; to++) {
      while (backNanos[to] - backNanos[from] >= PEAK_WINDOW_NANOS) {
        from++;
      }
      most = Math.max(most, to - from + 1);
    }
    return most * NANOS_PER_SECOND / PEAK_WINDOW_NANOS;
  }
}
