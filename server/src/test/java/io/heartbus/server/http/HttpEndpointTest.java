package io.heartbus.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbus.server.node.Cause;
import io.heartbus.server.node.NodeState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What every path has in common: methods, errors, headers, strangers. */
class HttpEndpointTest {
  private Bench bench;

  @BeforeEach
  void open() throws IOException {
    bench = Bench.open();
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/, text/html; charset=utf-8",
    "/metrics, text/plain; version=0.0.4; charset=utf-8",
    "/healthz, application/json; charset=utf-8",
    "/readyz, application/json; charset=utf-8",
    "/api/v1/summary, application/json; charset=utf-8",
    "/api/v1/nodes, application/json; charset=utf-8",
    "/api/v1/groups, application/json; charset=utf-8",
    "/api/v1/events, application/json; charset=utf-8",
    "/api/v1/nodes/n1, application/json; charset=utf-8"
  })
  void everyPathAnswersGetAndHead(String path, String contentType) throws Exception {
    bench.register("n1");
    HttpResponse<String> get = bench.get(path);
    assertThat(get.statusCode()).isEqualTo(200);
    assertThat(get.headers().firstValue("Content-Type")).hasValue(contentType);
    assertThat(get.body()).isNotEmpty();
    HttpResponse<String> head = bench.send("HEAD", path);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("Content-Type")).hasValue(contentType);
    assertThat(head.body()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /, 'GET, HEAD'",
    "PUT, /metrics, 'GET, HEAD'",
    "DELETE, /healthz, 'GET, HEAD'",
    "POST, /api/v1/summary, 'GET, HEAD'",
    "POST, /api/v1/events, 'GET, HEAD'",
    "PATCH, /api/v1/groups, 'GET, HEAD'",
    "DELETE, /api/v1/nodes, 'GET, HEAD, PATCH'",
    "PUT, /api/v1/nodes/n1, 'GET, HEAD, DELETE, PATCH'",
    "OPTIONS, /api/v1/nodes/n1, 'GET, HEAD, DELETE, PATCH'"
  })
  void anotherMethodIsToldWhichOnesThereAre(String method, String path, String allowed)
      throws Exception {
    bench.register("n1");
    HttpResponse<String> response = bench.send(method, path);
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).hasValue(allowed);
    assertThat(error(response)).contains(method, allowed);
    assertThat(bench.node("n1").live()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/nothing", "/api", "/api/v1", "/api/v1/nodes/", "/api/v2/nodes", "/metrics/x"})
  void whatIsNotThereIsNotFound(String path) throws Exception {
    HttpResponse<String> response = bench.get(path);
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(error(response)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/?x=1",
        "/healthz?verbose=1",
        "/readyz?x=",
        "/metrics?x=1",
        "/api/v1/summary?pretty=1",
        "/api/v1/nodes?colour=red",
        "/api/v1/nodes?state=GONE",
        "/api/v1/nodes?limit=0",
        "/api/v1/nodes?limit=10001",
        "/api/v1/nodes?limit=1&limit=2",
        "/api/v1/nodes?after=***",
        "/api/v1/nodes?after=_w",
        "/api/v1/nodes?prefix=%FF",
        "/api/v1/nodes/n1?x=1",
        "/api/v1/nodes/%C0%80"
      })
  void aBadQueryIsToldWhatIsWrong(String path) throws Exception {
    bench.register("n1");
    HttpResponse<String> response = bench.get(path);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(error(response)).isNotEmpty();
  }

  @Test
  void aPageOfAnotherSiteCannotKickANode() throws Exception {
    bench.register("n1");
    for (String stranger :
        new String[] {
          "Host: evil.example\r\n",
          "Host: 127.0.0.1:%d\r\nOrigin: http://evil.example\r\n".formatted(bench.port),
          "Host: 127.0.0.1:%d\r\nOrigin: null\r\n".formatted(bench.port)
        }) {
      for (String path :
          List.of("/", "/metrics", "/api/v1/nodes", "/api/v1/nodes/n1", "/api/v1/events")) {
        assertThat(raw("GET " + path + " HTTP/1.1\r\n" + stranger)).startsWith("HTTP/1.1 403");
      }
      assertThat(raw("DELETE /api/v1/nodes/n1 HTTP/1.1\r\n" + stranger))
          .startsWith("HTTP/1.1 403")
          .contains("{\"error\":\"foreign ");
    }
    assertThat(bench.node("n1").live()).isTrue();
  }

  @Test
  void aPageOfThisServerCanKickANode() throws Exception {
    QuietLink link = bench.register("n1");
    String own = "localhost:" + bench.port;
    String request =
        "DELETE /api/v1/nodes/n1 HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\n".formatted(own, own);
    assertThat(raw(request)).startsWith("HTTP/1.1 204");
    assertThat(link.endings).containsExactly(Cause.KICKED);
  }

  @Test
  void aKickedNodeIsOfflineOnceAndForAll() throws Exception {
    QuietLink link = bench.register("rack 1/ü");
    String path = "/api/v1/nodes/rack%201/%C3%BC";
    assertThat(bench.send("DELETE", path).statusCode()).isEqualTo(204);
    assertThat(bench.send("DELETE", path).statusCode()).isEqualTo(204);
    assertThat(link.endings).containsExactly(Cause.KICKED);
    assertThat(bench.node("rack 1/ü").status().state()).isEqualTo(NodeState.OFFLINE);
    JsonNode node = bench.json(path);
    assertThat(node.get("state").asString()).isEqualTo("OFFLINE");
    assertThat(node.get("cause").asString()).isEqualTo("KICKED");
    assertThat(bench.send("DELETE", "/api/v1/nodes/other").statusCode()).isEqualTo(404);
  }

  @Test
  void aLargeBodyIsRefusedUnread() throws Exception {
    String head = "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000000\r\n";
    assertThat(raw(head)).startsWith("HTTP/1.1 413").contains("\"error\"");
  }

  @Test
  void aSlowRequestKeepsNobodyElseWaiting() throws Exception {
    Socket[] slow = new Socket[100];
    try {
      for (int i = 0; i < slow.length; i++) {
        slow[i] = new Socket(InetAddress.getLoopbackAddress(), bench.port);
        slow[i].getOutputStream().write("GET / HT".getBytes(StandardCharsets.US_ASCII));
      }
      assertThat(bench.get("/healthz").statusCode()).isEqualTo(200);
    } finally {
      for (Socket socket : slow) {
        if (socket != null) {
          socket.close();
        }
      }
    }
  }

  @Test
  void thePageFetchesNothingFromElsewhere() throws Exception {
    HttpResponse<String> page = bench.get("/");
    assertThat(page.body()).contains("/api/v1/summary", "href=\"/metrics\"", "</html>");
    assertThat(page.body()).doesNotContainPattern("(src|href)=\"(https?:)?//");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "frame-ancestors 'none'");
  }

  @Test
  void aPortThatIsTakenIsNamed() {
    HttpSettings same = new HttpSettings("127.0.0.1", bench.port);
    assertThatThrownBy(() -> HttpEndpoint.start(same, null))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("http.port")
        .hasMessageContaining("127.0.0.1:" + bench.port);
  }

  private static String error(HttpResponse<String> response) {
    assertThat(response.headers().firstValue("Content-Type")).hasValue(Reply.JSON_TYPE);
    JsonNode body = Bench.JSON.readTree(response.body());
    assertThat(body.propertyNames()).containsExactly("error");
    return body.get("error").asString();
  }

  /** Sends a request that the JDK's client would not, and reads the whole answer. */
  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), bench.port)) {
      socket.setSoTimeout(10_000);
      byte[] bytes = (request + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
      socket.getOutputStream().write(bytes);
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
