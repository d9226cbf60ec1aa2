package io.heartbus.loadtest;

import io.heartbus.loadtest.Measured.MessageCounts;

/**
 * The messages of one kind in a run: how many there should be, how many came and how long they
 * took. Written by the fleet's thread only. Times are nanoseconds since the run began.
 */
final class Flow {
  private static final long QUIET_NANOS = 200_000_000;

  private final String name;
  private final LatencyRecorder latency = new LatencyRecorder();
  private long sent;
  private long expected;
  private long received;
  private long dropped;
  private long lost;
  private long miscounted;
  private long duplicated;
  private long reordered;
  private long corrupted;
  private long unsent;
  private long creditStalls;
  private long receivedNanos;
  private long sentInSpan;
  private long receivedInSpan;

  Flow(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  /** A message has left. */
  void sent() {
    sent++;
  }

  /** So many arrivals are to be expected. */
  void expect(long arrivals) {
    expected += arrivals;
  }

  /** A message came in that had not come before, and was meant to leave then. */
  void received(long intendedNanos, long nowNanos) {
    received++;
    receivedNanos = nowNanos;
    latency.record(nowNanos - intendedNanos);
  }

  /** It came behind some that had left after it. */
  void reordered() {
    reordered++;
  }

  /** A message came in once more. */
  void duplicated() {
    duplicated++;
  }

  /** What came in is no message of this run to that receiver, or not as it was sent. */
  void corrupted() {
    corrupted++;
  }

  /** The server said that it left out so many. */
  void dropped(long messages) {
    dropped += messages;
  }

  /** A message waits for credit. */
  void stalled() {
    creditStalls++;
  }

  /** So many more (or fewer) messages were due and have not left. */
  void unsentChanged(long by) {
    unsent += by;
  }

  /**
   * One receiver's account is closed.
   *
   * @param neverCame how many neither came nor were told of as dropped
   * @param cameAfterAll how many were told of as dropped beyond those that are missing
   */
  void accounted(long neverCame, long cameAfterAll) {
    lost += neverCame;
    miscounted += cameAfterAll;
  }

  /** The span is over: rates are those until now. */
  void spanEnded() {
    sentInSpan = sent;
    receivedInSpan = received;
  }

  /**
   * How many messages are still to come, or to leave. What was dropped or corrupted may have been
   * none of those that are expected; then it takes some quiet until there are none to come.
   */
  long owed(long nowNanos) {
    long owed = unsent + Math.max(0, expected - received - dropped - corrupted - lost);
    boolean sure = dropped + corrupted == 0 || nowNanos - receivedNanos >= QUIET_NANOS;
    return owed == 0 && !sure ? 1 : owed;
  }

  long sentCount() {
    return sent;
  }

  long receivedCount() {
    return received;
  }

  LatencyRecorder latency() {
    return latency;
  }

  /** Whether this run has such messages. */
  boolean any() {
    return sent + expected + unsent > 0;
  }

  /** All of it; the span lasted that long. */
  MessageCounts counts(double seconds) {
    return new MessageCounts(
        sent,
        received,
        lost,
        seconds > 0 ? sentInSpan / seconds : 0,
        seconds > 0 ? receivedInSpan / seconds : 0,
        expected,
        dropped,
        miscounted,
        duplicated,
        reordered,
        corrupted,
        unsent,
        creditStalls,
        latency.latencies());
  }
}
