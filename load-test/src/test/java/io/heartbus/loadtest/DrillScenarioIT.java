package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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

/** The scenarios detect and storm against the server, as their users start them. */
@Timeout(180)
class DrillScenarioIT {
  private static final Pattern READY = Pattern.compile("ready: bus \\S+:(\\d+), http (\\S+:\\d+)");
  private static final Pattern NOTHING = Pattern.compile("$^");

  /** Free ports; and a pause of this machine holds no verdict back, or it may come too late. */
  private static final List<String> SETTINGS =
      List.of(
          "-Dheartbus.server.listen.port=0",
          "-Dheartbus.server.http.port=0",
          "-Dheartbus.server.presence.stall.gap=1h",
          "-Dheartbus.server.presence.stall.canary-timeout=1h");

  @TempDir private Path folder;

  private JarProcess server;
  private String target;
  private String http;

  @BeforeEach
  void startServer() throws Exception {
    start(SETTINGS);
  }

  private void start(List<String> settings) throws Exception {
    server = JarProcess.start("server", READY, settings, List.of());
    Matcher ready = server.awaitLine();
    target = "127.0.0.1:" + ready.group(1);
    http = ready.group(2);
  }

  @AfterEach
  void stopServer() throws InterruptedException {
    server.end();
  }

  @Test
  void everyDeathIsToldOnceAndNobodyElses() throws Exception {
    JsonNode report =
        run(
            "--scenario=detect",
            "--http=" + http,
            "--nodes=200",
            "--victims=5",
            "--interval=1s",
            "--timeout=5s",
            "--duration=12s",
            "--feed-cuts=2");

    for (JsonNode fault : report.get("detection").get("faults")) {
      boolean skipped = !fault.get("skipped").isNull();
      assertThat(fault.get("detected").intValue()).as("%s", fault).isEqualTo(skipped ? 0 : 5);
    }
    // Every node comes and goes.
    assertThat(report.get("detection").get("feed").get("events").intValue())
        .isGreaterThanOrEqualTo(400);
  }

  @Test
  void aServerOnLoopbackAloneCannotBeReachedFromANetworkNamespace() throws Exception {
    server.end();
    List<String> loopback = new ArrayList<>(SETTINGS);
    loopback.add("-Dheartbus.server.listen.host=127.0.0.1");
    start(loopback);

    JsonNode report =
        run(
            "--scenario=detect",
            "--http=" + http,
            "--nodes=10",
            "--victims=1",
            "--interval=1s",
            "--timeout=3s",
            "--duration=10s");

    JsonNode drop = report.get("detection").get("faults").get(3);
    assertThat(drop.get("fault").stringValue()).isEqualTo("drop");
    // Who is not root, or has no network namespaces, is told that instead.
    String obstacle =
        Namespace.obstacle(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)));
    assertThat(drop.get("skipped").stringValue())
        .contains(obstacle == null ? "it must listen on 0.0.0.0" : obstacle);
  }

  @Test
  void everybodyIsBackAfterAStorm() throws Exception {
    JsonNode report =
        run(
            "--scenario=storm",
            "--nodes=300",
            "--untouched=50",
            "--rounds=2",
            "--interval=1s",
            "--timeout=10s");

    JsonNode rounds = report.get("storm").get("rounds");
    assertThat(rounds).hasSize(2);
    for (JsonNode round : rounds) {
      assertThat(round.get("back").intValue()).isEqualTo(250);
      assertThat(round.get("backAllMs").doubleValue()).isPositive();
    }
  }

  private JsonNode run(String... flags) throws IOException, InterruptedException {
    Path json = folder.resolve("report.json");
    List<String> arguments = new ArrayList<>(List.of("--target=" + target, "--json=" + json));
    arguments.addAll(List.of(flags));
    JarProcess load = JarProcess.start("load-test", NOTHING, List.of(), arguments);
    assertThat(load.awaitExit()).as(load.output()).isZero();
    return JsonMapper.shared().readTree(Files.readString(json));
  }
}
