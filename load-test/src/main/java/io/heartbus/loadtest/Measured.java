package io.heartbus.loadtest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.heartbus.loadtest.LatencyRecorder.Latencies;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run measured, in the shape and with the names of the JSON report: a public contract.
 * Immutable.
 *
 * @param seconds from the first intended connect to the end of measuring
 * @param interrupted whether the run was stopped before its end
 * @param notices remarks of the server that ended no connection, and how often each came
 */
record Measured(
    double seconds,
    boolean interrupted,
    Nodes nodes,
    Connect connect,
    Heartbeats heartbeats,
    Messages messages,
    List<Phase> phases,
    Generator generator,
    Map<String, Long> notices) {

  /**
   * How the nodes fared.
   *
   * @param connected were let in at least once
   * @param failed were never let in
   * @param lost sessions that ended without the node's wish
   */
  record Nodes(
      int requested,
      int connected,
      int failed,
      int lost,
      Map<String, Long> refusals,
      Map<String, Long> losses) {}

  /**
   * How the nodes came in; latencies from the intended connect to the answer to REGISTER, retries
   * included.
   *
   * @param seconds until the last node that came in was in
   * @param busy how often the server answered SERVER_BUSY
   */
  record Connect(double seconds, double perSecond, long busy, @JsonUnwrapped Latencies latencies) {}

  /**
   * The beats of the whole run; latencies from the intended beat to its answer.
   *
   * @param acked have their answer, or are covered by a later one as the server announced
   * @param late were answered after more than half an interval
   * @param missing should have been answered and were not
   * @param stray answers that belong to no beat
   * @param pace what the server asked of the nodes; null when it let none in
   */
  record Heartbeats(
      long sent,
      long acked,
      long late,
      long missing,
      long stray,
      @Nullable Pace pace,
      @JsonUnwrapped Latencies latencies) {}

  /**
   * The intervals that the server set.
   *
   * @param unanswered whether the server said that it answers no beats
   */
  record Pace(long intervalMsMin, long intervalMsMax, boolean unanswered) {}

  /** Messages on the default channel; their latencies are null because nothing answers them. */
  record Messages(
      long sent, long received, long lost, double perSecond, @JsonUnwrapped Latencies latencies) {}

  /** The beats that were meant to leave in one phase of the run, and what it cost the generator. */
  record Phase(
      String name,
      double seconds,
      long sent,
      long acked,
      long late,
      double perSecond,
      double cpuSeconds,
      @JsonUnwrapped Latencies latencies) {}

  /**
   * What the load tester itself cost, and how punctual it was.
   *
   * @param lagP99Ms how late beats and connects left, after their intended time
   * @param rssBytes resident memory at the end of measuring; null where the system does not tell
   */
  record Generator(
      @Nullable Double lagP99Ms,
      @Nullable Double lagMaxMs,
      @Nullable Long rssBytes,
      double cpuSeconds) {}
}
