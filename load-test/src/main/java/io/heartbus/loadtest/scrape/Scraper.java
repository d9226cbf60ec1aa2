package io.heartbus.loadtest.scrape;

import io.heartbus.loadtest.series.Column;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a server for its metrics once a second. A server that does not answer leaves a hole and
 * nothing worse. Owns one platform thread; {@link #take} belongs to one other.
 */
public final class Scraper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Scraper.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final long EVERY_NANOS = 1_000_000_000L;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final int OK = 200;

  private final HttpRequest request;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final AtomicReference<Map<Column, Double>> latest = new AtomicReference<>(Map.of());
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = Thread.ofPlatform().name("scraper").daemon().unstarted(this::work);

  /** These belong to the thread. */
  private @Nullable Exposition last;

  private long lastNanos;

  /** Of the server whose HTTP is there. */
  public Scraper(InetSocketAddress server) {
    String host = server.getHostString();
    String literal = host.contains(":") ? "[" + host + "]" : host;
    URI metrics = URI.create("http://" + literal + ":" + server.getPort() + "/metrics");
    this.request = HttpRequest.newBuilder(metrics).timeout(PATIENCE).build();
  }

  /** Asks from now on. */
  public void begin() {
    thread.start();
  }

  /** What the server told since this was called last; nothing when it did not. */
  public Map<Column, Double> take() {
    return latest.getAndSet(Map.of());
  }

  @Override
  public void close() {
    closed.countDown();
    http.shutdownNow();
  }

  private void work() {
    long dueNanos = System.nanoTime();
    try {
      while (!closed.await(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        ask();
        dueNanos = Math.max(dueNanos + EVERY_NANOS, System.nanoTime());
      }
    } catch (InterruptedException e) {
      LOG.debug("no further metrics", e);
    }
  }

  private void ask() throws InterruptedException {
    try {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != OK) {
        throw new IOException(request.uri() + " answers " + answer.statusCode());
      }
      told(Exposition.parse(answer.body()), System.nanoTime());
    } catch (IOException e) {
      LOG.debug("no metrics this time", e);
      last = null;
    }
  }

  private void told(Exposition now, long nowNanos) {
    double seconds = (nowNanos - lastNanos) / NANOS_PER_SECOND;
    latest.set(last == null ? now.levels() : now.since(last, seconds));
    last = now;
    lastNanos = nowNanos;
  }
}
