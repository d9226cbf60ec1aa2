package io.heartbus.loadtest;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The beats of one connection: when the next one is meant to leave, and which answer belongs to
 * which. An open loop: the next beat follows from the intended time of the last one, whatever the
 * server does. Owned by the fleet's thread; times are nanoseconds since the run began.
 */
final class Heart {
  /** Beats spread by this share of the interval to either side, so that a fleet does not march. */
  static final double JITTER = 0.1;

  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long NANOS_PER_MICRO = 1_000;

  /** Somebody who has an account of some beats for itself. */
  interface Follower {
    /** A beat that was meant to leave then has its answer now. */
    void answered(long intendedNanos, long nowNanos);
  }

  private final Measurements measurements;
  private final BeatBook beats;
  private final @Nullable Follower follower;
  private final RandomGenerator random;
  private final BeatLedger ledger = new BeatLedger();
  private final boolean stats;
  private final int ackEvery;
  private long intervalNanos;
  private long timeoutNanos;
  private long nextBeatNanos;
  private long lastSentNanos;
  private long lastRttMicros = Wire.NO_ROUND_TRIP;
  private int owed;

  /** Begins to beat on the terms of that answer. */
  Heart(
      Frame.Registered answer,
      Measurements measurements,
      @Nullable Follower follower,
      RandomGenerator random,
      long nowNanos) {
    this.measurements = measurements;
    this.beats = measurements.beats();
    this.follower = follower;
    this.random = random;
    this.stats = (answer.capabilities() & Wire.CAPABILITY_HEARTBEAT_STATS) != 0;
    this.ackEvery = answer.heartbeatAckEvery();
    this.nextBeatNanos = nowNanos + answer.heartbeatPhaseMs() * NANOS_PER_MILLI;
    pace(answer.pace());
  }

  /** When the next beat is meant to leave. */
  long dueNanos() {
    return nextBeatNanos;
  }

  /** Beats that were due while nobody beat are left out. */
  void resume(long nowNanos) {
    nextBeatNanos = Math.max(nextBeatNanos, nowNanos);
  }

  /** The silence after which either side gives the other up. */
  long timeoutNanos() {
    return timeoutNanos;
  }

  /** The beat that is due, to be sent at once. */
  Frame.HeartbeatRequest beat(long nowNanos) {
    long intended = nextBeatNanos;
    nextBeatNanos += (long) (intervalNanos * (1 - JITTER + 2 * JITTER * random.nextDouble()));
    measurements.done(intended, nowNanos);
    beats.sent(intended);
    if (ledger.full()) {
      ledger.take();
      beats.missing(1);
    }
    long seq = ledger.sent(intended);
    if (ackEvery == 0) {
      ledger.clear();
    }
    settle();
    long rttMicros = lastRttMicros;
    lastRttMicros = Wire.NO_ROUND_TRIP;
    lastSentNanos = nowNanos;
    return stats
        ? new Frame.HeartbeatRequest(new Frame.Stats(seq, rttMicros))
        : Frame.HeartbeatRequest.PLAIN;
  }

  /** An answer came in. */
  void answered(Frame.HeartbeatResponse answer, long nowNanos) {
    Frame.Pace retune = answer.retune();
    if (retune != null) {
      pace(retune);
    }
    if (ackEvery == 0) {
      // Nothing waits for this one: the server only had something to say.
      return;
    }
    Frame.Stats echo = answer.echo();
    // An answer without a number belongs to the oldest beat that can have one.
    long seq =
        stats && echo != null
            ? echo.seq()
            : Math.min(ledger.sentSeq(), ledger.oldestSeq() + ackEvery - 1);
    if (seq < ledger.oldestSeq() || seq > ledger.sentSeq()) {
      beats.stray();
      return;
    }
    take(seq, nowNanos);
    settle();
  }

  /** The connection is over; {@code againstWish} says that the answers to come are missing. */
  void stop(boolean againstWish) {
    if (againstWish) {
      beats.missing(owed);
    }
    ledger.clear();
    settle();
  }

  private void take(long seq, long nowNanos) {
    while (ledger.oldestSeq() < seq) {
      boolean covered = seq - ledger.oldestSeq() < ackEvery;
      long intended = ledger.take();
      if (covered) {
        beats.covered(intended);
      } else {
        beats.missing(1);
      }
    }
    if (seq == ledger.sentSeq()) {
      long micros = (nowNanos - lastSentNanos) / NANOS_PER_MICRO;
      lastRttMicros = Math.min(micros, Wire.NO_ROUND_TRIP - 1);
    }
    long intended = ledger.take();
    beats.answered(intended, nowNanos, intervalNanos / 2);
    if (follower != null) {
      follower.answered(intended, nowNanos);
    }
  }

  private void pace(Frame.Pace pace) {
    intervalNanos = Math.max(1, pace.intervalMs()) * NANOS_PER_MILLI;
    timeoutNanos = pace.timeoutMs() * NANOS_PER_MILLI;
    beats.paced(pace, ackEvery);
  }

  private void settle() {
    int now = ledger.owed(ackEvery);
    beats.owedChanged(now - owed);
    owed = now;
  }
}
