package io.heartbus.server.http;

import com.sun.net.httpserver.HttpServer;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The HTTP side of a server: metrics, health, the API and a page, on one port. Any thread may close
 * it.
 *
 * <p>Owns the thread that accepts, and a virtual one for each request: somebody who sends or reads
 * slowly keeps nobody else waiting.
 */
public final class HttpEndpoint implements AutoCloseable {
  /**
   * Bounds that the JDK's HTTP server takes from system properties only, once per JVM: seconds that
   * a request may take to arrive, connections at once, and no waiting for full packets.
   */
  private static final Map<String, String> JDK_SETTINGS =
      Map.of(
          "sun.net.httpserver.maxReqTime", "10",
          "jdk.httpserver.maxConnections", "1000",
          "sun.net.httpserver.nodelay", "true");

  /** Connections that the kernel completes before they are accepted. */
  private static final int BACKLOG = 128;

  static {
    JDK_SETTINGS.forEach((name, value) -> {
      if (System.getProperty(name) == null) {
        System.setProperty(name, value);
      }
    });
  }

  private final HttpServer server;
  private final ExecutorService executor;
  private final StatusResource status;
  private final MetricsResource metrics;
  private final WriteWatch watch;

  private HttpEndpoint(HttpServer server, HttpSettings settings, HttpSources sources)
      throws IOException {
    this.server = server;
    this.status = new StatusResource(sources);
    this.watch = new WriteWatch(settings.streams().writeTimeoutMs());
    EventStreams streams = new EventStreams(sources.log(), settings.streams(), watch);
    CollectorRegistry registry = new CollectorRegistry();
    registry.register(new BusCollector(sources, status::uptimeNanos));
    registry.register(new PresenceCollector(sources, streams::open));
    JvmMetrics.register(registry);
    this.metrics = new MetricsResource(registry);
    this.executor =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory());
    server.setExecutor(executor);
    server.createContext(
        "/",
        new Router(
            new Guard(settings.host()),
            sources.messageBytesMax(),
            new Resources(
                metrics,
                status,
                new NodesResource(sources),
                new GroupsResource(sources.nodes()),
                new PaceResource(sources.nodes(), sources.policy()),
                new EventsResource(sources.log()),
                streams,
                new MessagesResource(sources)),
            watch));
    server.start();
  }

  /**
   * Begins to answer requests.
   *
   * @throws IOException when the address cannot be had; the message says which
   */
  public static HttpEndpoint start(HttpSettings settings, HttpSources sources) throws IOException {
    String place = "http.host, http.port = " + settings.host() + ":" + settings.port() + ": ";
    InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
    if (address.isUnresolved()) {
      throw new IOException(place + "no such host");
    }
    HttpServer server;
    try {
      server = HttpServer.create(address, BACKLOG);
    } catch (IOException taken) {
      throw new IOException(place + taken.getMessage(), taken);
    }
    return new HttpEndpoint(server, settings, sources);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /** Ends at once; requests under way are cut off. */
  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
    watch.close();
    metrics.close();
    status.close();
  }
}
