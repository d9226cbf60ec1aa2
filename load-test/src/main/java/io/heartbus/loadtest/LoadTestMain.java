package io.heartbus.loadtest;

import io.heartbus.loadtest.Scenario.Kind;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The command {@code heartbus-load-test}. Exit codes: 0 passed, 1 a bound was missed or the run
 * failed, 2 wrong usage or a machine that does not suffice.
 */
public final class LoadTestMain {
  private static final Logger LOG = LoggerFactory.getLogger(LoadTestMain.class);
  private static final String NAME = "heartbus-load-test";
  private static final int PASSED = 0;
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  /** How long a signal waits for the goodbyes and the report. */
  private static final long REPORT_SECONDS_MAX = 15;

  private final PrintStream out;
  private final PrintStream err;
  private final RandomGenerator random = RandomGenerator.getDefault();
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile int exitCode = FAILED;
  private volatile @Nullable Fleet running;

  private LoadTestMain(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  public static void main(String[] args) {
    LoadTestMain main = new LoadTestMain(System.out, System.err);
    Runtime.getRuntime().addShutdownHook(new Thread(main::interrupted, "interrupt"));
    System.exit(main.run(args));
  }

  /** Runs the command with those arguments and streams. Returns the exit code. */
  static int run(String[] args, PrintStream out, PrintStream err) {
    return new LoadTestMain(out, err).run(args);
  }

  private int run(String[] args) {
    try {
      exitCode = work(args);
    } catch (UsageException e) {
      err.println(NAME + ": " + e.complaint());
      exitCode = USAGE;
    } catch (IOException e) {
      err.println(NAME + ": " + e);
      exitCode = FAILED;
    } finally {
      done.countDown();
    }
    return exitCode;
  }

  /** Runs when the JVM ends, be it by itself or by a signal; a signal gets a report, too. */
  private void interrupted() {
    Fleet fleet = running;
    if (fleet == null || done.getCount() == 0) {
      return;
    }
    fleet.stop();
    try {
      if (done.await(REPORT_SECONDS_MAX, TimeUnit.SECONDS)) {
        // The code of the verdict, where the JVM would tell the number of the signal.
        Runtime.getRuntime().halt(exitCode);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int work(String[] args) throws UsageException, IOException {
    CommandLine commandLine = new CommandLine(spec());
    ParseResult parsed;
    try {
      parsed = commandLine.parseArgs(args);
    } catch (CommandLine.ParameterException e) {
      throw new UsageException(e.getMessage() + "; see --help");
    }
    if (parsed.isUsageHelpRequested()) {
      commandLine.usage(out);
      return PASSED;
    }
    if (parsed.isVersionHelpRequested()) {
      out.println(NAME + " " + version());
      return PASSED;
    }
    Settings settings = Settings.load(parsed.matchedOptionValue("--config", null), flags(parsed));
    Scenario scenario = settings.scenario();
    Path json = settings.json();
    Preflight.check(scenario, Machine.limits(), Machine::owns);
    Report report = measure(scenario, settings, NAME + " " + String.join(" ", args));
    return tell(report, json);
  }

  private Report measure(Scenario scenario, Settings settings, String command) throws IOException {
    Instant startedAt = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    String fresh = "load-" + HexFormat.of().toHexDigits(random.nextInt(), 6) + "-";
    String prefix = settings.nodePrefix(fresh);
    rehearse();
    Measured measured;
    try (Progress progress = new Progress(err, Machine.errorIsTerminal(), scenario)) {
      measured = play(scenario, prefix, progress);
    }
    Map<String, String> values = settings.values();
    return new Report(
        scenario.kind().text(),
        values.getOrDefault(Setting.TARGET.key(), ""),
        startedAt.toString(),
        command,
        values,
        Machine.facts(),
        measured,
        Report.notes(scenario, measured),
        Verdict.judge(scenario, measured));
  }

  private Measured play(Scenario scenario, String prefix, Progress progress) throws IOException {
    Storm storm = scenario.storm();
    if (storm != null) {
      StormScript script = new StormScript(prefix, scenario, storm);
      return play(scenario, script, progress).with(script.figures());
    }
    Faults faults = scenario.faults();
    if (faults != null) {
      DetectRun run = new DetectRun(scenario, faults, prefix, random);
      return run.play(progress, fleet -> running = fleet);
    }
    NodeScript script =
        scenario.kind() == Kind.DEMO
            ? new DemoScript(scenario, DemoScript.Tempo.CALM, random)
            : new HeartbeatScript(prefix);
    return play(scenario, script, progress);
  }

  private Measured play(Scenario scenario, NodeScript script, Progress progress)
      throws IOException {
    Fleet fleet = new Fleet(scenario, script, random);
    running = fleet;
    return fleet.run(progress);
  }

  private void rehearse() {
    try {
      Rehearsal.run(random);
    } catch (IOException e) {
      // The first latencies will be the load tester's own, and its lag will say so.
      LOG.debug("no rehearsal", e);
    }
  }

  private int tell(Report report, @Nullable Path json) throws IOException {
    if (report.measured().nodes().connected() == 0) {
      // A table of zeros would hide the one thing there is to say.
      report.verdict().failures().stream()
          .findFirst()
          .ifPresent(failure -> err.println(NAME + ": " + report.target() + ": " + failure));
    } else {
      out.print(report.table());
      out.flush();
    }
    if (json != null) {
      Files.writeString(json, report.json());
    }
    return report.verdict().passed() ? PASSED : FAILED;
  }

  private static Map<Setting, String> flags(ParseResult parsed) {
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      String value = parsed.matchedOptionValue(setting.flag(), null);
      if (value != null) {
        flags.put(setting, value);
      }
    }
    return flags;
  }

  private static CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name(NAME);
    spec.usageMessage()
        .description("Simulates nodes against a Heartbus server and judges what they measure.")
        .footer("Exit codes: 0 passed, 1 failed, 2 wrong usage. Durations as in 500ms, 10s, 2m.")
        .sortOptions(false);
    for (Setting setting : Setting.values()) {
      OptionSpec.Builder option =
          OptionSpec.builder(setting.flag())
              .type(String.class)
              .paramLabel(setting.label())
              .description(setting.description());
      if (setting == Setting.GIVE_UP) {
        option.arity("0..1").fallbackValue("true");
      }
      spec.addOption(option.build());
    }
    spec.addOption(
        OptionSpec.builder("--config")
            .type(Path.class)
            .paramLabel("FILE")
            .description("HOCON; flags win over it")
            .build());
    spec.addOption(
        OptionSpec.builder("-h", "--help").usageHelp(true).description("show this").build());
    return spec.addOption(
        OptionSpec.builder("-V", "--version").versionHelp(true).description("show which").build());
  }

  /** The version in the manifest of the jar; there is none where the classes are in a folder. */
  private static String version() {
    String version = LoadTestMain.class.getPackage().getImplementationVersion();
    return version == null ? "(no release)" : version;
  }
}
