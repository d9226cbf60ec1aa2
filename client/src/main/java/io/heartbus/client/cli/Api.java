package io.heartbus.client.cli;

import io.heartbus.client.ServerAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The server's HTTP interface. Calls block, and may be interrupted. */
final class Api implements AutoCloseable {
  private static final Duration CONNECT_TIME = Duration.ofSeconds(5);
  private static final Duration ANSWER_TIME = Duration.ofSeconds(30);
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;

  /** The server understands the question, and answers that it is wrong. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  private final ServerAddress address;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIME)
          .build();
  private final JsonMapper json = JsonMapper.shared();

  Api(ServerAddress address) {
    this.address = address;
  }

  /**
   * Asks for JSON.
   *
   * @param query what is empty is left out
   * @throws Refused when the question is wrong, with the server's own words
   * @throws IOException when the server cannot be reached, or says no, with its own words
   */
  JsonNode get(String path, Map<String, String> query) throws IOException, InterruptedException {
    HttpRequest request = request(path, query).timeout(ANSWER_TIME).build();
    HttpResponse<InputStream> response = send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      return read(response.statusCode(), body.readAllBytes());
    }
  }

  /**
   * Follows an event stream, whose lines are to be read and closed by the caller.
   *
   * @param lastEventId where to go on, empty = now
   */
  Stream<String> follow(String path, Map<String, String> query, String lastEventId)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(path, query).header("Accept", "text/event-stream");
    if (!lastEventId.isEmpty()) {
      request.header("Last-Event-ID", lastEventId);
    }
    HttpResponse<Stream<String>> response =
        send(request.build(), HttpResponse.BodyHandlers.ofLines());
    if (response.statusCode() != OK) {
      try (Stream<String> body = response.body()) {
        String text = body.collect(Collectors.joining("\n"));
        read(response.statusCode(), text.getBytes(StandardCharsets.UTF_8));
      }
    }
    return response.body();
  }

  /** JSON from a text. */
  JsonNode parse(String text) throws IOException {
    try {
      return json.readTree(text);
    } catch (JacksonException e) {
      throw new IOException("not the JSON of a heartbus server: " + e.getOriginalMessage(), e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private JsonNode read(int status, byte[] body) throws IOException {
    JsonNode answer;
    try {
      answer = parse(new String(body, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw status == OK ? e : new IOException(address + " answers " + status, e);
    }
    if (status != OK) {
      String why =
          address + " answers " + status + ": " + answer.path("error").asString("no reason given");
      throw status == BAD_REQUEST ? new Refused(why) : new IOException(why);
    }
    return answer;
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException, InterruptedException {
    try {
      return http.send(request, handler);
    } catch (IOException e) {
      String why = e.getMessage() == null ? "connection refused" : e.getMessage();
      throw new IOException("cannot ask http://" + address + ": " + why, e);
    }
  }

  private HttpRequest.Builder request(String path, Map<String, String> query) {
    String parameters =
        query.entrySet().stream()
            .filter(entry -> !entry.getValue().isEmpty())
            .map(entry -> entry.getKey() + "=" + encode(entry.getValue()))
            .collect(Collectors.joining("&"));
    return HttpRequest.newBuilder(
        URI.create("http://" + address + path + (parameters.isEmpty() ? "" : "?" + parameters)));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
