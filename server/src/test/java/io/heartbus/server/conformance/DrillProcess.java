package io.heartbus.server.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A {@link DrillServer}, from outside. One thread. */
final class DrillProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  private final Queue<String> printed = new ConcurrentLinkedQueue<>();
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final InetSocketAddress bus;
  private final int httpPort;

  private DrillProcess(Process process) throws InterruptedException {
    this.process = process;
    Thread.startVirtualThread(this::read);
    String[] ports = answer("listening").split(" ", -1);
    bus = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(ports[1]));
    httpPort = Integer.parseInt(ports[2]);
  }

  /** Starts one with those flags of the JVM; it listens when this returns. */
  static DrillProcess start(String settings, String... flags)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx256m"));
    command.addAll(List.of(flags));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(DrillServer.class.getName(), settings));
    return new DrillProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  InetSocketAddress bus() {
    return bus;
  }

  Http http() {
    return new Http(httpPort);
  }

  /** Has it do something, and waits until that is done. */
  void command(String line) throws IOException, InterruptedException {
    Writer input = process.outputWriter(StandardCharsets.UTF_8);
    input.write(line + "\n");
    input.flush();
    answer("done");
  }

  /** Sends it a signal, by its name without SIG. */
  void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    if (kill.waitFor() != 0) {
      throw new AssertionError("kill -" + name + " failed");
    }
  }

  /** The lines it printed so far that have that in them. */
  List<String> printed(String part) {
    return printed.stream().filter(line -> line.contains(part)).toList();
  }

  private String answer(String first) throws InterruptedException {
    String answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (answer == null || !answer.startsWith(first)) {
      throw new AssertionError("said " + answer + ", not " + first + ":\n" + printed);
    }
    return answer;
  }

  private void read() {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        printed.add(line);
        if (line.startsWith("listening") || line.startsWith("done")) {
          answers.add(line);
        }
      }
    } catch (IOException ended) {
      printed.add(ended.toString());
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
