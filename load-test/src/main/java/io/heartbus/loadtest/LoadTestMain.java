package io.heartbus.loadtest;

import io.heartbus.loadtest.Scenario.Kind;
import io.heartbus.loadtest.scrape.Scraper;
import io.heartbus.loadtest.series.HistogramFile;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
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
    CommandLine commandLine = Arguments.commandLine(NAME);
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
    Arguments arguments = Arguments.of(parsed);
    Settings settings = Settings.load(arguments.config(), arguments.flags());
    Destinations destinations = settings.destinations();
    String command = NAME + " " + String.join(" ", args);
    if (!arguments.join().isEmpty()) {
      return tell(join(arguments.join(), destinations, command), destinations);
    }
    return tell(measure(settings, destinations, command), destinations);
  }

  private static Report join(List<Path> files, Destinations destinations, String command)
      throws UsageException, IOException {
    Join join = Join.read(files);
    Path hlog = destinations.hlog();
    if (hlog != null) {
      join.write(hlog);
    }
    return join.report(command).with(destinations.hlogName());
  }

  private Report measure(Settings settings, Destinations destinations, String command)
      throws UsageException, IOException {
    Scenario scenario = settings.scenario();
    InetSocketAddress metrics = settings.metrics(scenario);
    Preflight.check(scenario, Machine.limits(), Machine::owns);
    rehearse();
    Path hlog = destinations.hlog();
    Timeline timeline =
        new Timeline(
            new Progress(err, Machine.errorIsTerminal(), scenario),
            hlog == null ? null : HistogramFile.create(hlog),
            metrics == null ? null : new Scraper(metrics));
    Measured measured;
    try (timeline) {
      String fresh = "load-" + HexFormat.of().toHexDigits(random.nextInt(), 6) + "-";
      measured = play(scenario, settings.nodePrefix(fresh), timeline);
    }
    return Report.of(scenario, settings.values(), measured, timeline, command)
        .with(destinations.hlogName());
  }

  private Measured play(Scenario scenario, String prefix, Timeline timeline) throws IOException {
    Storm storm = scenario.storm();
    if (storm != null) {
      StormScript script = new StormScript(prefix, scenario, storm);
      return play(scenario, script, timeline).with(script.figures());
    }
    Faults faults = scenario.faults();
    if (faults != null) {
      DetectRun run = new DetectRun(scenario, faults, prefix, random);
      return run.play(timeline, fleet -> running = fleet);
    }
    NodeScript script =
        scenario.kind() == Kind.DEMO
            ? new DemoScript(scenario, DemoScript.Tempo.CALM, random)
            : new HeartbeatScript(prefix);
    return play(scenario, script, timeline);
  }

  private Measured play(Scenario scenario, NodeScript script, Timeline timeline)
      throws IOException {
    Fleet fleet = new Fleet(scenario, script, random);
    running = fleet;
    return fleet.run(timeline);
  }

  private void rehearse() {
    try {
      Rehearsal.run(random);
    } catch (IOException e) {
      // The first latencies will be the load tester's own, and its lag will say so.
      LOG.debug("no rehearsal", e);
    }
  }

  private int tell(Report report, Destinations destinations) throws IOException {
    if (report.measured().nodes().connected() == 0) {
      // A table of zeros would hide the one thing there is to say.
      report.verdict().failures().stream()
          .findFirst()
          .ifPresent(failure -> err.println(NAME + ": " + report.target() + ": " + failure));
    } else {
      out.print(report.table());
      out.flush();
    }
    Path json = destinations.json();
    if (json != null) {
      Files.writeString(json, report.json());
    }
    Path html = destinations.html();
    if (html != null) {
      Files.writeString(html, report.html());
    }
    return report.verdict().passed() ? PASSED : FAILED;
  }

  /** The version in the manifest of the jar; there is none where the classes are in a folder. */
  private static String version() {
    String version = LoadTestMain.class.getPackage().getImplementationVersion();
    return version == null ? "(no release)" : version;
  }
}
