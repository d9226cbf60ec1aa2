package io.heartbus.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Somebody who manages a server over HTTP. Any thread; every wait is bounded. */
final class Http implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpClient client = HttpClient.newHttpClient();
  private final String base;

  Http(TestServer server) {
    this(server.server().httpAddress().getPort());
  }

  Http(int port) {
    base = "http://127.0.0.1:" + port;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .timeout(Duration.ofMillis(Peer.PATIENCE_MS));
  }

  /** The body of a 200. */
  String get(String path) throws IOException, InterruptedException {
    HttpResponse<String> response = client.send(request(path).build(), BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  /** The body, whatever the status is. */
  String body(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), BodyHandlers.ofString()).body();
  }

  JsonNode json(String path) throws IOException, InterruptedException {
    return JSON.readTree(get(path));
  }

  HttpResponse<String> post(String path, byte[] body) throws IOException, InterruptedException {
    return client.send(
        request(path).POST(BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofString());
  }

  /** Posts a text, which has to be answered with that status. Returns the body of the answer. */
  String post(int status, String path, String text) throws IOException, InterruptedException {
    HttpResponse<String> response = post(path, text.getBytes(StandardCharsets.UTF_8));
    assertThat(response.statusCode()).as("%s: %s", path, response.body()).isEqualTo(status);
    return response.body();
  }

  /** Changes something, as a JSON text says; returns the body of the 200. */
  String patch(String path, String text) throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(
            request(path).method("PATCH", BodyPublishers.ofString(text)).build(),
            BodyHandlers.ofString());
    assertThat(response.statusCode()).as("%s: %s", path, response.body()).isEqualTo(200);
    return response.body();
  }

  /** The status of the answer to a request that brings no message. */
  int status(String method, String path) throws IOException, InterruptedException {
    return client
        .send(
            request(path).method(method, BodyPublishers.noBody()).build(), BodyHandlers.ofString())
        .statusCode();
  }

  /** Posts a text, and tells the status when there is an answer. */
  CompletableFuture<Integer> postSoon(String path, String text) {
    return client
        .sendAsync(
            request(path).POST(BodyPublishers.ofString(text)).build(), BodyHandlers.ofString())
        .thenApply(HttpResponse::statusCode);
  }

  /** The value of a metric; the name has the labels with it, if there are any. */
  double metric(String name) throws IOException, InterruptedException {
    for (String line : get("/metrics").lines().toList()) {
      if (line.startsWith(name + " ")) {
        return Double.parseDouble(line.substring(name.length() + 1));
      }
    }
    throw new AssertionError("there is no metric " + name);
  }

  @Override
  public void close() {
    client.close();
  }
}
