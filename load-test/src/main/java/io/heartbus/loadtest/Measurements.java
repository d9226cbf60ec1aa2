package io.heartbus.loadtest;

import io.heartbus.loadtest.LatencyRecorder.Latencies;
import io.heartbus.loadtest.Measured.Connect;
import io.heartbus.loadtest.Measured.Generator;
import io.heartbus.loadtest.Measured.Nodes;
import io.heartbus.loadtest.series.Tick;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The counters and histograms of a run. Written by the fleet's thread only. Times are nanoseconds
 * since the run began.
 */
final class Measurements {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final long NANOS_PER_MICRO = 1_000;

  /**
   * How a run ended, and what memory the process had by then; see {@link Machine}.
   *
   * @param doneNanos when the last node had left
   */
  record End(boolean interrupted, long doneNanos, @Nullable Long rssBytes) {}

  /** What has happened so far, as far as a series tells it. */
  private record Totals(
      long nanos, long entered, long sent, long answered, long out, long in, long errors) {
    static final Totals NONE = new Totals(0, 0, 0, 0, 0, 0, 0);
  }

  private final int nodes;
  private final long cpuNanosAtStart;
  private final LatencyRecorder connect = new LatencyRecorder();
  private final LatencyRecorder lag = new LatencyRecorder();
  private final Tally refusals = new Tally();
  private final Tally losses = new Tally();
  private final Tally notices = new Tally();
  private final BeatBook beats = new BeatBook();
  private final MessageBook messages = new MessageBook();
  private final Exodus exodus = new Exodus();
  private Totals last = Totals.NONE;
  private long entered;
  private int connected;
  private int failed;
  private int lost;
  private long busyAnswers;
  private long lastEntryNanos;

  /** Nothing yet of a run of so many nodes; {@code cpuNanos} is what the process cost so far. */
  Measurements(int nodes, long cpuNanos) {
    this.nodes = nodes;
    this.cpuNanosAtStart = cpuNanos;
  }

  /** From here on beats count as those of that phase. */
  void began(Stages.Phase phase, long nowNanos, long cpuNanos) {
    beats.began(phase, nowNanos, cpuNanos - cpuNanosAtStart);
  }

  /** Something that was due then is done now. */
  void done(long dueNanos, long nowNanos) {
    lag.record(nowNanos - dueNanos);
  }

  /** A node was let in; {@code first} says whether for the first time. */
  void entered(boolean first, long tookNanos, long nowNanos) {
    entered++;
    if (first) {
      connect.record(tookNanos);
      connected++;
      lastEntryNanos = nowNanos;
    }
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

  /** A session was lost; so many there were with it. */
  void left(long nowNanos, int sessions) {
    exodus.lost(nowNanos, sessions);
  }

  /** The account of beats. */
  BeatBook beats() {
    return beats;
  }

  /** The account of messages and channels. */
  MessageBook messages() {
    return messages;
  }

  int connected() {
    return connected;
  }

  /** What happened since this was called last; so many nodes are in now. */
  Tick tick(long nowNanos, Stages.Stage stage, int live) {
    Totals now =
        new Totals(
            nowNanos,
            entered,
            beats.sentCount(),
            beats.answeredCount(),
            messages.sentCount(),
            messages.receivedCount(),
            (long) lost + failed);
    Histogram lagMicros = lag.takeRecent();
    Tick tick =
        new Tick(
            last.nanos,
            nowNanos,
            stage.phase().text(),
            nodes,
            live,
            failed,
            lost,
            now.entered - last.entered,
            now.sent - last.sent,
            now.answered - last.answered,
            now.out - last.out,
            now.in - last.in,
            now.errors - last.errors,
            connect.takeRecent(),
            beats.takeRecent(),
            messages.takeRecent(),
            lagMicros.getMaxValue() * NANOS_PER_MICRO);
    last = now;
    return tick;
  }

  /** All of it, as numbers that no longer move, once the cool-down has begun. */
  Measured measured(End end) {
    double connectSeconds = lastEntryNanos / NANOS_PER_SECOND;
    double seconds = beats.measuredNanos() / NANOS_PER_SECOND;
    Latencies lags = lag.latencies();
    return new Measured(
        seconds,
        end.interrupted(),
        new Nodes(
            nodes, connected, failed, lost, refusals.counts(), losses.counts(), exodus.largest()),
        new Connect(
            connectSeconds,
            connectSeconds > 0 ? connected / connectSeconds : 0,
            busyAnswers,
            connect.latencies()),
        beats.heartbeats(),
        messages.measured(seconds),
        messages.channels(),
        beats.phases(end.doneNanos()),
        new Generator(
            lags.p99Ms(), lags.maxMs(), end.rssBytes(), beats.cpuNanos() / NANOS_PER_SECOND),
        notices.counts(),
        null,
        null);
  }
}
