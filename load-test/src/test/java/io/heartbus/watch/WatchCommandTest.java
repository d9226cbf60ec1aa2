package io.heartbus.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.heartbus.client.ClientOptions;
import io.heartbus.client.HeartbeatClient;
import io.heartbus.server.HeartbeatServer;
import io.heartbus.server.ServerConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** {@code heartbus watch} as a process of its own, against a real server. */
class WatchCommandTest {
  private static HeartbeatServer start(int port, int httpPort) throws IOException {
    return HeartbeatServer.start(
        ServerConfig.of(
            ConfigFactory.parseString(
                """
                heartbus.server {
                  listen { host = "127.0.0.1", port = %d }
                  http.port = %d
                  # A pause of this machine would be an event more.
                  presence.stall { gap = 1 h, canary-timeout = 1 h }
                }
                """
                    .formatted(port, httpPort))));
  }

  private static void visit(HeartbeatServer server, String id) throws Exception {
    String address = "127.0.0.1:" + server.busAddress().getPort();
    HeartbeatClient.connect(ClientOptions.defaults().withServers(address).withNodeId(id)).close();
  }

  /** The command, and what it has printed so far. */
  private static final class Command implements AutoCloseable {
    private final Process process;
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    Command(int httpPort, String... more) throws IOException {
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  "io.heartbus.client.cli.ClientMain",
                  "watch",
                  "--http",
                  "127.0.0.1:" + httpPort));
      command.addAll(List.of(more));
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
      Thread.ofVirtual().start(this::read);
    }

    private void read() {
      try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
        out.lines().forEach(lines::add);
      } catch (IOException | UncheckedIOException ended) {
        // The test is over.
      }
    }

    void awaitLine(String part) {
      Ledger.await(
          part + " in " + lines, () -> lines.stream().anyMatch(line -> line.contains(part)));
    }

    long count(String part) {
      return lines.stream().filter(line -> line.contains(part)).count();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  @Test
  void itTellsWhatHappensAndThatTheServerWasStartedAnew() throws Exception {
    Command watch;
    int port;
    int httpPort;
    try (HeartbeatServer server = start(0, 0)) {
      port = server.busAddress().getPort();
      httpPort = server.httpAddress().getPort();
      watch = new Command(httpPort, "--after", "0");
      visit(server, "early");
      watch.awaitLine("offline node=early cause=LEFT");
    }
    try (watch;
        HeartbeatServer anew = start(port, httpPort)) {
      visit(anew, "late");
      watch.awaitLine("# the server was started anew; events behind 2 are lost");
      watch.awaitLine("offline node=late cause=LEFT");
      assertThat(watch.count("early")).isEqualTo(2);
      assertThat(watch.count("online node=late")).isEqualTo(1);
    }
  }

  @Test
  void aFilterThatTheServerDoesNotKnowEndsItWithTheReason() throws Exception {
    try (HeartbeatServer server = start(0, 0);
        Command watch = new Command(server.httpAddress().getPort(), "--type", "gone")) {
      watch.awaitLine("answers 400: type must be one or more of online, suspect");
      assertThat(watch.process.waitFor()).isEqualTo(1);
    }
  }
}
