package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.loadtest.series.Histograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The load tester against the server, each as its users start it: two processes, two fat jars. */
@Timeout(180)
class HeartbeatScenarioIT {
  private static final Pattern READY = Pattern.compile("ready: bus \\S+:(\\d+), http \\S+:(\\d+)");
  private static final int NODES = 500;
  private static final Pattern ALL_IN = Pattern.compile(NODES + " of " + NODES + " nodes in");
  private static final Pattern DEMO = Pattern.compile("demo: [1-9]\\d* of 500 nodes connected");

  @TempDir private Path folder;

  private final List<JarProcess> loads = new ArrayList<>();
  private JarProcess server;
  private String target;
  private String httpPort;

  @BeforeEach
  void startServer() throws Exception {
    List<String> freePorts =
        List.of("-Dheartbus.server.listen.port=0", "-Dheartbus.server.http.port=0");
    server = JarProcess.start("server", READY, freePorts, List.of());
    Matcher ready = server.awaitLine();
    target = "127.0.0.1:" + ready.group(1);
    httpPort = ready.group(2);
  }

  @AfterEach
  void stopAll() throws InterruptedException {
    for (JarProcess load : loads) {
      load.end();
    }
    server.end();
  }

  @Test
  void fiveHundredNodesBeatAndEveryBeatIsAnswered() throws Exception {
    Path json = folder.resolve("report.json");
    JarProcess load = load(ALL_IN, "heartbeat", "--interval=1s", "--duration=6s", "--json=" + json);

    assertThat(load.awaitExit()).as(load.output()).isZero();
    JsonNode report = JsonMapper.shared().readTree(Files.readString(json));
    assertThat(report.get("nodes").get("connected").intValue()).isEqualTo(NODES);
    assertThat(report.get("nodes").get("lost").intValue()).isZero();
    long sent = report.get("heartbeats").get("sent").longValue();
    assertThat(sent).isGreaterThan(3L * NODES);
    assertThat(report.get("heartbeats").get("acked").longValue()).isEqualTo(sent);
    assertThat(report.get("heartbeats").get("p99Ms").doubleValue()).isPositive();
    assertThat(report.get("verdict").get("passed").booleanValue()).isTrue();
  }

  @Test
  void aBoundThatNobodyCanKeepFails() throws Exception {
    JarProcess load = load(ALL_IN, "connect", "--max-p99=0ms");

    assertThat(load.awaitExit()).as(load.output()).isEqualTo(1);
    assertThat(load.output()).contains(NODES + " connected", "verdict     FAILED");
  }

  @Test
  void aServerThatIsKilledMakesTheRunFail() throws Exception {
    JarProcess load = load(ALL_IN, "heartbeat", "--interval=1s", "--duration=10m");
    load.awaitLine();
    server.kill();

    assertThat(load.awaitExit()).as(load.output()).isEqualTo(1);
    assertThat(load.output())
        .contains("500 nodes were lost", "verdict     FAILED")
        .containsPattern("note +at \\d+\\.\\d s the server ended 500 of 500 connections");
  }

  @Test
  void aRunThatIsStoppedReportsWhatItMeasured() throws Exception {
    Path json = folder.resolve("report.json");
    Path html = folder.resolve("report.html");
    Path hlog = folder.resolve("report.hlog");
    JarProcess load =
        load(
            ALL_IN,
            "heartbeat",
            "--interval=1s",
            "--duration=10m",
            "--json=" + json,
            "--html=" + html,
            "--hlog=" + hlog,
            "--metrics=127.0.0.1:" + httpPort);
    load.awaitLine();
    load.terminate();

    assertThat(load.awaitExit()).as(load.output()).isEqualTo(1);
    assertThat(load.output()).contains("500 connected", "stopped before its end");
    JsonNode report = JsonMapper.shared().readTree(Files.readString(json));
    assertThat(report.get("interrupted").booleanValue()).isTrue();
    long acked = report.get("heartbeats").get("acked").longValue();
    assertThat(acked).isPositive();
    assertThat(Histograms.read(hlog).heartbeats().getTotalCount()).isEqualTo(acked);
    assertThat(report.get("series").get("serverNodes").valueStream().map(JsonNode::toString))
        .contains("500");
    assertThat(html).content().contains("<html", "stopped before its end");
  }

  @Test
  void theDemoRunsUntilItIsAskedToStop() throws Exception {
    JarProcess load = load(DEMO, "demo");
    load.awaitLine();
    load.terminate();

    assertThat(load.awaitExit()).as(load.output()).isZero();
    assertThat(load.output()).contains("verdict     passed");
  }

  private JarProcess load(Pattern awaited, String scenario, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("--target", target, "--scenario", scenario, "--nodes=" + NODES));
    arguments.addAll(List.of(more));
    JarProcess load = JarProcess.start("load-test", awaited, List.of(), arguments);
    loads.add(load);
    return load;
  }
}
