package io.heartbus.client;

import java.util.random.RandomGenerator;

/**
 * When a node beats, probes and gives up: the clock of SPEC §3 on the node's side. Pure: it is
 * handed the times; belongs to one thread.
 *
 * <p>The first beat comes after the phase that the server drew, each further one after the interval
 * ±10 %, counted from the last frame that left, whichever that was. Silence of half the timeout
 * asks for one PING; the whole timeout, and at least half of one after that PING, ends the
 * connection. The second condition spares a connection whose answers waited unread while this
 * process was stopped.
 */
final class HeartbeatPacer {
  /** What is due now. */
  enum Action {
    NONE,
    BEAT,
    PING,
    GIVE_UP
  }

  private static final double JITTER = 0.1;

  private final RandomGenerator random;
  private long intervalNanos;
  private long timeoutNanos;
  // The beat timer: due at timerNanos + waitNanos, stopped while a beat is on its way out.
  private long timerNanos;
  private long waitNanos;
  private boolean beatLeaving;
  private boolean pinged;
  private long pingNanos;
  // What binds from the next beat on; 0 = nothing new.
  private long nextIntervalNanos;
  private long nextTimeoutNanos;

  HeartbeatPacer(
      long intervalNanos,
      long timeoutNanos,
      long phaseNanos,
      long nowNanos,
      RandomGenerator random) {
    this.intervalNanos = intervalNanos;
    this.timeoutNanos = timeoutNanos;
    this.timerNanos = nowNanos;
    this.waitNanos = phaseNanos;
    this.random = random;
  }

  /**
   * Decides, and takes for granted that it is done: asking again gives the next thing.
   *
   * @param heardNanos when the last complete frame came in
   * @param sentNanos when the last complete frame had left
   */
  Action act(long heardNanos, long sentNanos, long nowNanos) {
    noteSent(sentNanos);
    long silenceNanos = nowNanos - heardNanos;
    if (pinged && heardNanos - pingNanos >= 0) {
      pinged = false;
    }
    if (pinged && silenceNanos >= timeoutNanos && nowNanos - pingNanos >= timeoutNanos / 2) {
      return Action.GIVE_UP;
    }
    if (!pinged && silenceNanos >= timeoutNanos / 2) {
      pinged = true;
      pingNanos = nowNanos;
      return Action.PING;
    }
    if (!beatLeaving && nowNanos - timerNanos >= waitNanos) {
      beat(nowNanos);
      return Action.BEAT;
    }
    return Action.NONE;
  }

  /** How long until {@link #act} may have something to say, if nothing comes in or goes out. */
  long restNanos(long heardNanos, long nowNanos) {
    long untilSilence =
        pinged
            ? Math.max(
                heardNanos + timeoutNanos - nowNanos, pingNanos + timeoutNanos / 2 - nowNanos)
            : heardNanos + timeoutNanos / 2 - nowNanos;
    // Nobody says when a beat has left: look again when the next one may be due if it left at once.
    long untilBeat =
        beatLeaving
            ? Math.max(intervalNanos / 10, timerNanos + shortest(intervalNanos) - nowNanos)
            : timerNanos + waitNanos - nowNanos;
    return Math.max(0, Math.min(untilSilence, untilBeat));
  }

  /**
   * The server wants another pace. It binds from the next beat on, which is brought forward when
   * the new interval is shorter; until then the longer timeout holds.
   */
  void retune(long newIntervalNanos, long newTimeoutNanos) {
    nextIntervalNanos = newIntervalNanos;
    nextTimeoutNanos = newTimeoutNanos;
    timeoutNanos = Math.max(timeoutNanos, newTimeoutNanos);
    waitNanos = Math.min(waitNanos, jittered(newIntervalNanos));
  }

  private void noteSent(long sentNanos) {
    boolean later = sentNanos - timerNanos > 0;
    if (later || (beatLeaving && sentNanos == timerNanos)) {
      timerNanos = sentNanos;
      waitNanos = jittered(intervalNanos);
      beatLeaving = false;
    }
  }

  private void beat(long nowNanos) {
    if (nextIntervalNanos != 0) {
      intervalNanos = nextIntervalNanos;
      timeoutNanos = nextTimeoutNanos;
      nextIntervalNanos = 0;
    }
    beatLeaving = true;
    timerNanos = nowNanos;
  }

  private static long shortest(long nanos) {
    return (long) (nanos * (1 - JITTER));
  }

  private long jittered(long nanos) {
    return (long) (nanos * (1 - JITTER + 2 * JITTER * random.nextDouble()));
  }
}
