package io.heartbus.loadtest;

import io.heartbus.loadtest.LatencyRecorder.Latencies;
import io.heartbus.loadtest.Scenario.Kind;
import io.heartbus.loadtest.Stages.Stage;
import java.io.PrintStream;
import java.util.Locale;

/**
 * Tells how the run goes: one line that is rewritten on a terminal, plain lines elsewhere. Belongs
 * to the fleet's thread. Times are nanoseconds since the run began.
 */
final class Progress {
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final long TERMINAL_NANOS = SECOND_NANOS;
  private static final long PLAIN_NANOS = 5 * SECOND_NANOS;
  private static final long DEMO_NANOS = 10 * SECOND_NANOS;

  private final PrintStream out;
  private final boolean rewrite;
  private final Scenario scenario;
  private final long everyNanos;
  private long nextNanos;
  private long shownNanos;
  private long shownBeats;
  private long shownMessages;
  private int shownLength;

  /** Progress to {@code out}, which is a terminal or not. */
  Progress(PrintStream out, boolean terminal, Scenario scenario) {
    this.out = out;
    this.scenario = scenario;
    this.rewrite = terminal && scenario.kind() != Kind.DEMO;
    this.everyNanos = scenario.kind() == Kind.DEMO ? DEMO_NANOS : terminal ? TERMINAL_NANOS : PLAIN_NANOS;
    this.nextNanos = everyNanos;
  }

  boolean isDue(long nowNanos) {
    return nowNanos >= nextNanos;
  }

  /** Shows how things are now. */
  void show(Stage stage, Census census, Measurements measurements, long nowNanos) {
    double seconds = Math.max(1, nowNanos - shownNanos) / (double) SECOND_NANOS;
    double beats = (measurements.beatsSent() - shownBeats) / seconds;
    double messages = (measurements.messagesSent() - shownMessages) / seconds;
    print(
        scenario.kind() == Kind.DEMO
            ? demoLine(census, beats, messages)
            : line(stage, census, measurements, nowNanos) + String.format(Locale.ROOT, ", %.0f beats/s", beats));
    shownNanos = nowNanos;
    shownBeats = measurements.beatsSent();
    shownMessages = measurements.messagesSent();
    nextNanos = nowNanos + everyNanos;
  }

  /** Leaves the line behind, so that what follows begins a new one. */
  void finish() {
    if (rewrite && shownLength > 0) {
      out.println();
    }
  }

  private String demoLine(Census census, double beats, double messages) {
    return String.format(
        Locale.ROOT,
        "demo: %d of %d nodes connected, %.0f beats/s, %.1f messages/s",
        census.live(),
        scenario.nodes(),
        beats,
        messages);
  }

  private String line(Stage stage, Census census, Measurements measurements, long nowNanos) {
    Latencies beats = measurements.beatLatencies();
    Latencies lag = measurements.lagLatencies();
    return String.format(
        Locale.ROOT,
        "%s %d s: %d of %d nodes in, %d failed, %d lost, beat p99 %s ms, own lag p99 %s ms",
        stage.name().toLowerCase(Locale.ROOT),
        nowNanos / SECOND_NANOS,
        census.live(),
        scenario.nodes(),
        measurements.failed(),
        measurements.lost(),
        Report.millis(beats.p99Ms()),
        Report.millis(lag.p99Ms()));
  }

  private void print(String line) {
    if (!rewrite) {
      out.println(line);
      return;
    }
    out.print("\r" + line + " ".repeat(Math.max(0, shownLength - line.length())));
    out.flush();
    shownLength = line.length();
  }
}
