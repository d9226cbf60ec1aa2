package io.heartbus.server.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.heartbus.server.presence.EventFilter;
import io.heartbus.server.presence.LogPosition;
import io.heartbus.server.presence.PresenceLog;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The live feeds: lets so many readers in, each on the thread of its request. Any thread. */
final class EventStreams {
  private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);
  private static final String TYPE = "text/event-stream";
  private static final int OK = 200;

  private final PresenceLog log;
  private final StreamSettings settings;
  private final WriteWatch watch;
  private final Semaphore free;

  EventStreams(PresenceLog log, StreamSettings settings, WriteWatch watch) {
    this.log = log;
    this.settings = settings;
    this.watch = watch;
    this.free = new Semaphore(settings.streamsMax());
  }

  /** Whether one of the types that the answer may have is that of a feed. */
  static boolean areAskedFor(Headers requestHeaders) {
    for (String accept : requestHeaders.getOrDefault("Accept", List.of())) {
      for (String type : accept.split(",", -1)) {
        if (type.split(";", 2)[0].strip().equalsIgnoreCase(TYPE)) {
          return true;
        }
      }
    }
    return false;
  }

  /** How many are open. */
  int open() {
    return settings.streamsMax() - free.availablePermits();
  }

  /** Serves a feed until its reader is gone or the server ends; HEAD is told that there is one. */
  void serve(HttpExchange exchange, Query query) throws Refusal, IOException {
    refuseBody(exchange);
    EventsRequest request =
        EventsRequest.of(query).resumedAt(exchange.getRequestHeaders().getFirst("Last-Event-ID"));
    LogPosition start = request.start(log, log.last());
    if (!free.tryAcquire()) {
      throw new Refusal(
          Refusal.UNAVAILABLE,
          settings.streamsMax() + " feeds are open, which is as many as there may be");
    }
    try (exchange) {
      follow(exchange, request.filter(), start);
    } catch (IOException gone) {
      LOG.debug("a reader of the feed is gone: {}", gone.getMessage());
    } catch (InterruptedException ending) {
      LOG.debug("a feed ends with the server");
    } finally {
      free.release();
    }
  }

  private void follow(HttpExchange exchange, EventFilter filter, LogPosition start)
      throws IOException, InterruptedException {
    Reply.addUsualHeaders(exchange.getResponseHeaders());
    exchange.getResponseHeaders().set("Content-Type", TYPE + "; charset=utf-8");
    // Whose socket was closed in a write would stay among the thousand that the JDK's server takes:
    // it forgets such a one only if it was about to close it anyway.
    exchange.getResponseHeaders().set("Connection", "close");
    // nginx would collect events until they are worth a packet.
    exchange.getResponseHeaders().set("X-Accel-Buffering", "no");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(OK, -1);
      return;
    }
    watch.limited(() -> exchange.sendResponseHeaders(OK, 0));
    new EventStream(log, filter, start, settings, watch).follow(exchange.getResponseBody());
  }

  /** Who is still sending is cut off by the JDK's server after a while, in the middle of a feed. */
  private static void refuseBody(HttpExchange exchange) throws Refusal {
    String length = exchange.getRequestHeaders().getFirst("Content-Length");
    if (exchange.getRequestHeaders().containsKey("Transfer-Encoding")
        || (length != null && Long.parseLong(length) > 0)) {
      throw Refusal.badRequest("who asks for a feed sends no body");
    }
  }
}
