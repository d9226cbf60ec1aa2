package io.heartbus.server.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.HTTPServer.HTTPMetricHandler;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metrics of one registry, written by simpleclient's own handler.
 *
 * <p>Owns a few platform threads for that: counting the open descriptors of a million nodes takes
 * long and would hold the carrier of a virtual thread, and the handler keeps a buffer of a megabyte
 * per thread.
 */
final class MetricsResource implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MetricsResource.class);
  private static final int THREADS = 2;
  private static final int WAITING_SCRAPES_MAX = 16;
  private static final long IDLE_SECONDS = 60;
  private static final int OK = 200;

  private final HttpHandler handler;
  private final ThreadPoolExecutor executor;

  MetricsResource(CollectorRegistry registry) {
    handler = new HTTPMetricHandler(registry);
    executor =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_SCRAPES_MAX),
            Thread.ofPlatform().name("metrics-", 0).daemon().factory());
    executor.allowCoreThreadTimeOut(true);
  }

  /** Answers a GET or HEAD, after this call has returned. */
  void handle(HttpExchange exchange) throws Refusal, IOException {
    // The handler reads this one again and would ignore all others.
    Query.parse(exchange.getRequestURI().getRawQuery(), "name[]");
    if (exchange.getRequestMethod().equals("HEAD")) {
      try (exchange) {
        exchange.getResponseHeaders().set("Content-Type", TextFormat.CONTENT_TYPE_004);
        exchange.sendResponseHeaders(OK, -1);
      }
      return;
    }
    try {
      executor.execute(() -> write(exchange));
    } catch (RejectedExecutionException tooMany) {
      throw new Refusal(Refusal.UNAVAILABLE, "too many scrapes at once");
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }

  private void write(HttpExchange exchange) {
    try (exchange) {
      handler.handle(exchange);
    } catch (IOException gone) {
      LOG.debug("a scraper went away", gone);
    } catch (RuntimeException surprise) {
      LOG.warn("a scrape failed", surprise);
    }
  }
}
