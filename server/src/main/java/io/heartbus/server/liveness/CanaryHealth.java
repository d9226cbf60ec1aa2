package io.heartbus.server.liveness;

/**
 * What the answers to the canary's beats say about this server. A canary that never had enough of
 * them says nothing: it may not have come in yet, or cannot.
 *
 * <p>Pure; not thread-safe: the clock's thread owns it.
 */
final class CanaryHealth {
  /** So many answers in time, one after the other, are evidence that the server is well. */
  private static final long EVIDENCE_ANSWERS = 2;

  private final long silenceNanosMax;
  private long answers;
  private long answeredNanos;

  /** How many answers came since there was doubt. */
  private long evidence;

  private boolean trusted;

  /**
   * A canary that has not been heard of.
   *
   * @param silenceNanosMax how long after an answer the next one may take
   */
  CanaryHealth(long silenceNanosMax) {
    this.silenceNanosMax = silenceNanosMax;
  }

  /**
   * Takes note of the answers so far.
   *
   * @param answersSoFar 0 when there is no canary, or none any more
   */
  void note(long nowNanos, long answersSoFar) {
    if (answersSoFar == 0) {
      distrust();
    } else if (answersSoFar != answers) {
      evidence += answersSoFar - answers;
      answeredNanos = nowNanos;
      trusted |= proven();
    } else if (silent(nowNanos)) {
      evidence = 0;
    }
    answers = answersSoFar;
  }

  /** Whether the server leaves a canary without an answer that once had them. */
  boolean unanswered(long nowNanos) {
    return trusted && silent(nowNanos);
  }

  private boolean silent(long nowNanos) {
    return nowNanos - answeredNanos > silenceNanosMax;
  }

  /** From now on evidence has to be new. */
  void doubt() {
    evidence = 0;
  }

  /** Nothing is made of its silence until it has enough answers again. */
  void distrust() {
    trusted = false;
    evidence = 0;
  }

  /** Whether there is a canary to wait for, and not enough evidence yet. */
  boolean awaited() {
    return trusted && !proven();
  }

  private boolean proven() {
    return evidence >= EVIDENCE_ANSWERS;
  }
}
