package io.heartbus.loadtest;

import io.heartbus.loadtest.LatencyRecorder.Latencies;
import io.heartbus.loadtest.Measured.Connect;
import io.heartbus.loadtest.Measured.Generator;
import io.heartbus.loadtest.Measured.Heartbeats;
import io.heartbus.loadtest.Measured.Nodes;
import io.heartbus.loadtest.Measured.Pace;
import io.heartbus.loadtest.Measured.Phase;
import io.heartbus.protocol.Frame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The counters and histograms of a run. Written by the fleet's thread only. Times are nanoseconds
 * since the run began.
 */
final class Measurements {
  private static final double NANOS_PER_SECOND = 1e9;

  /** The beats that were meant to leave in one stage. */
  private static final class Beats {
    private final LatencyRecorder latency = new LatencyRecorder();
    private long sent;
    private long acked;
    private long late;
    private long cpuNanos;
  }

  /** How a run ended, and what the process had cost by then; see {@link Machine}. */
  record End(boolean interrupted, long cpuNanos, @Nullable Long rssBytes) {}

  private final int nodes;
  private final long cpuNanosAtStart;
  private final LatencyRecorder connect = new LatencyRecorder();
  private final LatencyRecorder answers = new LatencyRecorder();
  private final LatencyRecorder lag = new LatencyRecorder();
  private final Beats ramp = new Beats();
  private final Beats hold = new Beats();
  private final Tally refusals = new Tally();
  private final Tally losses = new Tally();
  private final Tally notices = new Tally();
  private final MessageBook messages = new MessageBook();
  private int connected;
  private int failed;
  private int lost;
  private long busyAnswers;
  private long lastEntryNanos;
  private long holdSinceNanos = Long.MAX_VALUE;
  private long owedBeats;
  private long missingBeats;
  private long strayAnswers;
  private boolean unansweredBeats;
  private boolean booksClosed;
  private long intervalMsMin = Long.MAX_VALUE;
  private long intervalMsMax;

  /** Nothing yet of a run of so many nodes; {@code cpuNanos} is what the process cost so far. */
  Measurements(int nodes, long cpuNanos) {
    this.nodes = nodes;
    this.cpuNanosAtStart = cpuNanos;
  }

  /** From here on beats count as those of the second phase. */
  void holdBegan(long nowNanos, long cpuNanos) {
    holdSinceNanos = nowNanos;
    ramp.cpuNanos = cpuNanos - cpuNanosAtStart;
  }

  /** Something that was due then is done now. */
  void done(long dueNanos, long nowNanos) {
    lag.record(nowNanos - dueNanos);
  }

  /** A node was let in; {@code first} says whether for the first time. */
  void entered(boolean first, long tookNanos, long nowNanos) {
    if (first) {
      connect.record(tookNanos);
      connected++;
      lastEntryNanos = nowNanos;
    }
  }

  void paced(Frame.Pace pace, int ackEvery) {
    intervalMsMin = Math.min(intervalMsMin, pace.intervalMs());
    intervalMsMax = Math.max(intervalMsMax, pace.intervalMs());
    unansweredBeats |= ackEvery == 0;
  }

  void busy() {
    busyAnswers++;
  }

  /** A node was not let in; {@code forGood} says whether it will not try again. */
  void refused(String reason, boolean forGood) {
    refusals.add(reason);
    if (forGood) {
      failed++;
    }
  }

  void lost(String reason) {
    losses.add(reason);
    lost++;
  }

  /** The server remarked on something that ended no connection. */
  void notice(String what) {
    notices.add(what);
  }

  void beatSent(long intendedNanos) {
    beats(intendedNanos).sent++;
  }

  /** A beat has its answer; the server may answer several beats at once. */
  void beatAnswered(long intendedNanos, long nowNanos, long lateNanos) {
    Beats beats = beats(intendedNanos);
    beats.acked++;
    beats.latency.record(nowNanos - intendedNanos);
    answers.record(nowNanos - intendedNanos);
    if (nowNanos - intendedNanos > lateNanos) {
      beats.late++;
    }
  }

  /** A beat is covered by the answer to a later one, as agreed with the server. */
  void beatCovered(long intendedNanos) {
    beats(intendedNanos).acked++;
  }

  /** Beats that should have an answer will never have one. */
  void beatsMissing(long count) {
    if (!booksClosed) {
      missingBeats += count;
    }
  }

  /** An answer came that belongs to no beat. */
  void strayAnswer() {
    strayAnswers++;
  }

  /** So many more (or fewer) answers are to come. */
  void owedChanged(int by) {
    owedBeats += by;
  }

  /**
   * The end of measuring: what happens to connections from here on is not counted.
   *
   * @param owedAreMissing whether answers that have not come by now count against the server
   */
  void closeBooks(boolean owedAreMissing) {
    if (owedAreMissing) {
      beatsMissing(owedBeats);
    }
    booksClosed = true;
  }

  /** The account of messages and channels. */
  MessageBook messages() {
    return messages;
  }

  int connected() {
    return connected;
  }

  long owedBeats() {
    return owedBeats;
  }

  private long beatsSent() {
    return ramp.sent + hold.sent;
  }

  /** How things are now. */
  Snapshot snapshot(long nowNanos, Stages.Stage stage, int live) {
    return new Snapshot(
        nowNanos,
        stage,
        nodes,
        live,
        failed,
        lost,
        beatsSent(),
        messages.sentCount(),
        messages.receivedCount(),
        answers.latencies(),
        messages.latencies(),
        lag.latencies());
  }

  /** The longest interval that the server asked any node to keep; 0 when it let none in. */
  long intervalMsMax() {
    return intervalMsMax;
  }

  /**
   * All of it, as numbers that no longer move.
   *
   * @param endNanos when the nodes stopped beating
   */
  Measured measured(long endNanos, End end) {
    long cpuNanos = end.cpuNanos() - cpuNanosAtStart;
    long holdBegan = Math.min(holdSinceNanos, endNanos);
    if (holdBegan == endNanos) {
      ramp.cpuNanos = cpuNanos;
    }
    hold.cpuNanos = cpuNanos - ramp.cpuNanos;
    double connectSeconds = lastEntryNanos / NANOS_PER_SECOND;
    double seconds = endNanos / NANOS_PER_SECOND;
    Latencies lags = lag.latencies();
    return new Measured(
        seconds,
        end.interrupted(),
        new Nodes(nodes, connected, failed, lost, refusals.counts(), losses.counts()),
        new Connect(
            connectSeconds, rate(connected, connectSeconds), busyAnswers, connect.latencies()),
        heartbeats(),
        messages.measured(seconds),
        messages.channels(),
        List.of(
            phase("ramp", ramp, holdBegan / NANOS_PER_SECOND),
            phase("hold", hold, (endNanos - holdBegan) / NANOS_PER_SECOND)),
        new Generator(lags.p99Ms(), lags.maxMs(), end.rssBytes(), cpuNanos / NANOS_PER_SECOND),
        notices.counts(),
        null,
        null);
  }

  private Heartbeats heartbeats() {
    return new Heartbeats(
        beatsSent(),
        ramp.acked + hold.acked,
        ramp.late + hold.late,
        missingBeats,
        strayAnswers,
        intervalMsMax == 0 ? null : new Pace(intervalMsMin, intervalMsMax, unansweredBeats),
        answers.latencies());
  }

  private static Phase phase(String name, Beats beats, double seconds) {
    return new Phase(
        name,
        seconds,
        beats.sent,
        beats.acked,
        beats.late,
        rate(beats.sent, seconds),
        beats.cpuNanos / NANOS_PER_SECOND,
        beats.latency.latencies());
  }

  private static double rate(long count, double seconds) {
    return seconds > 0 ? count / seconds : 0;
  }

  private Beats beats(long intendedNanos) {
    return intendedNanos < holdSinceNanos ? ramp : hold;
  }
}
