package io.heartbus.loadtest.series;

import org.HdrHistogram.Histogram;

/**
 * What happened between two looks at a run. Times are nanoseconds since the run began. Whoever is
 * handed one owns its histograms, which hold microseconds.
 *
 * @param phase in which it ended
 * @param nodesWanted how many nodes the run has
 * @param nodesIn how many were in at its end
 * @param nodesFailed how many were never let in, until its end
 * @param nodesLost how many sessions were lost, until its end
 * @param connects nodes that were let in
 * @param errors nodes that were lost, or will not come in any more
 * @param lagMaxNanos how late the latest of the load tester's own acts was
 */
public record Tick(
    long fromNanos,
    long toNanos,
    String phase,
    int nodesWanted,
    int nodesIn,
    int nodesFailed,
    int nodesLost,
    long connects,
    long beatsSent,
    long beatsAnswered,
    long messagesSent,
    long messagesReceived,
    long errors,
    Histogram connectMicros,
    Histogram beatMicros,
    Histogram messageMicros,
    long lagMaxNanos) {

  private static final double NANOS_PER_SECOND = 1e9;

  /** How long it was. */
  public double seconds() {
    return (toNanos - fromNanos) / NANOS_PER_SECOND;
  }

  /** When it ended. */
  public double atSeconds() {
    return toNanos / NANOS_PER_SECOND;
  }
}
