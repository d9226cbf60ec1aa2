package io.heartbus.loadtest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.heartbus.loadtest.LatencyRecorder.Latencies;
import io.heartbus.loadtest.Measured.MessageCounts;
import io.heartbus.loadtest.Measured.Phase;
import java.util.ArrayList;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a run leaves behind: a table for people and JSON for scripts, with what somebody needs to
 * run it again. Immutable.
 *
 * @param startedAt ISO-8601, UTC
 * @param settings all values that held, by key
 * @param notes what a reader should know before believing the numbers
 */
record Report(
    String scenario,
    String target,
    String startedAt,
    String command,
    Map<String, String> settings,
    Machine.Facts machine,
    @JsonUnwrapped Measured measured,
    List<String> notes,
    Verdict verdict) {

  /** From this share of a latency on, the lag of the load tester is worth a word. */
  private static final double LAG_SHARE_MAX = 0.25;

  private static final double BYTES_PER_MEBIBYTE = 1024.0 * 1024.0;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  /** What a reader should know before believing the numbers. */
  static List<String> notes(Scenario scenario, Measured measured) {
    List<String> notes = new ArrayList<>();
    Double p99 = judged(scenario, measured).p99Ms();
    Double lag = measured.generator().lagP99Ms();
    if (p99 != null && lag != null && lag > p99 * LAG_SHARE_MAX) {
      notes.add(
          "the load tester itself was late by "
              + millis(lag)
              + " ms (p99): a large part of these latencies is its own");
    }
    Measured.Pace pace = measured.heartbeats().pace();
    long asked = scenario.interval().toMillis();
    if (pace != null && (pace.intervalMsMin() != asked || pace.intervalMsMax() != asked)) {
      notes.add(
          String.format(
              Locale.ROOT,
              "the server set intervals of %d to %d ms where %d ms were asked for",
              pace.intervalMsMin(),
              pace.intervalMsMax(),
              asked));
    }
    if (pace != null && pace.unanswered()) {
      notes.add("the server answers no heartbeats, so nothing could be measured of them");
    }
    if (measured.connect().busy() > 0) {
      notes.add("the server answered SERVER_BUSY " + measured.connect().busy() + " times");
    }
    Measured.MessageCounts echoes = measured.messages().flow("echo");
    if (echoes != null && scenario.traffic().echo().perSecond() == 0 && echoes.creditStalls() > 0) {
      notes.add(
          "the server's credit was smaller than the window: "
              + echoes.creditStalls()
              + " times a channel had to wait for it");
    }
    if (measured.detection() != null) {
      notes(measured.detection(), notes);
    }
    measured.nodes().refusals().forEach((reason, n) -> notes.add("refused, " + n + ": " + reason));
    measured.nodes().losses().forEach((reason, n) -> notes.add("lost, " + n + ": " + reason));
    measured.channels().losses().forEach((why, n) -> notes.add("channels, " + n + ": " + why));
    measured.notices().forEach((what, n) -> notes.add("the server said " + n + " times: " + what));
    return notes;
  }

  private static void notes(DetectionFigures figures, List<String> notes) {
    if (figures.falseVerdicts().neglected() > 0) {
      notes.add(
          "the load tester itself kept nodes silent too long: "
              + figures.falseVerdicts().neglected()
              + " verdicts about those do not count");
    }
    if (figures.feed().resumed() > 0) {
      notes.add(
          "the feed was connected again "
              + figures.feed().resumed()
              + " times: what happened meanwhile was told late");
    }
    if (figures.feed().massLosses() > 0) {
      notes.add(
          "the server held verdicts back, because it saw "
              + figures.feed().massLosses()
              + " mass losses");
    }
    if (figures.feed().stalls() > 0) {
      notes.add("the server says that it stood still, " + figures.feed().stalls() + " times");
    }
  }

  /** What the scenario is about. */
  private static Latencies judged(Scenario scenario, Measured measured) {
    return switch (scenario.kind()) {
      case CONNECT -> measured.connect().latencies();
      case HEARTBEAT, MIXED, DEMO, DETECT, STORM -> measured.heartbeats().latencies();
      case ECHO, FANOUT -> measured.messages().counts().latencies();
    };
  }

  /** Pretty-printed, with a final new line. */
  String json() {
    return JSON.writeValueAsString(this) + "\n";
  }

  /** For people: several lines, each ended. */
  String table() {
    StringBuilder lines = new StringBuilder();
    Formatter out = new Formatter(lines, Locale.ROOT);
    out.format("%s against %s, %.1f s\n", scenario, target, measured.seconds());
    String processor = machine.processor() == null ? "unknown processor" : machine.processor();
    out.format(
        "machine     %d x %s, %s, JDK %s\n",
        machine.cores(), processor, machine.kernel(), machine.jdk());
    Measured.Nodes nodes = measured.nodes();
    out.format(
        "nodes       %d requested, %d connected, %d failed, %d lost\n",
        nodes.requested(), nodes.connected(), nodes.failed(), nodes.lost());
    messages(out);
    Measured.Generator own = measured.generator();
    out.format(
        "load tester lag p99 %s ms, max %s ms, CPU %.1f s, resident %s\n\n",
        millis(own.lagP99Ms()),
        millis(own.lagMaxMs()),
        own.cpuSeconds(),
        mebibytes(own.rssBytes()));
    rows(out);
    if (measured.detection() != null) {
      DrillTable.detection(out, measured.detection());
    }
    if (measured.storm() != null) {
      DrillTable.storm(out, measured.storm());
    }
    out.format("\n");
    notes.forEach(note -> out.format("note        %s\n", note));
    out.format("verdict     %s\n", verdict.passed() ? "passed" : "FAILED");
    verdict.failures().forEach(failure -> out.format("            %s\n", failure));
    return lines.toString();
  }

  private void messages(Formatter out) {
    Measured.Channels channels = measured.channels();
    if (channels.opened() + channels.lost() > 0) {
      out.format(
          "channels    %d opened, %d stuck, %d lost\n",
          channels.opened(), channels.stuck(), channels.lost());
    }
    MessageCounts counts = measured.messages().counts();
    if (counts.sent() + counts.received() == 0) {
      return;
    }
    out.format("messages    %d sent, %d received", counts.sent(), counts.received());
    if (counts.expected() > 0) {
      out.format(
          " of %d expected, %d lost, %d dropped, %d doubled, %d out of order, %d corrupted\n",
          counts.expected(),
          counts.lost(),
          counts.dropped(),
          counts.duplicated(),
          counts.reordered(),
          counts.corrupted());
      out.format("            %d waits for credit", counts.creditStalls());
    }
    out.format("\n");
  }

  private void rows(Formatter out) {
    out.format(
        "%-12s%9s%10s%10s%7s%9s%9s%9s%9s%9s\n",
        "",
        "seconds",
        "sent",
        "answered",
        "late",
        "per s",
        "p50 ms",
        "p99 ms",
        "p99.9 ms",
        "max ms");
    Measured.Connect connect = measured.connect();
    Measured.Nodes nodes = measured.nodes();
    row(
        out,
        new Phase(
            "connect",
            connect.seconds(),
            nodes.requested(),
            nodes.connected(),
            0,
            connect.perSecond(),
            0,
            connect.latencies()));
    measured.phases().forEach(phase -> row(out, phase));
    Measured.Heartbeats beats = measured.heartbeats();
    row(
        out,
        new Phase(
            "all beats",
            measured.seconds(),
            beats.sent(),
            beats.acked(),
            beats.late(),
            measured.seconds() > 0 ? beats.sent() / measured.seconds() : 0,
            0,
            beats.latencies()));
    for (Measured.MessageFlow flow : measured.messages().flows()) {
      row(out, flow.name(), measured.messages().seconds(), flow.counts());
    }
  }

  private static void row(Formatter out, Phase phase) {
    out.format(
        "%-12s%9.1f%10d%10d%7d%9.0f",
        phase.name(),
        phase.seconds(),
        phase.sent(),
        phase.acked(),
        phase.late(),
        phase.perSecond());
    latencies(out, phase.latencies());
  }

  /** Whether a message is late is nobody's to say: it has no interval. */
  private static void row(Formatter out, String name, double seconds, MessageCounts counts) {
    // Slow members get what the topic's row has as sent.
    String sent = counts.sent() == 0 ? "-" : Long.toString(counts.sent());
    out.format(
        "%-12s%9.1f%10s%10d%7s%9.0f",
        name, seconds, sent, counts.received(), "-", counts.receivedPerSecond());
    latencies(out, counts.latencies());
  }

  private static void latencies(Formatter out, Latencies latencies) {
    out.format(
        "%9s%9s%9s%9s\n",
        millis(latencies.p50Ms()),
        millis(latencies.p99Ms()),
        millis(latencies.p999Ms()),
        millis(latencies.maxMs()));
  }

  /** A latency for people; a dash when there is none. */
  static String millis(@Nullable Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }

  private static String mebibytes(@Nullable Long bytes) {
    return bytes == null
        ? "unknown"
        : String.format(Locale.ROOT, "%.0f MiB", bytes / BYTES_PER_MEBIBYTE);
  }
}
