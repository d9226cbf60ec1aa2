package io.heartbus.loadtest;

import io.heartbus.loadtest.Report.Contribution;
import io.heartbus.loadtest.Scenario.Kind;
import io.heartbus.loadtest.series.HistogramFile;
import io.heartbus.loadtest.series.Histograms;
import io.heartbus.loadtest.series.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The reports of load testers that ran at the same time against the same server, to be made one.
 * Immutable. Every complaint names the file that it is about.
 */
final class Join {
  private static final double MILLIS_PER_SECOND = 1e3;

  /** Kinds whose runs have nothing to do with each other. */
  private static final List<String> ALONE = List.of(Kind.DETECT.text(), Kind.DEMO.text());

  /** One of the reports, and the file with its latencies. */
  private record Part(Path file, Report report, Path hlog, Histograms latencies) {
    double endMs() {
      return report.startedAtMs() + report.measured().seconds() * MILLIS_PER_SECOND;
    }
  }

  private final List<Part> parts;
  private final long startedAtMs;

  private Join(List<Part> parts) {
    this.parts = parts;
    this.startedAtMs =
        parts.stream().mapToLong(part -> part.report.startedAtMs()).min().orElseThrow();
  }

  /**
   * Reads them, and what is beside them.
   *
   * @throws UsageException when one cannot be read, or they do not belong together
   */
  static Join read(List<Path> files) throws UsageException {
    List<Part> parts = new ArrayList<>();
    for (Path file : files) {
      parts.add(part(file));
    }
    Part first = parts.getFirst();
    for (Part part : parts) {
      require(
          first.report.scenario().equals(part.report.scenario()),
          part,
          "is of the scenario "
              + part.report.scenario()
              + ", "
              + first.file
              + " of "
              + first.report.scenario());
      require(
          first.report.target().equals(part.report.target()),
          part,
          "is about "
              + part.report.target()
              + ", "
              + first.file
              + " about "
              + first.report.target());
      require(
          first.report.startedAtMs() < part.endMs() && part.report.startedAtMs() < first.endMs(),
          part,
          "and " + first.file + " are of different times");
    }
    require(parts.size() > 1, first, "is all there is: there is nothing to join");
    Join join = new Join(parts);
    List<Contribution> generators = join.generators();
    if (Set.copyOf(generators).size() < generators.size()) {
      throw new UsageException("--join: a load tester is in these reports twice");
    }
    return join;
  }

  /** The report that they are together. */
  Report report(String command) {
    List<Double> offsets =
        parts.stream()
            .map(part -> (part.report.startedAtMs() - startedAtMs) / MILLIS_PER_SECOND)
            .toList();
    Histograms latencies = Histograms.empty();
    parts.forEach(part -> latencies.add(part.latencies));
    Report first = parts.getFirst().report;
    List<Measured> measured = parts.stream().map(part -> part.report.measured()).toList();
    return new Report(
        first.scenario(),
        first.target(),
        Instant.ofEpochMilli(startedAtMs).truncatedTo(ChronoUnit.SECONDS).toString(),
        startedAtMs,
        command,
        settings(),
        first.machine(),
        new Sum(measured, offsets, latencies).measured(),
        Series.together(
            parts.stream().map(part -> part.report.series()).toList(),
            offsets,
            Arrays.stream(Stages.Phase.values()).map(Stages.Phase::text).toList()),
        latencies.distributions(),
        null,
        generators(),
        notes(),
        verdict());
  }

  /**
   * Writes all latencies into one file.
   *
   * @throws UsageException when it is one of those that are read
   */
  void write(Path hlog) throws UsageException, IOException {
    for (Part part : parts) {
      if (part.hlog.equals(hlog)) {
        throw new UsageException("--hlog: " + hlog + " is read: name another one");
      }
    }
    HistogramFile.join(
        parts.stream().map(Part::hlog).toList(), hlog, Instant.ofEpochMilli(startedAtMs));
  }

  private static Part part(Path file) throws UsageException {
    try {
      Report report = Report.read(Files.readString(file));
      String name = report.hlog();
      if (ALONE.contains(report.scenario())) {
        throw new UsageException(file + ": a run of " + report.scenario() + " stands for itself");
      }
      if (name == null) {
        throw new UsageException(file + ": was written without --hlog, which has the latencies");
      }
      Path hlog = file.toAbsolutePath().resolveSibling(name).normalize();
      Histograms latencies = Histograms.read(hlog);
      if (!latencies.distributions().equals(report.histograms())) {
        throw new UsageException(hlog + ": does not hold what " + file + " tells");
      }
      return new Part(file, report, hlog, latencies);
    } catch (IOException e) {
      throw new UsageException("--join: cannot read " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new UsageException(file + ": is no report of a load test (--json)");
    }
  }

  /** Where they differ, one after the other. */
  private Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    for (Part part : parts) {
      part.report
          .settings()
          .forEach((key, value) ->
              settings.merge(
                  key, value, (one, other) -> one.equals(other) ? one : one + " | " + other));
    }
    return settings;
  }

  private List<Contribution> generators() {
    List<Contribution> generators = new ArrayList<>();
    for (Part part : parts) {
      Report report = part.report;
      List<Contribution> earlier = report.generators();
      generators.addAll(earlier == null ? List.of(report.contribution()) : earlier);
    }
    return List.copyOf(generators);
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    notes.add(
        "of "
            + parts.size()
            + " load testers together: percentiles of single phases, seconds and kinds of messages"
            + " are the highest of any, all others exact");
    for (Part part : parts) {
      part.report.notes().forEach(note -> notes.add(part.file.getFileName() + ": " + note));
    }
    return List.copyOf(notes);
  }

  private Verdict verdict() {
    List<String> failures = new ArrayList<>();
    for (Part part : parts) {
      part.report
          .verdict()
          .failures()
          .forEach(failure -> failures.add(part.file.getFileName() + ": " + failure));
    }
    return new Verdict(
        parts.stream().allMatch(part -> part.report.verdict().passed()), List.copyOf(failures));
  }

  private static void require(boolean holds, Part part, String otherwise) throws UsageException {
    if (!holds) {
      throw new UsageException("--join: " + part.file + " " + otherwise);
    }
  }
}
