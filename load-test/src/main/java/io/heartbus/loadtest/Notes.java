package io.heartbus.loadtest;

import io.heartbus.loadtest.LatencyRecorder.Latencies;
import io.heartbus.loadtest.series.Column;
import io.heartbus.loadtest.series.Point;
import io.heartbus.loadtest.series.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a reader should know before believing the numbers of a run. Pure. */
final class Notes {
  /** From this share of a latency on, the lag of the load tester is worth a word. */
  private static final double LAG_SHARE_MAX = 0.25;

  /** A thread that works so much of its time has things wait for it. */
  private static final double BUSY_SHARE_MAX = 0.9;

  /** In so many of the seconds it may. */
  private static final double BUSY_SECONDS_SHARE_MAX = 0.1;

  /** Who has so many of its descriptors open may be refused the next. */
  private static final double DESCRIPTOR_SHARE_MAX = 0.9;

  private Notes() {}

  /** One line for each thing. */
  static List<String> of(Scenario scenario, Measured measured) {
    List<String> notes = new ArrayList<>();
    Double p99 = judged(scenario, measured).p99Ms();
    Double lag = measured.generator().lagP99Ms();
    if (p99 != null && lag != null && lag > p99 * LAG_SHARE_MAX) {
      notes.add(
          "the load tester itself was late by "
              + Report.millis(lag)
              + " ms (p99): a large part of these latencies is its own");
    }
    Measured.Exodus exodus = measured.nodes().exodus();
    if (exodus != null) {
      notes.add(
          String.format(
              Locale.ROOT,
              "at %.1f s the server ended %d of %d connections",
              exodus.atSeconds(),
              exodus.ended(),
              exodus.of()));
    }
    pace(scenario, measured, notes);
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
      detection(measured.detection(), notes);
    }
    measured.nodes().refusals().forEach((reason, n) -> notes.add("refused, " + n + ": " + reason));
    measured.nodes().losses().forEach((reason, n) -> notes.add("lost, " + n + ": " + reason));
    measured.channels().losses().forEach((why, n) -> notes.add("channels, " + n + ": " + why));
    measured.notices().forEach((what, n) -> notes.add("the server said " + n + " times: " + what));
    return notes;
  }

  /** Whether the load tester had the processor and the descriptors that it needed. */
  static List<String> ofItself(Series series, Machine.Facts machine) {
    List<String> notes = new ArrayList<>();
    List<Point> measured =
        series.points().stream()
            .filter(point -> !point.phase().equals(Stages.Phase.COOL_DOWN.text()))
            .toList();
    long busy =
        measured.stream()
            .filter(point ->
                over(point, Column.FLEET_CPU, BUSY_SHARE_MAX)
                    || over(point, Column.CPU, BUSY_SHARE_MAX * machine.cores()))
            .count();
    if (busy > measured.size() * BUSY_SECONDS_SHARE_MAX) {
      notes.add(
          String.format(
              Locale.ROOT,
              "the load tester itself had no processor left in %d of %d s: it measured what it can"
                  + " do; run several of them and --join their reports",
              busy * series.stepSeconds(),
              (long) measured.size() * series.stepSeconds()));
    }
    double most =
        measured.stream()
            .map(point -> point.value(Column.DESCRIPTORS))
            .mapToDouble(open -> open == null ? 0 : open)
            .max()
            .orElse(0);
    if (machine.descriptorsMax() > 0 && most > machine.descriptorsMax() * DESCRIPTOR_SHARE_MAX) {
      notes.add(
          String.format(
              Locale.ROOT,
              "the load tester had %.0f of the %d descriptors open that it may have",
              most,
              machine.descriptorsMax()));
    }
    return notes;
  }

  private static boolean over(Point point, Column column, double bound) {
    Double value = point.value(column);
    return value != null && value > bound;
  }

  private static void pace(Scenario scenario, Measured measured, List<String> notes) {
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
  }

  private static void detection(DetectionFigures figures, List<String> notes) {
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
}
