package io.heartbus.loadtest;

/**
 * The beats of one connection that still wait for their answer, with the times they were meant to
 * leave. Answers come in the order of the beats, so an answer covers all beats before it. Not
 * thread-safe. Times are nanoseconds since the run began.
 */
final class BeatLedger {
  /** How many are remembered; a server that is silent for longer loses the oldest. */
  static final int OUTSTANDING_MAX = 4096;

  private static final int FIRST_CAPACITY = 2;

  /** Ring of intended times; beat {@code seq} is at {@code seq & (length - 1)}. */
  private long[] intendedNanos = new long[FIRST_CAPACITY];

  private long sentSeq;
  private long coveredSeq;

  /** Enters the next beat. Returns its number; the first of a connection is 1. */
  long sent(long intended) {
    if (outstanding() == intendedNanos.length) {
      grow();
    }
    sentSeq++;
    intendedNanos[place(sentSeq)] = intended;
    return sentSeq;
  }

  /** Whether no further beat fits until {@link #take()} made room. */
  boolean full() {
    return outstanding() == OUTSTANDING_MAX;
  }

  /** The number of the newest beat; 0 when there was none. */
  long sentSeq() {
    return sentSeq;
  }

  /** The number of the oldest beat that waits; one more than the newest when none does. */
  long oldestSeq() {
    return coveredSeq + 1;
  }

  int outstanding() {
    return (int) (sentSeq - coveredSeq);
  }

  /**
   * How many of the waiting beats have an answer coming, when the server answers every {@code
   * ackEvery}-th; with 0 none has.
   */
  int owed(int ackEvery) {
    return ackEvery == 0 ? 0 : Math.max(0, outstanding() - (ackEvery - 1));
  }

  /** Takes the oldest waiting beat off the book and returns when it was meant to leave. */
  long take() {
    if (outstanding() == 0) {
      throw new IllegalStateException("no beat waits");
    }
    coveredSeq++;
    return intendedNanos[place(coveredSeq)];
  }

  /** Takes all off. */
  void clear() {
    coveredSeq = sentSeq;
  }

  private int place(long seq) {
    return (int) seq & (intendedNanos.length - 1);
  }

  private void grow() {
    if (full()) {
      throw new IllegalStateException("over " + OUTSTANDING_MAX + " beats wait");
    }
    long[] old = intendedNanos;
    intendedNanos = new long[2 * old.length];
    for (long seq = oldestSeq(); seq <= sentSeq; seq++) {
      intendedNanos[place(seq)] = old[(int) seq & (old.length - 1)];
    }
  }
}
