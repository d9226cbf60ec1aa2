package io.heartbus.server.http;

import io.heartbus.protocol.Frame;
import io.heartbus.server.ServerConfig;
import io.heartbus.server.channel.ChannelCounts;
import io.heartbus.server.channel.ChannelRouter;
import io.heartbus.server.connection.ConnectionCounts;
import io.heartbus.server.liveness.LivenessClock;
import io.heartbus.server.node.Admission;
import io.heartbus.server.node.Node;
import io.heartbus.server.node.NodeTable;
import io.heartbus.server.node.NodeTableSettings;
import io.heartbus.server.node.Registration;
import io.heartbus.server.node.Roster;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An endpoint on a free port, with the parts behind it in the hands of a test. */
final class Bench implements AutoCloseable {
  static final JsonMapper JSON = JsonMapper.builder().build();
  static final long CHECK_INTERVAL_MS = 250;
  static final String EPOCH = "1790000000000000";

  final NodeTable nodes =
      new NodeTable(new NodeTableSettings(10, 60_000, 10_000), InstantSource.system());
  final Roster roster = new Roster();
  final ConnectionCounts connections = new ConnectionCounts();
  private final ChannelRouter router =
      new ChannelRouter(ServerConfig.defaults().channels(), Map.of(), nodes);
  final ChannelCounts channels = router.counts();
  final LivenessClock clock = new LivenessClock(System::nanoTime);
  final AtomicReference<String> unreadiness = new AtomicReference<>();
  final AtomicInteger drains = new AtomicInteger();
  final HttpEndpoint endpoint;
  final int port;
  private final HttpClient client = HttpClient.newHttpClient();

  private Bench() throws IOException {
    endpoint =
        HttpEndpoint.start(
            new HttpSettings("127.0.0.1", 0),
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
                EPOCH,
                () -> 17,
                unreadiness::get,
                drains::incrementAndGet));
    port = endpoint.address().getPort();
  }

  static Bench open() throws IOException {
    Bench bench = new Bench();
    bench.clock.start();
    return bench;
  }

  /** A bench whose liveness clock never starts. */
  static Bench withStoppedClock() throws IOException {
    return new Bench();
  }

  QuietLink register(String id) {
    return register(id, null, Map.of());
  }

  QuietLink register(String id, String group, Map<String, String> metadata) {
    QuietLink link = new QuietLink(clock.nowNanos(), 3);
    Registration outcome =
        nodes.register(
            new Admission(id, false, 1, 1, 0, new Frame.Pace(10_000, 30_000), group, metadata),
            link,
            link::register);
    if (!(outcome instanceof Registration.Admitted)) {
      throw new AssertionError(id + " was not admitted: " + outcome);
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
    clock.close();
  }
}
