package io.heartbus.loadtest.compare;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * All measurements of all servers, once: one measurement of one server after the other, in an order
 * that begins with another server each time. Runs on the caller's thread, and blocks it.
 */
final class Round {
  private static final long CALM_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long CALM_CPU_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int CALM_LOOKS_MAX = 20;

  private final int number;
  private final List<Target> targets;
  private final PrintStream out;

  /**
   * A round that has not begun.
   *
   * @param number counted from 1
   * @param out where it tells what it found
   */
  Round(int number, List<Target> targets, PrintStream out) {
    this.number = number;
    this.targets = targets;
    this.out = out;
  }

  /** Measures, and adds a line to the file for each sample. */
  void play(List<Measurement> plan, Path samples) throws IOException {
    for (int place = 0; place < plan.size(); place++) {
      Measurement measurement = plan.get(place);
      for (int turn = 0; turn < targets.size(); turn++) {
        Target target = targets.get((number + place + turn) % targets.size());
        if (measurement.suits(target.peer())) {
          Sample sample = sample(measurement, target);
          tell(sample);
          Files.writeString(
              samples, sample.json() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
      }
    }
  }

  private Sample sample(Measurement measurement, Target target) {
    try {
      awaitCalm();
      return Sample.of(number, target.peer(), measurement, measurement.take(target));
    } catch (IOException e) {
      String why = e.getMessage() == null ? e.toString() : e.getMessage();
      return Sample.failed(number, target.peer(), measurement, why);
    }
  }

  /** Waits until no server is busy with what it was asked before, though not for ever. */
  private void awaitCalm() throws IOException {
    boolean calm = false;
    for (int look = 0; !calm && look < CALM_LOOKS_MAX; look++) {
      long before = cpuNanos();
      LockSupport.parkNanos(CALM_NANOS);
      calm = cpuNanos() - before <= CALM_CPU_NANOS;
    }
  }

  private long cpuNanos() throws IOException {
    long sum = 0;
    for (Target target : targets) {
      sum += target.process().cpuNanos();
    }
    return sum;
  }

  private void tell(Sample sample) {
    StringBuilder line = new StringBuilder();
    line.append(
        "round %d  %-11s %-9s ".formatted(sample.round(), sample.measurement(), sample.peer()));
    if (sample.failure() != null) {
      line.append(" failed: ").append(sample.failure());
    }
    sample
        .figures()
        .forEach(
            (label, value) -> line.append(" %s %s;".formatted(label, Spread.of(List.of(value)))));
    Double share = sample.facts().get("generatorBusiestShare");
    if (share != null) {
      line.append(String.format(Locale.ROOT, " generator busy %.0f %%", 100 * share));
    }
    Double lagMs = sample.facts().get("generatorLagP99Ms");
    if (lagMs != null) {
      line.append(String.format(Locale.ROOT, ", late p99 %.2f ms", lagMs));
    }
    sample.doubts().forEach(doubt -> line.append(" [").append(doubt).append(']'));
    out.println(line);
  }
}
