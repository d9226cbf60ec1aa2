package io.heartbus.loadtest.compare;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;
import tools.jackson.core.JacksonException;

/**
 * What {@code load-test/bin/compare} runs beside the servers that it starts: {@code plan} says what
 * will be measured, {@code measure} measures one round, {@code table} sums up all. Exit codes: 0
 * done, 1 failed, 2 wrong usage.
 */
public final class CompareMain {
  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  /** Descriptors that are for anything else but connections. */
  private static final int OTHER_DESCRIPTORS = 300;

  private CompareMain() {}

  public static void main(String[] args) {
    System.exit(run(args, System.out, System.err));
  }

  /** Runs the command with those arguments and streams. Returns the exit code. */
  static int run(String[] args, PrintStream out, PrintStream err) {
    try {
      return work(new CommandLine(spec()).parseArgs(args), out);
    } catch (CommandLine.PicocliException | IllegalArgumentException e) {
      err.println("compare: " + e.getMessage());
      return USAGE;
    } catch (IOException | JacksonException e) {
      err.println("compare: " + e);
      return FAILED;
    }
  }

  private static int work(ParseResult parsed, PrintStream out) throws IOException {
    String command = parsed.matchedPositionalValue(0, "");
    List<Measurement> plan = chosen(plan(parsed), parsed.matchedOptionValue("--only", ""));
    Path samples = parsed.matchedOptionValue("--out", Path.of("compare.jsonl"));
    switch (command) {
      case "plan" -> plan.forEach(one -> out.printf("%-12s %s%n", one.name(), one.title()));
      case "measure" -> {
        List<Target> targets = new ArrayList<>();
        for (String text : parsed.matchedOptionValue("--target", List.<String>of())) {
          targets.add(target(text));
        }
        new Round(parsed.matchedOptionValue("--round", 1), targets, out).play(plan, samples);
      }
      case "table" ->
          out.print(
              ComparisonTable.of(Files.readAllLines(samples).stream().map(Sample::parse).toList()));
      default ->
          throw new IllegalArgumentException("plan, measure or table, not '" + command + "'");
    }
    return DONE;
  }

  private static List<Measurement> plan(ParseResult parsed) {
    if (parsed.hasMatchedOption("--quick")) {
      return Plan.quick();
    }
    var system = ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class);
    long connections = system.getMaxFileDescriptorCount() - OTHER_DESCRIPTORS;
    return Plan.full(Math.clamp(connections, 0, Integer.MAX_VALUE));
  }

  private static List<Measurement> chosen(List<Measurement> plan, String only) {
    if (only.isEmpty()) {
      return plan;
    }
    Set<String> wanted = Set.of(only.split(",", -1));
    Set<String> known = plan.stream().map(Measurement::name).collect(Collectors.toSet());
    for (String name : wanted) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "no measurement '%s', only %s"
                .formatted(
                    name, plan.stream().map(Measurement::name).collect(Collectors.joining(", "))));
      }
    }
    return plan.stream().filter(one -> wanted.contains(one.name())).toList();
  }

  /** Of {@code NAME:PORT:PID}. */
  private static Target target(String text) {
    String[] parts = text.split(":", -1);
    Peer peer = Peer.of(parts[0]);
    if (peer == null || parts.length != 3) {
      throw new IllegalArgumentException("'" + text + "' is no NAME:PORT:PID of a server");
    }
    return Target.local(peer, Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
  }

  private static CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("compare");
    spec.addPositional(PositionalParamSpec.builder().index("0").type(String.class).build());
    spec.addOption(OptionSpec.builder("--quick").build());
    spec.addOption(OptionSpec.builder("--only").type(String.class).build());
    spec.addOption(OptionSpec.builder("--round").type(Integer.class).build());
    spec.addOption(
        OptionSpec.builder("--target").type(List.class).auxiliaryTypes(String.class).build());
    return spec.addOption(OptionSpec.builder("--out").type(Path.class).build());
  }
}
