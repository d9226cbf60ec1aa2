package io.heartbus.loadtest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.heartbus.loadtest.LatencyRecorder.Latencies;
import io.heartbus.loadtest.Measured.MessageCounts;
import io.heartbus.loadtest.Measured.Phase;
import io.heartbus.loadtest.report.HtmlReport;
import io.heartbus.loadtest.series.Distributions;
import io.heartbus.loadtest.series.Series;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a run leaves behind: a table for people and JSON for scripts, with what somebody needs to
 * run it again. Percentiles are those of ramp and hold together; each phase has its own beside.
 * Immutable.
 *
 * @param startedAt ISO-8601, UTC
 * @param startedAtMs the same in milliseconds since 1970
 * @param settings all values that held, by key
 * @param hlog where all latencies are as histograms, seen from this file; null for nowhere
 * @param generators whose reports these are, when several were joined; else null
 * @param notes what a reader should know before believing the numbers
 */
record Report(
    String scenario,
    String target,
    String startedAt,
    long startedAtMs,
    String command,
    Map<String, String> settings,
    Machine.Facts machine,
    @JsonUnwrapped Measured measured,
    Series series,
    Distributions histograms,
    @Nullable String hlog,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Contribution> generators,
    List<String> notes,
    Verdict verdict) {

  private static final double BYTES_PER_MEBIBYTE = 1024.0 * 1024.0;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  /** A load tester whose report went into this one. */
  record Contribution(
      String command,
      String startedAt,
      Machine.Facts machine,
      Measured.Nodes nodes,
      Measured.Generator generator) {}

  /** The report of one run. */
  static Report of(
      Scenario scenario,
      Map<String, String> settings,
      Measured measured,
      Timeline timeline,
      String command) {
    Machine.Facts machine = Machine.facts();
    List<String> notes = new ArrayList<>(Notes.of(scenario, measured));
    notes.addAll(Notes.ofItself(timeline.series(), machine));
    Instant startedAt = timeline.startedAt();
    return new Report(
        scenario.kind().text(),
        settings.getOrDefault(Setting.TARGET.key(), ""),
        startedAt.truncatedTo(ChronoUnit.SECONDS).toString(),
        startedAt.toEpochMilli(),
        command,
        settings,
        machine,
        measured,
        timeline.series(),
        timeline.histograms().distributions(),
        null,
        null,
        List.copyOf(notes),
        Verdict.judge(scenario, measured));
  }

  /**
   * The report that was written as that JSON.
   *
   * @throws IllegalArgumentException when it is none
   */
  static Report read(String json) {
    try {
      Report report = JSON.readValue(json, Report.class);
      if (report.startedAtMs == 0) {
        throw new IllegalArgumentException("no report, or an old one");
      }
      return report;
    } catch (JacksonException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The same, whose histograms are in that file. */
  Report with(@Nullable String hlogName) {
    return new Report(
        scenario,
        target,
        startedAt,
        startedAtMs,
        command,
        settings,
        machine,
        measured,
        series,
        histograms,
        hlogName,
        generators,
        notes,
        verdict);
  }

  /** What of it is told when it is joined with others. */
  Contribution contribution() {
    return new Contribution(command, startedAt, machine, measured.nodes(), measured.generator());
  }

  /** Pretty-printed, with a final new line. */
  String json() {
    return JSON.writeValueAsString(this) + "\n";
  }

  /** A page for a browser. */
  String html() {
    return HtmlReport.render(JSON.valueToTree(this));
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
            0,
            connect.seconds(),
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
            0,
            measured.seconds(),
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
