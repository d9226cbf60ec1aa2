package io.heartbus.loadtest.report;

import io.heartbus.loadtest.report.LineChart.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The charts over the time of the run. What was not measured is named instead. Pure. */
final class TimeCharts {
  private static final double MEBI = 1024.0 * 1024;
  private static final double GIBI = MEBI * 1024;
  private static final double MILLIS_PER_SECOND = 1000;

  private static final String PERCENTILES_UNIT = "ms, logarithmic";

  /** Of these the mean of several says nothing. */
  private static final Set<String> PEAKS =
      Set.of("errorsPerSecond", "lagMaxMs", "beatMaxMs", "messageMaxMs");

  private static final List<Subject> SUBJECTS =
      List.of(
          new Subject("Nodes connected", "nodes", Kind.QUANTITY, "connected=nodes"),
          new Subject("Connects", "per second", Kind.QUANTITY, "let in=connectsPerSecond"),
          new Subject(
              "Heartbeats",
              "per second",
              Kind.QUANTITY,
              "sent=beatsPerSecond",
              "answered=beatAnswersPerSecond"),
          new Subject(
              "Messages",
              "per second",
              Kind.TRAFFIC,
              "sent=messagesSentPerSecond",
              "received=messagesReceivedPerSecond"),
          new Subject(
              "Latency of heartbeats",
              PERCENTILES_UNIT,
              Kind.LATENCY,
              "p50=beatP50Ms",
              "p99=beatP99Ms",
              "max=beatMaxMs"),
          new Subject(
              "Latency of messages",
              PERCENTILES_UNIT,
              Kind.LATENCY,
              "p50=messageP50Ms",
              "p99=messageP99Ms",
              "max=messageMaxMs"),
          new Subject("Errors", "per second", Kind.QUANTITY, "errors=errorsPerSecond"),
          new Subject("Load tester: lag", "ms, longest", Kind.QUANTITY, "lag=lagMaxMs"),
          new Subject("Load tester: processor", "cores", Kind.QUANTITY, "busy=cpuCores"),
          new Subject("Load tester: descriptors", "open", Kind.QUANTITY, "open=descriptors"),
          new Subject("Server: nodes", "nodes", Kind.QUANTITY, "online=serverNodes"),
          new Subject("Server: processor", "cores", Kind.QUANTITY, "busy=serverCpuCores"),
          new Subject(
              "Server: memory",
              "",
              Kind.BYTES,
              "resident=serverRssBytes",
              "heap in use=serverHeapBytes"),
          new Subject(
              "Server: garbage collection",
              "ms per second",
              Kind.PAUSES,
              "collecting=serverGcSecondsPerSecond"),
          new Subject("Server: queue", "frames", Kind.QUANTITY, "waiting=serverQueue"));

  private TimeCharts() {}

  /** How values become what a chart shows. */
  private enum Kind {
    QUANTITY,
    /** Zero throughout means that there was none. */
    TRAFFIC,
    LATENCY,
    /** In MiB or GiB. */
    BYTES,
    /** Seconds, shown as milliseconds. */
    PAUSES
  }

  /**
   * A chart that a report may have.
   *
   * @param lines name=key
   */
  @SuppressWarnings("ArrayRecordComponent") // Only for the table above.
  private record Subject(String title, String unit, Kind kind, String... lines) {
    private LineChart chart(Recording recording) {
      List<Line> known = new ArrayList<>();
      for (String line : lines) {
        int equals = line.indexOf('=');
        String key = line.substring(equals + 1);
        Column all = recording.column(key);
        Column column = PEAKS.contains(key) ? all.peaks() : all;
        if (!Double.isNaN(column.max()) && !(kind == Kind.TRAFFIC && column.max() == 0)) {
          known.add(new Line(line.substring(0, equals), column));
        }
      }
      return switch (kind) {
        case QUANTITY, TRAFFIC -> new LineChart(title, unit, false, known);
        case LATENCY -> new LineChart(title, unit, true, known);
        case PAUSES -> new LineChart(title, unit, false, scaled(known, MILLIS_PER_SECOND));
        case BYTES -> bytes(known);
      };
    }

    private LineChart bytes(List<Line> known) {
      boolean isLarge = known.stream().anyMatch(line -> line.column().max() >= 2 * GIBI);
      return new LineChart(
          title, isLarge ? "GiB" : "MiB", false, scaled(known, 1 / (isLarge ? GIBI : MEBI)));
    }

    private static List<Line> scaled(List<Line> lines, double factor) {
      return lines.stream()
          .map(line -> new Line(line.name(), line.column().times(factor)))
          .toList();
    }
  }

  /** Writes the section. */
  static void write(Markup out, Recording recording) {
    out.open("section", "aria-labelledby", "time");
    out.open("header").element("h2", "Over time", "id", "time");
    writeRemarks(out, recording);
    out.close();
    List<String> missing = new ArrayList<>();
    List<LineChart> charts = new ArrayList<>();
    if (recording.isEmpty()) {
      missing.add("this report has no series");
    } else {
      for (Subject subject : SUBJECTS) {
        LineChart chart = subject.chart(recording);
        if (chart.lines().isEmpty()) {
          missing.add(subject.title());
        } else {
          charts.add(chart);
        }
      }
      writeCharts(out, recording, charts);
    }
    if (!missing.isEmpty()) {
      out.element("p", "Not measured: " + String.join(", ", missing) + ".", "class", "none");
    }
    out.close();
  }

  private static void writeRemarks(Markup out, Recording recording) {
    if (!recording.phases().isEmpty()) {
      String phases =
          recording.phases().stream().map(Recording.Phase::text).collect(Collectors.joining(", "));
      out.element("small", phases);
    }
    if (recording.samplesPerPoint() > 1) {
      out.element(
          "small",
          "each point is "
              + recording.samplesPerPoint()
              + " samples: the line their mean (the most of maxima and errors), the band from the"
              + " least to the most");
    }
  }

  private static void writeCharts(Markup out, Recording recording, List<LineChart> charts) {
    String seconds =
        recording.seconds().stream().map(Numbers::exact).collect(Collectors.joining(","));
    String end = Numbers.exact(recording.axis().endSeconds());
    out.open("div", "class", "charts", "data-seconds", seconds, "data-end", end);
    int number = 0;
    for (LineChart chart : charts) {
      chart.write(out, recording, "chart-" + ++number);
    }
    out.close();
  }
}
