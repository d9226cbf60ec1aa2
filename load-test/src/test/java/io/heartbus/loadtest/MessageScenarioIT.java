package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Messages between the load tester and the server, each as its users start it. */
@Timeout(180)
class MessageScenarioIT {
  private static final Pattern READY = Pattern.compile("ready: bus \\S+:(\\d+), http \\S+:\\d+");
  private static final Pattern VERDICT = Pattern.compile("verdict");

  /** A queue that a slow member fills within a second, and a route that never reads. */
  private static final String CONFIGURATION =
      """
      heartbus.server {
        listen.port = 0
        http.port = 0
        channel.routes = [
          { match = "topic/*", handler = topic, queue-size = 50 }
          { match = "hold", handler = hold }
        ] ${heartbus.server.channel.routes}
      }
      """;

  @TempDir private Path folder;

  private JarProcess server;
  private String target;

  @BeforeEach
  void startServer() throws Exception {
    Path file = Files.writeString(folder.resolve("server.conf"), CONFIGURATION);
    server = JarProcess.start("server", READY, List.of(), List.of("--config", file.toString()));
    target = "127.0.0.1:" + server.awaitLine().group(1);
  }

  @AfterEach
  void stopServer() throws InterruptedException {
    server.end();
  }

  @Test
  void echoesInAClosedLoopAllComeBack() throws Exception {
    JsonNode messages = run("echo", "--nodes=50", "--window=16", "--channels=2").get("messages");

    assertThat(messages.get("sent").longValue()).isGreaterThan(50 * 2 * 16);
    assertThat(messages.get("received")).isEqualTo(messages.get("sent"));
  }

  @Test
  void echoesAtARateKeepIt() throws Exception {
    JsonNode report =
        run("echo", "--nodes=50", "--message-rate=500", "--message-size=10000", "--max-p99=20s");
    JsonNode messages = report.get("messages");

    assertThat(messages.get("perSecond").doubleValue()).isBetween(450.0, 550.0);
    assertThat(messages.get("received")).isEqualTo(messages.get("sent"));
    assertThat(messages.get("p99Ms").doubleValue()).isPositive();
  }

  @Test
  void slowMembersLoseWhatTheServerSaysAndTheOthersNothing() throws Exception {
    JsonNode messages =
        run(
                "fanout",
                "--nodes=40",
                "--publishers=2",
                "--topics=2",
                "--message-rate=400",
                "--slow-members=6",
                "--slow-rate=10")
            .get("messages");

    JsonNode topic = messages.get("flows").get(0);
    assertThat(topic.get("received")).isEqualTo(topic.get("expected"));
    assertThat(topic.get("dropped").longValue()).isZero();
    JsonNode slow = messages.get("flows").get(1);
    assertThat(slow.get("dropped").longValue()).isPositive();
    assertThat(slow.get("received").longValue() + slow.get("dropped").longValue())
        .isEqualTo(slow.get("expected").longValue());
  }

  @Test
  void everythingAtOnceBesideChannelsThatAreStuck() throws Exception {
    JsonNode report =
        run(
            "mixed",
            "--nodes=50",
            "--message-rate=500",
            "--publish-rate=20",
            "--stuck-channels=15");

    assertThat(report.get("channels").get("stuck").intValue()).isEqualTo(50 * 15);
    assertThat(report.get("heartbeats").get("acked"))
        .isEqualTo(report.get("heartbeats").get("sent"));
    JsonNode messages = report.get("messages");
    assertThat(messages.get("flows")).hasSize(2);
    assertThat(messages.get("received")).isEqualTo(messages.get("expected"));
  }

  @Test
  void aRouteThatTheServerHasNotFailsTheRun() throws Exception {
    Path json = folder.resolve("report.json");
    JarProcess load = load(json, "echo", "--nodes=2", "--stuck-channels=1", "--stuck-route=none");

    assertThat(load.awaitExit()).as(load.output()).isEqualTo(1);
    assertThat(load.output()).contains("2 channels were lost: refused: ERROR NO_ROUTE");
  }

  /** A run that has to pass. Returns its report. */
  private JsonNode run(String scenario, String... more) throws Exception {
    Path json = folder.resolve("report.json");
    JarProcess load = load(json, scenario, more);

    assertThat(load.awaitExit()).as(load.output()).isZero();
    JsonNode report = JsonMapper.shared().readTree(Files.readString(json));
    assertThat(report.get("verdict").get("passed").booleanValue()).isTrue();
    assertThat(report.get("nodes").get("lost").intValue()).isZero();
    assertThat(report.get("heartbeats").get("sent").longValue()).isPositive();
    return report;
  }

  private JarProcess load(Path json, String scenario, String... more) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("--target", target, "--scenario", scenario, "--interval=1s"));
    arguments.addAll(List.of("--duration=2s", "--json=" + json));
    arguments.addAll(List.of(more));
    return JarProcess.start("load-test", VERDICT, List.of(), arguments);
  }
}
