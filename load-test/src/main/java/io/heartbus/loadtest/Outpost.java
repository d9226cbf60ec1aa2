package io.heartbus.loadtest;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process of its own that holds some nodes of the run, so that they can be stopped or cut off
 * together. What it tells is entered into the book by a virtual thread. One thread gives the
 * orders.
 */
final class Outpost implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A few nodes need no more; a small process disturbs the measurement least. */
  private static final List<String> JVM =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xmx128m",
          "-Djava.net.preferIPv4Stack=true");

  private final Process process;
  private final PresenceBook book;
  private final int nodes;
  private final long startedNanos = System.nanoTime();

  /** Empty when the step was done, else why it was not. */
  private final CompletableFuture<String> ready = new CompletableFuture<>();

  private final CompletableFuture<String> allIn = new CompletableFuture<>();

  private Outpost(Process process, PresenceBook book, int nodes) {
    this.process = process;
    this.book = book;
    this.nodes = nodes;
  }

  /**
   * Starts the process, which does nothing until {@link #begin()}.
   *
   * @param wrapper the command that runs it; empty for none
   * @param first the number of its first node
   * @param settings what its nodes do
   * @throws IOException when it cannot be started, with what it said
   */
  static Outpost start(
      List<String> wrapper, int first, Map<Setting, String> settings, PresenceBook book)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(wrapper);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM);
    settings.forEach((setting, value) -> command.add("-D" + setting.path() + "=" + value));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(OutpostMain.class.getName());
    command.add(Integer.toString(first));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    int nodes = Integer.parseInt(settings.getOrDefault(Setting.NODES, "1"));
    Outpost outpost = new Outpost(process, book, nodes);
    Thread.ofVirtual().start(outpost::read);
    try {
      await(outpost.ready);
      return outpost;
    } catch (IOException e) {
      outpost.close();
      throw e;
    }
  }

  long pid() {
    return process.pid();
  }

  /**
   * Has the nodes connect, and waits until all are in.
   *
   * @throws IOException when one was refused, or they take too long
   */
  void begin() throws IOException, InterruptedException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    await(allIn);
  }

  /** Has the whole process stand still, from before this returns. */
  void stop() throws IOException, InterruptedException {
    Command.run(List.of("sh", "-c", "kill -STOP " + pid()));
  }

  /** Kills it, also when it stands still. */
  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    kill();
  }

  private static void await(CompletableFuture<String> step)
      throws IOException, InterruptedException {
    try {
      String obstacle = step.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (!obstacle.isEmpty()) {
        throw new IOException(obstacle);
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("no step ever throws", e);
    } catch (TimeoutException e) {
      throw new IOException("no answer within " + PATIENCE.toSeconds() + " s", e);
    }
  }

  private void read() {
    String lastWords = "its process ended";
    int in = 0;
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        switch (OutpostLine.parse(line)) {
          case OutpostLine.Ready(var theirNanos) -> ready(theirNanos);
          case OutpostLine.In(var index, var nowNanos, var intervalMs, var timeoutMs) -> {
            book.entered(index, nowNanos, intervalMs, timeoutMs);
            if (++in == nodes) {
              boolean _ = allIn.complete("");
            }
          }
          case OutpostLine.Speaking(var index, var nowNanos) -> book.spoke(index, nowNanos);
          case OutpostLine.Refused(var reason) -> fail(reason);
          case null -> lastWords = line;
        }
      }
    } catch (IOException e) {
      lastWords = String.valueOf(e.getMessage());
    }
    fail(lastWords);
  }

  /** Two processes can only be compared by one clock. */
  private void ready(long theirNanos) {
    if (theirNanos - startedNanos < 0 || theirNanos - System.nanoTime() > 0) {
      fail("the clocks of two processes differ on this machine");
    }
    boolean _ = ready.complete("");
  }

  private void fail(String why) {
    boolean _ = ready.complete(why);
    boolean _ = allIn.complete(why);
  }
}
