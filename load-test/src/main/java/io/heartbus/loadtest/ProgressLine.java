package io.heartbus.loadtest;

import io.heartbus.loadtest.Stages.Stage;
import java.util.Locale;

/** A run's snapshots as lines for people. Pure. */
final class ProgressLine {
  private static final double NANOS_PER_SECOND = 1e9;

  private ProgressLine() {}

  /** The line of a scenario that measures; rates are those since the snapshot {@code last}. */
  static String measuring(Snapshot now, Snapshot last) {
    return String.format(
        Locale.ROOT,
        "%s %.0f s: %d of %d nodes in, %d failed, %d lost, %.0f beats/s, p99 %s ms, own lag p99 %s"
            + " ms",
        now.stage().name().toLowerCase(Locale.ROOT),
        now.atNanos() / NANOS_PER_SECOND,
        now.live(),
        now.nodes(),
        now.failed(),
        now.lost(),
        perSecond(now.beats() - last.beats(), now, last),
        Report.millis(now.beatLatencies().p99Ms()),
        Report.millis(now.lag().p99Ms()));
  }

  /** The line of a scenario whose messages are measured, too. */
  static String messages(Snapshot now, Snapshot last) {
    return String.format(
        Locale.ROOT,
        "%s %.0f s: %d of %d nodes in, %d lost, %.0f beats/s, p99 %s ms, messages %.0f/s out,"
            + " %.0f/s in, p99 %s ms, own lag p99 %s ms",
        now.stage().name().toLowerCase(Locale.ROOT),
        now.atNanos() / NANOS_PER_SECOND,
        now.live(),
        now.nodes(),
        now.lost(),
        perSecond(now.beats() - last.beats(), now, last),
        Report.millis(now.beatLatencies().p99Ms()),
        perSecond(now.messages() - last.messages(), now, last),
        perSecond(now.received() - last.received(), now, last),
        Report.millis(now.messageLatencies().p99Ms()),
        Report.millis(now.lag().p99Ms()));
  }

  /** The line of the demo. */
  static String demo(Snapshot now, Snapshot last) {
    return String.format(
        Locale.ROOT,
        "demo: %d of %d nodes connected, %.0f beats/s, %.1f messages/s",
        now.live(),
        now.nodes(),
        perSecond(now.beats() - last.beats(), now, last),
        perSecond(now.messages() - last.messages(), now, last));
  }

  /** What a run looks like before it began. */
  static Snapshot beginning(int nodes) {
    LatencyRecorder.Latencies none = LatencyRecorder.Latencies.NONE;
    return new Snapshot(0, Stage.RAMP, nodes, 0, 0, 0, 0, 0, 0, none, none, none);
  }

  private static double perSecond(long count, Snapshot now, Snapshot last) {
    long nanos = now.atNanos() - last.atNanos();
    return nanos > 0 ? count * NANOS_PER_SECOND / nanos : 0;
  }
}
