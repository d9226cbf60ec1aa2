package io.heartbus.client.cli;

import io.heartbus.client.Await;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One run of the command line inside the test's own JVM. */
final class Cli {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Await.Running<Integer> run;

  private Cli(String input, String... arguments) {
    ByteArrayInputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
    run =
        Await.start(() ->
            ClientMain.run(
                in,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments));
  }

  static Cli run(String... arguments) {
    return new Cli("", arguments);
  }

  static Cli runWithInput(String input, String... arguments) {
    return new Cli(input, arguments);
  }

  /** As a person would with Ctrl-C, were it a process of its own. */
  void interrupt() {
    run.interrupt();
  }

  /** Waits for the end. */
  int exitCode() throws Exception {
    return run.get();
  }

  List<String> lines() {
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  List<String> errors() {
    return err.toString(StandardCharsets.UTF_8).lines().toList();
  }

  void awaitLine(String start) {
    Await.until("a line " + start, () -> lines().stream().anyMatch(l -> l.startsWith(start)));
  }
}
