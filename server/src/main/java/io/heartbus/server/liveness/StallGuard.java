package io.heartbus.server.liveness;

import io.heartbus.server.liveness.Stall.Why;
import org.jspecify.annotations.Nullable;

/**
 * Turns the monotonic clock into liveness time, which stands still while this server cannot listen.
 * A stop of the whole process (a collection, SIGSTOP, a frozen virtual machine) says nothing about
 * nodes: their beats wait in the kernel. So no call lets more than a step pass, and after a stop, a
 * suspend or a canary without answers time stands until the canary has been well again: what piled
 * up has been read by then. The idea is Cassandra's pause detection, made continuous.
 *
 * <p>How long time may stand for want of that evidence is bounded: {@code freeze-max}, and as much
 * again only after as much time has passed. When it is used up the canary counts for nothing until
 * it is well.
 *
 * <p>Pure; not thread-safe: the clock's thread owns it.
 */
final class StallGuard {
  /** How far the wall clock and the monotonic one may move apart within a call. */
  static final long DRIFT_MS_MAX = 2_000;

  private static final long NANOS_PER_MS = 1_000_000;

  /** More of the last five minutes lost than this makes the server one to avoid. */
  private static final long LOST_NANOS_MAX = LostTime.WINDOW_NANOS / 5;

  private final CanaryHealth canary;
  private final LostTime lostTime;
  private final long gapNanosMax;
  private final long freezeNanosMax;
  private long lastNanos;

  /** From when on time passes towards the next call: the last one, or somewhat later. */
  private long fromNanos;

  /** How far the last call moved time. */
  private long stepNanos;

  private long lastWallMs;
  private long livenessNanos = LivenessClock.STALE_NANOS;
  private long frozenNanos;
  private long ticks;

  /** How long time may still stand for want of evidence. */
  private long patienceNanos;

  private boolean frozen;

  /** What the stall under way began with; null when there is none. */
  private @Nullable Why why;

  private long stallNanos;
  private long stallDriftMs;

  /** A guard whose time starts at one step, so that zero can stand for never. */
  StallGuard(StallSettings settings, long nowNanos, long wallMs) {
    canary =
        new CanaryHealth(
            LivenessClock.CANARY_BEAT_NANOS + settings.canaryTimeoutMs() * NANOS_PER_MS);
    lostTime = new LostTime(nowNanos);
    gapNanosMax = settings.gapMs() * NANOS_PER_MS;
    freezeNanosMax = settings.freezeMsMax() * NANOS_PER_MS;
    patienceNanos = freezeNanosMax;
    lastNanos = nowNanos;
    fromNanos = nowNanos;
    lastWallMs = wallMs;
  }

  /**
   * Accounts for the time since the last call. A frame that comes in between is stamped with the
   * earlier one, so the step is also how much older than true a stamp can be.
   *
   * @param wallMs decides nothing about silence; it only tells a suspend
   * @param canaryAnswers how many beats of the canary were answered in time so far; 0 when there is
   *     none
   * @return the stall that ended with this call; null mostly
   */
  @Nullable Stall advance(long nowNanos, long wallMs, long canaryAnswers) {
    long gapNanos = nowNanos - lastNanos;
    long driftMs = wallMs - lastWallMs - gapNanos / NANOS_PER_MS;
    stepNanos = pass(Math.min(nowNanos - fromNanos, LivenessClock.STALE_NANOS));
    fromNanos = nowNanos;
    lastNanos = nowNanos;
    lastWallMs = wallMs;
    ticks++;
    long lostNanos = gapNanos - stepNanos;
    frozenNanos += lostNanos;
    lostTime.add(nowNanos, lostNanos);
    canary.note(nowNanos, canaryAnswers);
    Why trouble = trouble(gapNanos, driftMs);
    if (trouble != null) {
      canary.doubt();
      begin(trouble, driftMs);
    }
    if (why == null) {
      return null;
    }
    stallNanos += lostNanos;
    if (patienceNanos <= 0) {
      canary.distrust();
    }
    frozen = canary.awaited();
    return frozen ? null : end(why);
  }

  /** Lets time pass, unless it stands. Returns how much did. */
  private long pass(long stepNanos) {
    long heldNanos = frozen ? Math.min(stepNanos, patienceNanos) : 0;
    patienceNanos =
        frozen ? patienceNanos - heldNanos : Math.min(freezeNanosMax, patienceNanos + stepNanos);
    livenessNanos += stepNanos - heldNanos;
    return stepNanos - heldNanos;
  }

  private @Nullable Why trouble(long gapNanos, long driftMs) {
    if (gapNanos > gapNanosMax) {
      return Why.STOOD_STILL;
    }
    if (driftMs > DRIFT_MS_MAX || driftMs < -DRIFT_MS_MAX) {
      return Why.SUSPENDED;
    }
    return canary.unanswered(lastNanos) ? Why.CANARY_UNANSWERED : null;
  }

  /** One stall is under way at a time: what comes on top of it makes it longer. */
  private void begin(Why trouble, long driftMs) {
    if (why == null) {
      why = trouble;
      stallNanos = 0;
      stallDriftMs = trouble == Why.SUSPENDED ? driftMs : 0;
    }
  }

  private Stall end(Why began) {
    why = null;
    return new Stall(began, stallNanos, stallDriftMs);
  }

  /**
   * The time that the last call made can be read from now on; a frame that came since was stamped
   * with the one before. What that adds to the step beyond a stamp's age at most is not made up.
   */
  void shown(long nowNanos) {
    long excessNanos = stepNanos + (nowNanos - lastNanos) - LivenessClock.STALE_NANOS;
    if (excessNanos > 0) {
      fromNanos = lastNanos + excessNanos;
    }
  }

  /** Nanoseconds of liveness time since the start. */
  long livenessNanos() {
    return livenessNanos;
  }

  /** How often it was called. */
  long ticks() {
    return ticks;
  }

  /** Nanoseconds that did not count. */
  long frozenNanos() {
    return frozenNanos;
  }

  /** Whether time stands now, or did for more than a fifth of the last five minutes. */
  boolean held() {
    return frozen || lostTime.sumNanos() > LOST_NANOS_MAX;
  }
}
