package io.heartbus.loadtest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.loadtest.series.Histograms;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class LoadTestMainTest {
  @TempDir private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void aGoodRunPrintsATableWritesJsonAndEndsWithZero() throws IOException {
    Path json = folder.resolve("report.json");
    try (FakeServer server = FakeServer.honest(200)) {
      int code =
          run(
              server.target(),
              "heartbeat",
              "--duration=1s",
              "--max-p99=20s",
              "--json=" + json,
              "--hlog=" + folder.resolve("report.hlog"));

      assertThat(code).as(err()).isZero();
      assertThat(out.toString(UTF_8)).contains("20 connected", "verdict     passed");
    }
    JsonNode report = JsonMapper.shared().readTree(Files.readString(json));
    assertThat(report.get("hlog").stringValue()).isEqualTo("report.hlog");
    Histograms latencies = Histograms.read(folder.resolve("report.hlog"));
    assertThat(latencies.heartbeats().getTotalCount())
        .isEqualTo(report.get("heartbeats").get("acked").longValue());
    assertThat(latencies.connects().getTotalCount()).isEqualTo(20);
    assertThat(report.get("histograms").get("heartbeats").size()).isPositive();
    assertThat(report.get("series").get("nodes").get(0).intValue()).isEqualTo(20);
    assertThat(report.get("scenario").stringValue()).isEqualTo("heartbeat");
    assertThat(report.get("nodes").get("connected").intValue()).isEqualTo(20);
    assertThat(report.get("heartbeats").get("acked").intValue()).isPositive();
    assertThat(report.get("verdict").get("passed").booleanValue()).isTrue();
  }

  @Test
  void theServersMetricsAreToldBesideTheRunAndTheirAbsenceDoesNoHarm() throws IOException {
    Path json = folder.resolve("report.json");
    try (FakeServer server = FakeServer.honest(200)) {
      // What speaks HBP/2 answers no HTTP.
      int code =
          run(
              server.target(),
              "heartbeat",
              "--duration=1s",
              "--json=" + json,
              "--metrics=" + server.target());

      assertThat(code).as(err()).isZero();
    }
    JsonNode series = JsonMapper.shared().readTree(Files.readString(json)).get("series");
    assertThat(series.get("serverNodes").get(0).isNull()).isTrue();
  }

  @Test
  void aRunOfMessagesPrintsThemToo() throws IOException {
    Path json = folder.resolve("report.json");
    try (FakeServer server = FakeServer.playing(new FakeBus(FakeBus.Delivery.HONEST))) {
      int code =
          run(
              server.target(),
              "mixed",
              "--duration=1s",
              "--publishers=2",
              "--stuck-channels=2",
              "--json=" + json);

      assertThat(code).as(err() + out).isZero();
      assertThat(out.toString(UTF_8))
          .contains("80 opened, 40 stuck, 0 lost", "0 corrupted", "verdict     passed");
    }
    JsonNode messages = JsonMapper.shared().readTree(Files.readString(json)).get("messages");
    assertThat(messages.get("received").intValue()).isPositive();
    assertThat(messages.get("received")).isEqualTo(messages.get("expected"));
  }

  @Test
  void aMissedBoundEndsWithOne() throws IOException {
    try (FakeServer server = FakeServer.honest(200)) {
      assertThat(run(server.target(), "connect", "--max-p99=0ms")).isEqualTo(1);
    }
    assertThat(out.toString(UTF_8)).contains("verdict     FAILED", "p99 of the connects is");
  }

  @Test
  void aClosedPortIsOneClearLine() throws IOException {
    String target;
    try (ServerSocket closed = new ServerSocket()) {
      closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      target = "127.0.0.1:" + closed.getLocalPort();
    }

    assertThat(run(target, "heartbeat", "--duration=1s")).isEqualTo(1);
    assertThat(out.size()).isZero();
    assertThat(err())
        .isEqualTo("heartbus-load-test: " + target + ": no node connected: Connection refused\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 400 Bad Request\r\n\r\n", "\u00ab", "\u00ab\u0012\u0006"})
  void aServerThatSpeaksAnotherProtocolIsOneClearLine(String garbage) throws IOException {
    FakeServer.Script script =
        peer -> {
          peer.sendRaw(garbage.getBytes(ISO_8859_1));
        };
    try (FakeServer server = FakeServer.playing(script)) {
      assertThat(run(server.target(), "heartbeat", "--duration=1s")).isEqualTo(1);
      assertThat(err())
          .startsWith("heartbus-load-test: " + server.target() + ": no node connected: ");
      assertThat(err().lines()).hasSize(1);
    }
  }

  @Test
  void aHttpServerIsRecognisedAsForeign() throws IOException {
    try (FakeServer server =
        FakeServer.playing(peer -> {
          peer.sendRaw("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
          peer.linger();
        })) {
      run(server.target(), "heartbeat", "--duration=1s");

      assertThat(err()).contains("no HBP/2 server (BAD_MAGIC");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--nodes=none",
        "--scenario=hurricane",
        "--no-such-flag",
        "--target=no-such-host.invalid:1",
        "--nodes",
        "--config=no-such-file.conf",
        "--nodes=2000000",
        "--window=5",
      })
  void wrongUsageIsOneLineAndEndsWithTwo(String flag) {
    assertThat(LoadTestMain.run(new String[] {flag}, stream(out), stream(err))).isEqualTo(2);
    assertThat(out.size()).isZero();
    assertThat(err()).startsWith("heartbus-load-test: ");
    assertThat(err().lines()).as(err()).hasSize(1);
  }

  @Test
  void anUnknownScenarioNamesTheAllowedOnes() {
    run("127.0.0.1:1", "hurricane");

    assertThat(err())
        .contains(
            "--scenario: there is no 'hurricane';"
                + " one of connect, heartbeat, echo, fanout, mixed, detect, storm, demo");
  }

  @Test
  void helpNamesEverySetting() {
    assertThat(LoadTestMain.run(new String[] {"--help"}, stream(out), stream(err))).isZero();

    for (Setting setting : Setting.values()) {
      assertThat(out.toString(UTF_8)).contains(setting.flag());
    }
  }

  private int run(String target, String scenario, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of("--target", target, "--scenario", scenario, "--nodes=20", "--interval=200ms"));
    args.addAll(List.of(more));
    return LoadTestMain.run(args.toArray(String[]::new), stream(out), stream(err));
  }

  private String err() {
    return err.toString(UTF_8);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, UTF_8);
  }
}
