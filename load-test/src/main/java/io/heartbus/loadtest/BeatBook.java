package io.heartbus.loadtest;

import io.heartbus.loadtest.Measured.Heartbeats;
import io.heartbus.loadtest.Measured.Pace;
import io.heartbus.loadtest.Measured.Phase;
import io.heartbus.protocol.Frame;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * The account of all beats of a run, by the phase in which they were meant to leave. Those of the
 * cool-down have an account of their own, since a node that leaves does not wait for its answers.
 * Written by the fleet's thread only. Times are nanoseconds since the run began.
 */
final class BeatBook {
  private static final double NANOS_PER_SECOND = 1e9;

  /** The beats that were meant to leave in one phase. */
  private static final class Beats {
    private final LatencyRecorder latency = new LatencyRecorder();
    private long sent;
    private long acked;
    private long late;

    private Phase phase(Stages.Phase phase, long fromNanos, long toNanos, long cpuNanos) {
      double seconds = (toNanos - fromNanos) / NANOS_PER_SECOND;
      return new Phase(
          phase.text(),
          fromNanos / NANOS_PER_SECOND,
          toNanos / NANOS_PER_SECOND,
          seconds,
          sent,
          acked,
          late,
          seconds > 0 ? sent / seconds : 0,
          cpuNanos / NANOS_PER_SECOND,
          latency.latencies());
    }
  }

  private final LatencyRecorder answers = new LatencyRecorder();
  private final Beats ramp = new Beats();
  private final Beats hold = new Beats();
  private final Beats coolDown = new Beats();
  private long holdSinceNanos = Long.MAX_VALUE;
  private long coolDownSinceNanos = Long.MAX_VALUE;
  private long rampCpuNanos;
  private long holdCpuNanos;
  private long owed;
  private long missing;
  private long stray;
  private boolean unanswered;
  private boolean closed;
  private long intervalMsMin = Long.MAX_VALUE;
  private long intervalMsMax;

  /** From here on beats count as those of that phase; the run has cost so much so far. */
  void began(Stages.Phase phase, long nowNanos, long cpuNanos) {
    if (holdSinceNanos == Long.MAX_VALUE) {
      holdSinceNanos = nowNanos;
      rampCpuNanos = cpuNanos;
    }
    if (phase == Stages.Phase.COOL_DOWN) {
      coolDownSinceNanos = nowNanos;
      holdCpuNanos = cpuNanos - rampCpuNanos;
    }
  }

  void paced(Frame.Pace pace, int ackEvery) {
    intervalMsMin = Math.min(intervalMsMin, pace.intervalMs());
    intervalMsMax = Math.max(intervalMsMax, pace.intervalMs());
    unanswered |= ackEvery == 0;
  }

  void sent(long intendedNanos) {
    beats(intendedNanos).sent++;
  }

  /** A beat has its answer; the server may answer several beats at once. */
  void answered(long intendedNanos, long nowNanos, long lateNanos) {
    Beats beats = beats(intendedNanos);
    if (beats != coolDown) {
      if (closed) {
        // It was counted as missing.
        return;
      }
      answers.record(nowNanos - intendedNanos);
    }
    beats.acked++;
    beats.latency.record(nowNanos - intendedNanos);
    if (nowNanos - intendedNanos > lateNanos) {
      beats.late++;
    }
  }

  /** A beat is covered by the answer to a later one, as agreed with the server. */
  void covered(long intendedNanos) {
    if (!closed) {
      beats(intendedNanos).acked++;
    }
  }

  /** Beats that should have an answer will never have one. */
  void missing(long count) {
    if (!closed) {
      missing += count;
    }
  }

  /** An answer came that belongs to no beat. */
  void stray() {
    stray++;
  }

  /** So many more (or fewer) answers are to come. */
  void owedChanged(int by) {
    owed += by;
  }

  /**
   * The end of measuring.
   *
   * @param owedAreMissing whether answers that have not come by now count against the server
   */
  void close(boolean owedAreMissing) {
    if (owedAreMissing) {
      missing(owed);
    }
    closed = true;
  }

  long owed() {
    return owed;
  }

  /** The longest interval that the server asked any node to keep; 0 when it let none in. */
  long intervalMsMax() {
    return intervalMsMax;
  }

  /** All that were sent, those of the cool-down included. */
  long sentCount() {
    return ramp.sent + hold.sent + coolDown.sent;
  }

  /** All that were answered, those of the cool-down included. */
  long answeredCount() {
    return ramp.acked + hold.acked + coolDown.acked;
  }

  /** The latencies of the answers since this was called last, but for the cool-down. */
  Histogram takeRecent() {
    return answers.takeRecent();
  }

  /** All beats but those of the cool-down. */
  Heartbeats heartbeats() {
    return new Heartbeats(
        ramp.sent + hold.sent,
        ramp.acked + hold.acked,
        ramp.late + hold.late,
        missing,
        stray,
        intervalMsMax == 0 ? null : new Pace(intervalMsMin, intervalMsMax, unanswered),
        answers.latencies());
  }

  /** When measuring ended, which is where the cool-down began. */
  long measuredNanos() {
    return coolDownSinceNanos;
  }

  /** What the process cost until then. */
  long cpuNanos() {
    return rampCpuNanos + holdCpuNanos;
  }

  /** The beats by phase; then the last node had left. */
  List<Phase> phases(long doneNanos) {
    return List.of(
        ramp.phase(Stages.Phase.RAMP, 0, holdSinceNanos, rampCpuNanos),
        hold.phase(Stages.Phase.HOLD, holdSinceNanos, coolDownSinceNanos, holdCpuNanos),
        coolDown.phase(Stages.Phase.COOL_DOWN, coolDownSinceNanos, doneNanos, 0));
  }

  private Beats beats(long intendedNanos) {
    if (intendedNanos < holdSinceNanos) {
      return ramp;
    }
    return intendedNanos < coolDownSinceNanos ? hold : coolDown;
  }
}
