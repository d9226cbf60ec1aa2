package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.client.ClientOptions;
import io.heartbus.client.HeartbeatClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The presence log on disk, in the real server: killed at any moment while nodes come and go, and
 * started anew, beside a reader who notes everything that it is told.
 */
@Timeout(180)
class PresenceLogIT {
  private static final Pattern READY = Pattern.compile("ready: bus \\S+:(\\d+), http \\S+:(\\d+)");
  private static final int KILLS = 4;
  private static final int NODES = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path folder;

  private final HttpClient http = HttpClient.newHttpClient();

  /** What the reader was told; the event with the number n is at n - 1. */
  private final List<JsonNode> told = new ArrayList<>();

  private final List<JarProcess> servers = new ArrayList<>();
  private String bus;
  private String api;
  private String epoch;

  @AfterEach
  void endAll() throws InterruptedException {
    http.close();
    for (JarProcess server : servers) {
      server.end();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"never", "interval", "always"})
  void aKilledServerGoesOnWhereItsReadersAre(String fsync) throws Exception {
    SplittableRandom random = new SplittableRandom(fsync.length());
    for (int round = 0; round <= KILLS; round++) {
      JarProcess server = start(fsync);
      if (round == 0) {
        epoch = page(0, null).get("epoch").stringValue();
      }
      AtomicBoolean over = new AtomicBoolean();
      List<Thread> nodes = comeAndGo(over);
      int until = told.size() + 50 + random.nextInt(300);
      while (told.size() < until) {
        readOn();
      }
      server.kill();
      assertThat(server.awaitExit()).isNotZero();
      over.set(true);
      for (Thread node : nodes) {
        node.join();
      }
    }
    start(fsync);
    readOn();
    checkAllOfIt();
  }

  @Test
  void aServerThatIsToldToEndGoesOnToo() throws Exception {
    JarProcess first = start("interval");
    epoch = page(0, null).get("epoch").stringValue();
    HeartbeatClient.connect(node(1)).close();
    first.terminate();
    assertThat(first.awaitExit()).isZero();
    start("interval");
    while (told.size() < 3) {
      readOn();
    }
    assertThat(told.get(2).get("cause").stringValue()).isEqualTo("SERVER_LOST");
    checkAllOfIt();
  }

  @Test
  void aSecondServerOnTheSameFolderSaysWhatItLacks() throws Exception {
    start("interval");
    assertThat(get("/readyz").body()).isEqualTo("{\"status\":\"ok\"}");
    JarProcess second = start("interval");
    HttpResponse<String> ready = get("/readyz");
    assertThat(ready.statusCode()).isEqualTo(200);
    assertThat(ready.body()).contains("another server uses");
    assertThat(get("/metrics").body()).contains("heartbeat_presence_log_warnings 1.0");
    HeartbeatClient.connect(node(1)).close();
    assertThat(page(0, null).get("events").size()).isPositive();
    assertThat(second.output().lines().filter(line -> line.contains("presence log:")))
        .singleElement()
        .asString()
        .contains("WARN", "another server uses");
  }

  private JarProcess start(String fsync) throws Exception {
    JarProcess server =
        JarProcess.start(
            "server",
            READY,
            List.of(
                "-Dheartbus.server.listen.port=0",
                "-Dheartbus.server.http.port=0",
                "-Dheartbus.server.presence.flap.suppress=0",
                // A pause of this machine would be an event more.
                "-Dheartbus.server.presence.stall.gap=1h",
                "-Dheartbus.server.presence.stall.canary-timeout=1h",
                // Small, so that there are many, and most is read from them.
                "-Dheartbus.server.presence.log.segment=64 KiB",
                "-Dheartbus.server.presence.log.events=50",
                "-Dheartbus.server.presence.log.fsync=" + fsync,
                "-Dheartbus.server.presence.log.dir=" + folder.resolve("log")),
            List.of());
    servers.add(server);
    Matcher ready = server.awaitLine();
    bus = "127.0.0.1:" + ready.group(1);
    api = "http://127.0.0.1:" + ready.group(2);
    return server;
  }

  /** Nodes that connect and leave again, until it is over. */
  private List<Thread> comeAndGo(AtomicBoolean over) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      ClientOptions options = node(i);
      threads.add(
          Thread.startVirtualThread(() -> {
            while (!over.get()) {
              try (HeartbeatClient client = HeartbeatClient.connect(options)) {
                assertThat(client.nodeId()).isNotNull();
              } catch (IOException killed) {
                // That is what this is about.
              } catch (InterruptedException unexpected) {
                return;
              }
            }
          }));
    }
    return threads;
  }

  private ClientOptions node(int number) {
    return ClientOptions.defaults()
        .withServers(bus)
        .withNodeId("node-" + number)
        .withConnectTimeout(Duration.ofSeconds(5))
        .withReconnectEnabled(false);
  }

  /** Reads what comes behind the last event, which must be the next ones and nothing else. */
  private void readOn() throws Exception {
    JsonNode page = page(told.size(), epoch);
    assertThat(page.get("gap").isNull()).as("gap %s", page.get("gap")).isTrue();
    for (JsonNode event : page.get("events")) {
      assertThat(event.get("seq").longValue()).isEqualTo(told.size() + 1);
      told.add(event);
    }
  }

  /** From the beginning, everything is as it was told. */
  private void checkAllOfIt() throws Exception {
    int checked = 0;
    while (checked < told.size()) {
      JsonNode page = page(checked, epoch);
      assertThat(page.get("first").longValue()).isEqualTo(1);
      assertThat(page.get("events").isEmpty()).isFalse();
      for (JsonNode event : page.get("events")) {
        if (checked < told.size()) {
          assertThat(event).isEqualTo(told.get(checked++));
        }
      }
    }
    long starts =
        told.stream().filter(event -> event.get("type").stringValue().equals("mass_loss")).count();
    assertThat(starts).isEqualTo(servers.size() - 1);
  }

  private JsonNode page(long after, String ofEpoch) throws Exception {
    String query = "?after=" + after + (ofEpoch == null ? "" : "&epoch=" + ofEpoch);
    HttpResponse<String> answer = get("/api/v1/events" + query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JsonMapper.shared().readTree(answer.body());
  }

  private HttpResponse<String> get(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(api + path)).timeout(PATIENCE).build();
    return http.send(request, BodyHandlers.ofString());
  }
}
