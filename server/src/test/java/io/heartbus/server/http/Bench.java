package io.heartbus.server.http;

import io.heartbus.protocol.Frame;
import io.heartbus.server.ServerConfig;
import io.heartbus.server.channel.ChannelCounts;
import io.heartbus.server.channel.ChannelRouter;
import io.heartbus.server.connection.ConnectionCounts;
import io.heartbus.server.liveness.LivenessClock;
import io.heartbus.server.metrics.DurationHistogram;
import io.heartbus.server.node.Admission;
import io.heartbus.server.node.Node;
import io.heartbus.server.node.NodeEvent;
import io.heartbus.server.node.NodeTable;
import io.heartbus.server.node.NodeTableSettings;
import io.heartbus.server.node.Registration;
import io.heartbus.server.node.Roster;
import io.heartbus.server.presence.LogSettings;
import io.heartbus.server.presence.PresenceLog;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An endpoint on a free port, with the parts behind it in the hands of a test. */
final class Bench implements AutoCloseable {
  static final JsonMapper JSON = JsonMapper.builder().build();
  static final long CHECK_INTERVAL_MS = 250;
  static final String EPOCH = "1790000000000000";

  /** The number before that of the first event. */
  static final long LAST_BEFORE = 17;

  final PresenceLog log;
  final NodeTable nodes;

  /** What the table told the log, in that order. */
  final List<NodeEvent> told = new ArrayList<>();

  final Roster roster = new Roster();
  final ConnectionCounts connections = new ConnectionCounts();
  final DurationHistogram canaryDelay = new DurationHistogram(0.25, 0.5);
  private final ChannelRouter router;
  final ChannelCounts channels;
  final LivenessClock clock = new LivenessClock(System::nanoTime);
  final AtomicReference<String> unreadiness = new AtomicReference<>();
  final AtomicReference<List<String>> warnings = new AtomicReference<>(List.of());
  final AtomicInteger drains = new AtomicInteger();
  final HttpEndpoint endpoint;
  final int port;
  private final HttpClient client = HttpClient.newHttpClient();

  private Bench(LogSettings logSettings, StreamSettings streams) throws IOException {
    log =
        logSettings.dir() == null
            ? new PresenceLog(logSettings, InstantSource.system(), EPOCH, LAST_BEFORE)
            : PresenceLog.open(logSettings, InstantSource.system());
    nodes =
        new NodeTable(
            new NodeTableSettings(0, 60_000, 10_000),
            InstantSource.system(),
            clock::nowNanos,
            event -> {
              told.add(event);
              log.append(event);
            });
    router = new ChannelRouter(ServerConfig.defaults().channels(), Map.of(), nodes, log);
    channels = router.counts();
    endpoint =
        HttpEndpoint.start(
            new HttpSettings("127.0.0.1", 0, streams),
            new HttpSources(
                "2.0.0-test",
                nodes,
                roster,
                connections,
                channels,
                router.deliveries(),
                router.settings().messageBytesMax(),
                clock,
                CHECK_INTERVAL_MS,
                canaryDelay,
                ServerConfig.defaults().heartbeat(),
                log,
                List.of(),
                unreadiness::get,
                warnings::get,
                drains::incrementAndGet));
    port = endpoint.address().getPort();
  }

  static Bench open() throws IOException {
    return open(StreamSettings.USUAL);
  }

  static Bench open(StreamSettings streams) throws IOException {
    return open(ServerConfig.defaults().presence().log(), streams);
  }

  /** A bench whose log remembers that many events. */
  static Bench remembering(int events) throws IOException {
    return open(remembered(events), StreamSettings.USUAL);
  }

  static Bench open(LogSettings log, StreamSettings streams) throws IOException {
    Bench bench = new Bench(log, streams);
    bench.clock.start();
    return bench;
  }

  static LogSettings remembered(int events) {
    return new LogSettings(
        events, 1 << 30, null, LogSettings.Fsync.NEVER, 1_000, 1 << 20, 1 << 30, 60_000);
  }

  /** A bench whose liveness clock never starts. */
  static Bench withStoppedClock() throws IOException {
    return new Bench(ServerConfig.defaults().presence().log(), StreamSettings.USUAL);
  }

  QuietLink register(String id) {
    return register(id, null, Map.of());
  }

  QuietLink register(String id, String group, Map<String, String> metadata) {
    return register(
        new Admission(id, false, 1, 1, 0, new Frame.Pace(10_000, 30_000), -1, group, metadata));
  }

  /** A node that speaks HBP/1. */
  QuietLink registerLegacy(String id) {
    return register(
        new Admission(id, true, 0, 0, 0, new Frame.Pace(10_000, 30_000), -1, null, Map.of()));
  }

  private QuietLink register(Admission admission) {
    QuietLink link = new QuietLink(clock.nowNanos(), 3);
    Registration outcome = nodes.register(admission, link, link::register);
    if (!(outcome instanceof Registration.Admitted)) {
      throw new AssertionError(admission.id() + " was not admitted: " + outcome);
    }
    roster.add(link);
    return link;
  }

  Node node(String id) {
    return nodes.find(id);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  HttpResponse<String> send(String method, String path) throws Exception {
    return send(request(path).method(method, HttpRequest.BodyPublishers.noBody()));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<String> patch(String path, String body) throws Exception {
    return send(request(path).method("PATCH", HttpRequest.BodyPublishers.ofString(body)));
  }

  /** The reason that a refusal gives. */
  static String error(HttpResponse<String> refusal) {
    return JSON.readTree(refusal.body()).get("error").asString();
  }

  /** The value of a metric; the name has the labels with it, if there are any. */
  double metric(String name) throws Exception {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no metric " + name));
  }

  /** Waits until that is so; a minute is more than any machine should need. */
  static void await(Callable<Boolean> condition) throws Exception {
    long startNanos = System.nanoTime();
    while (!condition.call()) {
      if (System.nanoTime() - startNanos > 60_000_000_000L) {
        throw new AssertionError("waited long enough");
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  HttpResponse<String> get(String path) throws Exception {
    return send("GET", path);
  }

  /** The body of a 200. */
  JsonNode json(String path) throws Exception {
    HttpResponse<String> response = get(path);
    if (response.statusCode() != 200) {
      throw new AssertionError(path + " answered " + response.statusCode() + response.body());
    }
    return JSON.readTree(response.body());
  }

  @Override
  public void close() {
    client.close();
    endpoint.close();
    log.close();
    clock.close();
  }
}
