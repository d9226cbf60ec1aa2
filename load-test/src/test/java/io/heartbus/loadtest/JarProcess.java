package io.heartbus.loadtest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A fat jar or a launcher that runs as a process of its own; everything it prints is kept. */
final class JarProcess {
  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final Thread reader;
  private final CompletableFuture<Matcher> found = new CompletableFuture<>();

  private JarProcess(Process process, Pattern awaited) {
    this.process = process;
    this.reader = Thread.ofVirtual().start(() -> read(awaited));
  }

  /**
   * Starts a jar of this build.
   *
   * @param module names the system property {@code heartbus.jar.MODULE}, which holds its path
   * @param awaited what {@link #awaitLine()} waits for
   */
  static JarProcess start(String module, Pattern awaited, List<String> jvm, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.addAll(jvm);
    command.add("-jar");
    command.add(System.getProperty("heartbus.jar." + module));
    command.addAll(arguments);
    return start(new ProcessBuilder(command), awaited);
  }

  /** Starts any command. */
  static JarProcess start(ProcessBuilder command, Pattern awaited) throws IOException {
    return new JarProcess(command.redirectErrorStream(true).start(), awaited);
  }

  /** The first line that has the awaited text in it. */
  Matcher awaitLine() throws Exception {
    return found.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Waits for the end and returns the exit code. */
  int awaitExit() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("still running:\n" + output());
    }
    reader.join();
    return process.exitValue();
  }

  /** What it has printed so far; all of it after {@link #awaitExit()}. */
  String output() {
    return String.join("\n", lines);
  }

  void kill() {
    process.destroyForcibly();
  }

  /** Asks it to end, as SIGTERM. */
  void terminate() {
    // By its handle: Process.destroy would also cut off its last words.
    process.toHandle().destroy();
  }

  /** Ends it for good. */
  void end() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }

  private void read(Pattern awaited) {
    try (BufferedReader input = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        lines.add(line);
        Matcher matcher = awaited.matcher(line);
        if (matcher.find()) {
          found.complete(matcher);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      found.completeExceptionally(new AssertionError("never said " + awaited + ":\n" + output()));
    }
  }
}
