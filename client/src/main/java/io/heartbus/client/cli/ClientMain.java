package io.heartbus.client.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The entry point of {@code client/bin/heartbus}. Ends with 0 when all went well, 1 when the work
 * failed and 2 when usage or configuration is wrong, in each case with one line on standard error.
 */
@Command(
    name = "heartbus",
    description = "A node of the heartbeat bus, its messages and its state, from the shell.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = ClientMain.Version.class)
public final class ClientMain implements Runnable {
  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  private ClientMain() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    // The library's warnings only, on standard error; a user's own setting wins.
    if (System.getProperty("org.slf4j.simpleLogger.defaultLogLevel") == null) {
      System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    }
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    System.exit(run(System.in, out, System.err, args));
  }

  /** Runs one command; the answer is the exit code. */
  static int run(InputStream in, PrintStream out, PrintStream err, String... args) {
    Terminal terminal = new Terminal(in, out);
    CommandLine line =
        new CommandLine(new ClientMain())
            .addSubcommand(new NodeCommand(terminal))
            .addSubcommand(new SendCommand(terminal))
            .addSubcommand(new PublishCommand(terminal))
            .addSubcommand(new NodesCommand(terminal))
            .addSubcommand(new TopCommand(terminal))
            .addSubcommand(new WatchCommand(terminal));
    return line.registerConverter(Duration.class, new DurationConverter())
        .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((e, _) -> misused(e.getCommandLine(), e))
        .setExecutionExceptionHandler((e, command, _) -> failed(command, e))
        .execute(args);
  }

  /** Without a command there is nothing to do. */
  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "a command is missing: " + names(spec.commandLine()));
  }

  private static String names(CommandLine line) {
    return String.join(", ", line.getSubcommands().keySet());
  }

  private static int misused(CommandLine line, Exception e) {
    String hint = "; see " + line.getCommandSpec().qualifiedName() + " --help";
    line.getErr().println("heartbus: " + oneLine(e) + hint);
    return MISUSED;
  }

  private static int failed(CommandLine line, Exception e) {
    if (e instanceof Terminal.NobodyReads) {
      return CommandLine.ExitCode.OK;
    }
    boolean expected = e instanceof IOException || e instanceof IllegalArgumentException;
    line.getErr()
        .println("heartbus: " + (expected ? "" : e.getClass().getName() + ": ") + oneLine(e));
    return e instanceof IllegalArgumentException ? MISUSED : FAILED;
  }

  private static String oneLine(Exception e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message.lines().findFirst().orElse("");
  }

  /** Says which build this is. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = ClientMain.class.getPackage().getImplementationVersion();
      return new String[] {"heartbus " + (version == null ? "(not packaged)" : version)};
    }
  }
}
