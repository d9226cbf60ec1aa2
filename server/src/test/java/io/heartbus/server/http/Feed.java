package io.heartbus.server.http;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A reader of the live feed that understands it as browsers do. One thread. */
final class Feed implements AutoCloseable {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** A message; its type is {@code message} unless the server named one. */
  record Message(String type, JsonNode data) {
    long seq() {
      return data.get("seq").asLong();
    }
  }

  private final Stream<String> lines;
  private final Iterator<String> each;
  private String lastEventId;

  private Feed(Stream<String> lines, String lastEventId) {
    this.lines = lines;
    this.lastEventId = lastEventId;
    this.each = lines.iterator();
  }

  /** How a request for a feed is answered. */
  static HttpResponse<Stream<String>> ask(Bench bench, String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = bench.request(path).header("Accept", "text/event-stream");
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), BodyHandlers.ofLines());
  }

  /** Opens a feed; the headers are none, or Last-Event-ID and its value. */
  static Feed open(Bench bench, String query, String... headers) throws Exception {
    HttpResponse<Stream<String>> response = ask(bench, "/api/v1/events" + query, headers);
    if (response.statusCode() != 200) {
      throw new AssertionError(response.statusCode() + response.body().toList().toString());
    }
    return new Feed(response.body(), headers.length == 0 ? "" : headers[1]);
  }

  static Feed resumed(Bench bench, String query, String lastEventId) throws Exception {
    return open(bench, query, "Last-Event-ID", lastEventId);
  }

  /** Where a reader goes on that loses this feed now; empty while it knows of no position. */
  String lastEventId() {
    return lastEventId;
  }

  long position() {
    return Long.parseLong(lastEventId);
  }

  /** The next block, null when it is no message but a position or a comment. */
  Message nextBlock() {
    String type = "message";
    StringBuilder data = new StringBuilder();
    String id = lastEventId;
    for (String line = each.next(); !line.isEmpty(); line = each.next()) {
      int colon = line.indexOf(": ");
      String value = line.substring(colon + 2);
      switch (line.substring(0, colon)) {
        case "event" -> type = value;
        case "id" -> id = value;
        case "data" -> data.append(value);
        case "retry" -> Long.parseLong(value);
        default -> throw new AssertionError("no field of an event stream: " + line);
      }
    }
    lastEventId = id;
    return data.isEmpty() ? null : new Message(type, Bench.JSON.readTree(data.toString()));
  }

  /** The next message. */
  Message next() {
    Message message = nextBlock();
    while (message == null) {
      message = nextBlock();
    }
    return message;
  }

  /** The numbers of the next events, in the order in which they come. */
  List<Long> nextSeqs(int count) {
    List<Long> seqs = new ArrayList<>();
    while (seqs.size() < count) {
      Message message = next();
      if (!message.type().equals("message")) {
        throw new AssertionError(message + " between events");
      }
      seqs.add(message.seq());
    }
    return seqs;
  }

  /** Reads the first message, which says what log it is. */
  Feed begun() {
    Message log = next();
    if (!log.type().equals("log")) {
      throw new AssertionError("the first message is " + log);
    }
    return this;
  }

  @Override
  public void close() {
    lines.close();
  }
}
