package io.heartbus.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process of its own: what it says, and its exit code. */
@Timeout(120)
class ServerMainTest {
  private static final Pattern READY =
      Pattern.compile(
          "\\S+ INFO ServerMain - ready: bus 127\\.0\\.0\\.1:(\\d+), http (\\S+:\\d+), .*");
  private static final String ANY_PORTS =
      """
      heartbus.server {
        listen { host = "127.0.0.1", port = 0 }
        http.port = 0
        drain.window = 0
      }
      """;

  @TempDir private Path folder;

  /** What a finished process left behind. */
  private record Outcome(int exitCode, String out, String err) {}

  @Test
  void aRightConfigurationPassesTheCheck() throws Exception {
    Path file = write(ANY_PORTS);
    Outcome outcome = run(Map.of(), "--check", "--config", file.toString());
    assertThat(outcome.out()).isEqualTo(file + ": fine\n");
    assertThat(outcome.exitCode()).isZero();
  }

  @Test
  void aWrongConfigurationIsOneLineAndTwo() throws Exception {
    Path file = write("heartbus.server {\n  limits.max-frame = 1 KiB\n}");
    for (String[] arguments :
        new String[][] {{"--check", "--config", file.toString()}, {"--config", file.toString()}}) {
      Outcome outcome = run(Map.of(), arguments);
      assertThat(outcome.err())
          .isEqualTo(
              "heartbus-server: "
                  + file
                  + ":2: heartbus.server.limits.max-frame = 1 KiB: must be a size from 4 KiB to"
                  + " 16777215 B\n");
      assertThat(outcome.exitCode()).isEqualTo(2);
    }
  }

  @Test
  void aFileThatIsAskedForHasToBeThere() throws Exception {
    Outcome outcome = run(Map.of(), "--config", "ghost.conf");
    assertThat(outcome.err()).isEqualTo("heartbus-server: ghost.conf: no such file\n");
    assertThat(outcome.exitCode()).isEqualTo(2);
  }

  @Test
  void theUsualFileMayBeAbsent() throws Exception {
    Outcome outcome = run(Map.of(), "--check");
    assertThat(outcome.out()).contains("there is no conf/server.conf, so the defaults count");
    assertThat(outcome.exitCode()).isZero();
  }

  @Test
  void wrongUsageIsTwoAndHelpIsZero() throws Exception {
    Outcome wrong = run(Map.of(), "--prot", "9501");
    assertThat(wrong.err()).contains("--prot").contains("Usage: heartbus-server");
    assertThat(wrong.exitCode()).isEqualTo(2);
    Outcome help = run(Map.of(), "--help");
    assertThat(help.out()).contains("--config", "--check", "--help", "--version");
    assertThat(help.exitCode()).isZero();
    assertThat(run(Map.of(), "--version").out()).startsWith("heartbus-server ");
  }

  @Test
  void theEnvironmentOutranksTheFile() throws Exception {
    Path file = write(ANY_PORTS);
    Map<String, String> wrong =
        Map.of("CONFIG_FORCE_heartbus_server_limits_max__connections__per__ip", "-4");
    Outcome outcome = run(wrong, "--check", "--config", file.toString());
    assertThat(outcome.err())
        .isEqualTo(
            "heartbus-server: environment variable"
                + " CONFIG_FORCE_heartbus_server_limits_max__connections__per__ip:"
                + " heartbus.server.limits.max-connections-per-ip = -4: must be a whole number from"
                + " 0 to 10000000\n");
    assertThat(outcome.exitCode()).isEqualTo(2);
  }

  @Test
  void aPortThatIsTakenIsOneLineAndTwo() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      Path file = write(ANY_PORTS);
      for (String key : new String[] {"listen_port", "http_port"}) {
        Outcome outcome =
            run(Map.of("CONFIG_FORCE_heartbus_server_" + key, port), "--config", file.toString());
        assertThat(outcome.err())
            .startsWith("heartbus-server: ")
            .contains(port, "in use")
            .containsOnlyOnce("\n");
        assertThat(outcome.exitCode()).isEqualTo(2);
      }
    }
  }

  @Test
  void aHostThatIsNotThereIsOneLineAndTwo() throws Exception {
    for (String key : new String[] {"listen.host", "http.host"}) {
      Path file = write(ANY_PORTS + "heartbus.server." + key + " = no-such-host.invalid");
      Outcome outcome = run(Map.of(), "--config", file.toString());
      assertThat(outcome.err())
          .startsWith("heartbus-server: " + key)
          .contains("no-such-host.invalid:0: no such host")
          .containsOnlyOnce("\n");
      assertThat(outcome.exitCode()).isEqualTo(2);
    }
  }

  @Test
  void aServerSaysWhereItIsAndEndsWell() throws Exception {
    Process server = start(Map.of(), "--config", write(ANY_PORTS).toString());
    try (BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
      List<String> lines = new ArrayList<>();
      Matcher ready = READY.matcher("");
      while (!ready.matches()) {
        String line = out.readLine();
        assertThat(line).as("said so far: %s", lines).isNotNull();
        lines.add(line);
        ready = READY.matcher(line);
      }
      assertThat(lines)
          .anyMatch(line -> line.contains("file descriptors"))
          .anyMatch(line ->
              line.endsWith("offline verdicts by silence at most 300 ms after the timeout"));
      assertThat(status("http://" + ready.group(2) + "/healthz")).isEqualTo(200);
      server.toHandle().destroy();
      assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(server.exitValue()).isZero();
      assertThat(out.readAllAsString()).contains("draining", "ended");
    } finally {
      server.destroyForcibly();
    }
  }

  private static int status(String url) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("server.conf"), text);
  }

  private Outcome run(Map<String, String> environment, String... arguments) throws Exception {
    Process process = start(environment, arguments);
    try {
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return new Outcome(process.exitValue(), out, Files.readString(folder.resolve("err")));
    } finally {
      process.destroyForcibly();
    }
  }

  private Process start(Map<String, String> environment, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ServerMain.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectError(folder.resolve("err").toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }
}
