package io.heartbus.loadtest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Follows a server's presence feed over HTTP and enters all of it into a book, with the time at
 * which it arrived. Goes on where it was when the connection breaks. Owns one platform thread.
 */
final class Feed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long RETRY_NANOS = 100_000_000;
  private static final int OK = 200;
  private static final int REASON_BYTES_MAX = 200;

  private final URI events;
  private final PresenceBook book;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final JsonMapper json = JsonMapper.shared();
  private final CompletableFuture<Boolean> begun = new CompletableFuture<>();
  private final Thread thread;

  /** Where to resume; null as long as nothing was said. Belongs to the thread. */
  private @Nullable String position;

  private volatile @Nullable InputStream body;
  private volatile boolean closed;

  private Feed(InetSocketAddress server, PresenceBook book) {
    String host = server.getHostString();
    String literal = host.contains(":") ? "[" + host + "]" : host;
    this.events = URI.create("http://" + literal + ":" + server.getPort() + "/api/v1/events");
    this.book = book;
    this.thread = Thread.ofPlatform().name("feed").daemon().unstarted(this::follow);
  }

  /**
   * Begins to follow the feed of that server from now on.
   *
   * @throws IOException when the server has none
   */
  static Feed open(InetSocketAddress server, PresenceBook book)
      throws IOException, InterruptedException {
    Feed feed = new Feed(server, book);
    feed.thread.start();
    try {
      boolean _ = feed.begun.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return feed;
    } catch (ExecutionException | TimeoutException e) {
      feed.close();
      String why = e.getCause() == null ? "no answer" : String.valueOf(e.getCause().getMessage());
      throw new IOException("cannot follow " + feed.events + ": " + why, e);
    }
  }

  /** Breaks the connection, as a consumer that was killed. Any thread may call this. */
  void cut() {
    InputStream open = body;
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException e) {
      // The thread will find it broken all the same.
      LOG.debug("an unclean cut", e);
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    cut();
    http.shutdownNow();
  }

  private void follow() {
    while (!closed) {
      try {
        read();
        LOG.debug("the feed ended");
      } catch (IOException | JacksonException | NumberFormatException e) {
        LOG.debug("the feed broke", e);
        if (begun.completeExceptionally(e)) {
          return;
        }
      } catch (InterruptedException e) {
        return;
      }
      LockSupport.parkNanos(RETRY_NANOS);
    }
  }

  private void read() throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(events).header("Accept", "text/event-stream");
    if (position != null) {
      request.header("Last-Event-ID", position);
    }
    HttpResponse<InputStream> response = http.send(request.build(), BodyHandlers.ofInputStream());
    try (InputStream open = response.body()) {
      body = open;
      if (response.statusCode() != OK) {
        throw new IOException(
            "it answers "
                + response.statusCode()
                + " "
                + reason(open.readNBytes(REASON_BYTES_MAX)));
      }
      FeedText text = new FeedText();
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(open, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        FeedText.Block block = text.line(line);
        if (block != null) {
          enter(block, System.nanoTime());
        }
      }
    }
  }

  private static String reason(byte[] answer) {
    return new String(answer, StandardCharsets.UTF_8).strip();
  }

  private void enter(FeedText.Block block, long arrivedNanos) {
    if (block.data() != null) {
      JsonNode data = json.readTree(block.data());
      switch (block.kind()) {
        case "log" -> begins(block, data);
        case "gap" -> book.gap(data.path("from").asLong(0), data.path("to").asLong(0));
        default -> book.event(FeedEvent.of(data), arrivedNanos);
      }
    }
    if (block.position() != null) {
      position = block.position();
    }
  }

  private void begins(FeedText.Block block, JsonNode data) {
    long at =
        block.position() == null ? data.path("last").asLong(0) : Long.parseLong(block.position());
    book.begins(data.path("epoch").asString(""), at, begun.isDone());
    boolean _ = begun.complete(true);
  }
}
