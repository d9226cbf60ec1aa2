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
 * @param detection what the scenario detect measured; null in any other
 * @param storm what the scenario storm measured; null in any other
 */
record Measured(
    double seconds,
    boolean interrupted,
    Nodes nodes,
    Connect connect,
    Heartbeats heartbeats,
    Messages messages,
    Channels channels,
    List<Phase> phases,
    Generator generator,
    Map<String, Long> notices,
    @Nullable DetectionFigures detection,
    @Nullable StormFigures storm) {

  /** The same, with what the scenario detect measured besides. */
  Measured with(DetectionFigures figures) {
    return with(figures, null);
  }

  /** The same, with what the scenario storm measured besides. */
  Measured with(StormFigures figures) {
    return with(null, figures);
  }

  private Measured with(@Nullable DetectionFigures detected, @Nullable StormFigures stormed) {
    return new Measured(
        seconds,
        interrupted,
        nodes,
        connect,
        heartbeats,
        messages,
        channels,
        phases,
        generator,
        notices,
        detected,
        stormed);
  }

  /**
   * How the nodes fared.
   *
   * @param connected were let in at least once
   * @param failed were never let in
   * @param lost sessions that ended without the node's wish
   * @param exodus when most of those ended at once; null when they did not
   */
  record Nodes(
      int requested,
      int connected,
      int failed,
      int lost,
      Map<String, Long> refusals,
      Map<String, Long> losses,
      @Nullable Exodus exodus) {}

  /** Sessions that the server ended at once, of those that there were. */
  record Exodus(double atSeconds, int ended, int of) {}

  /**
   * How the nodes came in; latencies from the intended connect to the answer to REGISTER, retries
   * included.
   *
   * @param seconds until the last node that came in was in
   * @param busy how often the server answered SERVER_BUSY
   */
  record Connect(double seconds, double perSecond, long busy, @JsonUnwrapped Latencies latencies) {}

  /**
   * The beats of ramp and hold; latencies from the intended beat to its answer.
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

  /**
   * The messages of the whole run, and those of each kind: echoes, those to members of topics, and
   * those to members that are slow on purpose. The latencies of the last are not among those of
   * all.
   *
   * @param seconds for how long messages were due
   */
  record Messages(double seconds, @JsonUnwrapped MessageCounts counts, List<MessageFlow> flows) {
    /** The messages of that kind; null when there were none. */
    @Nullable MessageCounts flow(String name) {
      return flows.stream()
          .filter(flow -> flow.name().equals(name))
          .map(MessageFlow::counts)
          .findFirst()
          .orElse(null);
    }
  }

  /** The messages of one kind. */
  record MessageFlow(String name, @JsonUnwrapped MessageCounts counts) {}

  /**
   * How messages fared, by the sequence numbers in them. Of what was expected, everything was
   * received, lost, dropped or corrupted. Latencies from the intended time to the receipt, null
   * where nothing comes back.
   *
   * @param received different ones that came in as they were sent
   * @param lost did not come, and the server did not say so
   * @param perSecond sent while messages were due
   * @param receivedPerSecond received while messages were due
   * @param expected how often a message should have come in: once for each of its receivers
   * @param dropped did not come, and the server said so (DROPPED)
   * @param miscounted how many more the server told as dropped than did not come
   * @param duplicated came in again
   * @param reordered came in behind some that had left after them
   * @param corrupted not as they were sent, or not meant for that receiver
   * @param unsent were due and never left, because the credit for them never came
   * @param creditStalls how often a channel had a message to send and not the credit for it
   */
  record MessageCounts(
      long sent,
      long received,
      long lost,
      double perSecond,
      double receivedPerSecond,
      long expected,
      long dropped,
      long miscounted,
      long duplicated,
      long reordered,
      long corrupted,
      long unsent,
      long creditStalls,
      @JsonUnwrapped Latencies latencies) {

    /** Messages on the default channel, which nothing answers. */
    static MessageCounts plain(long sent, long received, double seconds) {
      double perSecond = seconds > 0 ? sent / seconds : 0;
      double receivedPerSecond = seconds > 0 ? received / seconds : 0;
      return new MessageCounts(
          sent, received, 0, perSecond, receivedPerSecond, 0, 0, 0, 0, 0, 0, 0, 0, Latencies.NONE);
    }

    /** The sums of both, without latencies. */
    MessageCounts plus(MessageCounts other) {
      return new MessageCounts(
          sent + other.sent,
          received + other.received,
          lost + other.lost,
          perSecond + other.perSecond,
          receivedPerSecond + other.receivedPerSecond,
          expected + other.expected,
          dropped + other.dropped,
          miscounted + other.miscounted,
          duplicated + other.duplicated,
          reordered + other.reordered,
          corrupted + other.corrupted,
          unsent + other.unsent,
          creditStalls + other.creditStalls,
          Latencies.NONE);
    }

    /** The same with those latencies. */
    MessageCounts with(Latencies others) {
      return new MessageCounts(
          sent,
          received,
          lost,
          perSecond,
          receivedPerSecond,
          expected,
          dropped,
          miscounted,
          duplicated,
          reordered,
          corrupted,
          unsent,
          creditStalls,
          others);
    }
  }

  /**
   * The channels that nodes opened for messages.
   *
   * @param stuck of those that were to be stuck for ever, how many were at the end
   * @param lost were refused, or closed by the server
   */
  record Channels(long opened, long stuck, long lost, Map<String, Long> losses) {}

  /**
   * The beats that were meant to leave in one phase of the run, and what it cost the generator. The
   * beats of the cool-down are in no other figure.
   */
  record Phase(
      String name,
      double fromSeconds,
      double toSeconds,
      double seconds,
      long sent,
      long acked,
      long late,
      double perSecond,
      double cpuSeconds,
      @JsonUnwrapped Latencies latencies) {

    /** The same, so much later. */
    Phase later(double offsetSeconds) {
      return new Phase(
          name,
          fromSeconds + offsetSeconds,
          toSeconds + offsetSeconds,
          seconds,
          sent,
          acked,
          late,
          perSecond,
          cpuSeconds,
          latencies);
    }

    /** Both together, from the begin of the earlier to the end of the later one. */
    Phase plus(Phase other) {
      double from = Math.min(fromSeconds, other.fromSeconds);
      double to = Math.max(toSeconds, other.toSeconds);
      return new Phase(
          name,
          from,
          to,
          to - from,
          sent + other.sent,
          acked + other.acked,
          late + other.late,
          to > from ? (sent + other.sent) / (to - from) : 0,
          cpuSeconds + other.cpuSeconds,
          latencies.worst(other.latencies));
    }
  }

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
