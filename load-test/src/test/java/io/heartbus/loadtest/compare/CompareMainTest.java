package io.heartbus.loadtest.compare;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.heartbus.server.HeartbeatServer;
import io.heartbus.server.ServerConfig;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CompareMainTest {
  private static final long OWN_PID = ProcessHandle.current().pid();

  @TempDir private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    return CompareMain.run(
        args, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
  }

  @Test
  void everyLoadOfAHeartbusServerHasItsFigures() throws IOException {
    ServerConfig config =
        ServerConfig.of(
            ConfigFactory.parseString(
                """
                heartbus.server {
                  listen { host = "127.0.0.1", port = 0 }, http.port = 0, limits.control-frames = 0
                }
                """));
    List<String> loads =
        Plan.quick().stream().map(Measurement::name).filter(name -> !name.equals("idle")).toList();
    try (HeartbeatServer server = HeartbeatServer.start(config)) {
      measure("heartbus:%d:%d".formatted(server.busAddress().getPort(), OWN_PID), loads);
    }

    assertThat(out.toString(UTF_8))
        .contains("| connects/s |")
        .contains("| server CPU per beat at 1,000/s, us |")
        .contains("| echo 1,024 B, 16 under way, messages/s |")
        .contains("| fan-out to 100, deliveries/s |")
        .contains("| echo at 1,000/s, p99.9, ms |");
  }

  /** Memory takes a JVM of its own: one that tells of its heap stands still meanwhile. */
  @Test
  void memoryIsThatOfTheServer() throws Exception {
    Process server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LoomEcho.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader printed = server.inputReader(UTF_8)) {
      String port = printed.readLine().replace("ready: port ", "");
      measure("loom-echo:%s:%d".formatted(port, server.pid()), List.of("idle", "beat"));
    } finally {
      server.destroyForcibly().waitFor();
    }

    assertThat(out.toString(UTF_8))
        .contains("| resident memory with 1,000 idle, MiB |")
        .contains("| live heap per idle connection, bytes |");
  }

  /** Each has figures, all more than nothing. Leaves the table in what was printed. */
  private void measure(String target, List<String> names) throws IOException {
    Path file = folder.resolve("samples.jsonl");
    String only = String.join(",", names);
    assertThat(
            run("measure", "--quick", "--only", only, "--target", target, "--out", file.toString()))
        .as(err.toString(UTF_8))
        .isZero();

    List<Sample> samples = Files.readAllLines(file).stream().map(Sample::parse).toList();
    assertThat(samples).extracting(Sample::measurement).containsExactlyElementsOf(names);
    for (Sample sample : samples) {
      assertThat(sample.failure()).as(sample.measurement()).isNull();
      assertThat(sample.doubts()).as(sample.measurement()).doesNotContain("answers missing");
      assertThat(sample.figures()).as(sample.measurement()).isNotEmpty();
      sample
          .figures()
          .forEach((label, value) -> {
            // A fresh JVM may have touched all that so few connections need.
            if (!label.startsWith("resident memory per")) {
              assertThat(value).as(label).isPositive();
            }
          });
    }
    out.reset();
    assertThat(run("table", "--out", file.toString())).isZero();
  }

  @Test
  void aServerThatClosesFailsWhatIsMeasuredAndNoMore() throws Exception {
    Path samples = folder.resolve("samples.jsonl");
    try (ServerSocket closing = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(() -> {
            try {
              while (true) {
                Socket peer = closing.accept();
                peer.close();
              }
            } catch (IOException over) {
              return;
            }
          });
      String target = "nats:%d:%d".formatted(closing.getLocalPort(), OWN_PID);
      int code =
          run("measure", "--quick", "--only=beat,fanout", "--target=" + target, "--out=" + samples);
      assertThat(code).isZero();
    }

    assertThat(Files.readAllLines(samples).stream().map(Sample::parse))
        .extracting(Sample::failure)
        .hasSize(2)
        .doesNotContainNull();
  }

  @Test
  void aPlanSaysWhatWillBeDone() {
    assertThat(run("plan", "--only", "idle,fanout")).isZero();
    assertThat(out.toString(UTF_8).lines())
        .hasSize(2)
        .first()
        .asString()
        .matches("idle +[\\d,]+ to [\\d,]+ connections, idle for 15 s after 8 beats");
  }

  @Test
  void fewDescriptorsMakeFewConnections() {
    Idle idle = (Idle) Plan.full(1_200).getFirst();

    assertThat(idle.few()).isEqualTo(200);
    assertThat(idle.many()).isEqualTo(1_200);
  }

  @Test
  void wrongUsageIsOneLineAndCode2() {
    assertThat(run("plan", "--only", "beat,beats")).isEqualTo(2);
    assertThat(err.toString(UTF_8).lines()).hasSize(1).first().asString().contains("'beats'");
    assertThat(run("measure", "--target", "redis:1:2")).isEqualTo(2);
    assertThat(run("measure", "--target", "nats:1")).isEqualTo(2);
    assertThat(run("measure", "--target", "nats:one:2")).isEqualTo(2);
    assertThat(run("chart")).isEqualTo(2);
    assertThat(run("plan", "--fast")).isEqualTo(2);
    assertThat(run("table", "--out", folder.resolve("none").toString())).isEqualTo(1);
  }
}
