package io.heartbus.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/**
 * Somebody who follows events and does not live long: dies at any moment, and goes on where it was.
 * One thread.
 */
abstract sealed class EventConsumer {
  private static final long POLL_NANOS = 20_000_000;

  final Bench bench;
  final String query;
  final Random random;
  final List<Long> seen = new ArrayList<>();
  long position = Bench.LAST_BEFORE;
  int kills;

  private EventConsumer(Bench bench, String query, Random random) {
    this.bench = bench;
    this.query = query;
    this.random = random;
  }

  /** The numbers of the events that it saw, in the order in which it saw them. */
  List<Long> seen() {
    return seen;
  }

  /** How often it died. */
  int kills() {
    return kills;
  }

  /** Where it goes on. */
  long position() {
    return position;
  }

  /** Lives once more. */
  abstract void consume() throws Exception;

  /** A reader of the live feed. */
  static final class OfFeed extends EventConsumer {
    OfFeed(Bench bench, String query, Random random) {
      super(bench, query, random);
    }

    @Override
    void consume() throws Exception {
      int blocks = 2 + random.nextInt(60);
      try (Feed feed =
          Feed.resumed(bench, query.isEmpty() ? "" : "?" + query, Long.toString(position))) {
        for (int i = 0; i < blocks; i++) {
          Feed.Message message = feed.nextBlock();
          position = feed.position();
          if (message != null && message.type().equals("message")) {
            seen.add(message.seq());
          } else if (message != null && !message.type().equals("log")) {
            throw new AssertionError("nothing was missed, and yet: " + message);
          }
        }
      }
      kills++;
    }
  }

  /** A reader of pages, who sometimes does not live to see the answer. */
  static final class OfPages extends EventConsumer {
    OfPages(Bench bench, String query, Random random) {
      super(bench, query, random);
    }

    @Override
    void consume() throws Exception {
      String path =
          "/api/v1/events?after="
              + position
              + "&limit="
              + (1 + random.nextInt(300))
              + (query.isEmpty() ? "" : "&" + query);
      if (random.nextInt(4) == 0) {
        dieWhileAsking(path);
        kills++;
        return;
      }
      JsonNode page = bench.json(path);
      if (!page.get("gap").isNull()) {
        throw new AssertionError("nothing was missed, and yet: " + page.get("gap"));
      }
      page.get("events").forEach(event -> seen.add(event.get("seq").asLong()));
      position = page.get("next").asLong();
      if (page.get("events").isEmpty()) {
        LockSupport.parkNanos(POLL_NANOS);
      }
    }

    private void dieWhileAsking(String path) throws IOException {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), bench.port)) {
        String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        in.readNBytes(random.nextInt(200));
        socket.setSoLinger(true, 0);
      }
    }
  }
}
