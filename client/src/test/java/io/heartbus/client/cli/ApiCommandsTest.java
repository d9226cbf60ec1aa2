package io.heartbus.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApiCommandsTest {
  private static final String LOG =
      "event: log\ndata: {\"epoch\":\"e1\",\"first\":1,\"last\":7}\n\n";

  /** An answer of the scripted HTTP server. */
  private record Answer(int status, String body) {}

  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
  private HttpServer server;
  private String address;

  @BeforeEach
  void open() throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
    server.createContext("/", this::answer);
    server.start();
    address = "127.0.0.1:" + server.getAddress().getPort();
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String resume = exchange.getRequestHeaders().getFirst("Last-Event-ID");
    asked.add(exchange.getRequestURI() + (resume == null ? "" : " from " + resume));
    Answer answer = answers.poll();
    if (answer == null) {
      answer = new Answer(404, "{\"error\":\"nothing here\"}");
    }
    byte[] body = answer.body().getBytes(UTF_8);
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Test
  void nodesListsEveryPage() throws Exception {
    String node =
        "{\"id\":\"%s\",\"state\":\"ONLINE\",\"since\":\"2026-01-01T00:00:00Z\",\"address\":\"10.0.0.7:4711\","
            + "\"rttMicros\":%s,\"group\":%s}";
    answers.add(
        new Answer(
            200,
            "{\"nodes\":[" + node.formatted("pump 7", "1250", "\"r4\"") + "],\"next\":\"c+/=\"}"));
    answers.add(
        new Answer(200, "{\"nodes\":[" + node.formatted("x", "null", "null") + "],\"next\":null}"));
    Cli cli =
        Cli.run(
            "nodes", "--http", address, "--state", "online", "--prefix", "p ö", "--group", "r4");
    assertThat(cli.exitCode()).as(cli.errors().toString()).isZero();
    assertThat(asked.take())
        .startsWith("/api/v1/nodes?")
        .contains("state=ONLINE", "prefix=p%20%C3%B6", "group=r4", "limit=1000")
        .doesNotContain("after=");
    assertThat(asked.take()).contains("after=c%2B%2F%3D");
    assertThat(cli.lines()).hasSize(3);
    assertThat(cli.lines().get(0)).matches("STATE +SINCE +RTT ADDRESS +GROUP +ID");
    assertThat(cli.lines().get(1))
        .matches("ONLINE +\\d+d\\d+h +1\\.25ms 10\\.0\\.0\\.7:4711 +r4 +pump 7");
    assertThat(cli.lines().get(2)).matches("ONLINE +\\d+d\\d+h +- 10\\.0\\.0\\.7:4711 +- +x");
  }

  @Test
  void nodesAsJsonIsOneObjectPerLine() throws Exception {
    answers.add(new Answer(200, "{\"nodes\":[{\"id\":\"a\"},{\"id\":\"b\"}],\"next\":null}"));
    Cli cli = Cli.run("nodes", "--http", address, "--json");
    assertThat(cli.exitCode()).isZero();
    assertThat(cli.lines()).containsExactly("{\"id\":\"a\"}", "{\"id\":\"b\"}");
  }

  @Test
  void theServersOwnWordsAreTheError() throws Exception {
    answers.add(new Answer(400, "{\"error\":\"limit is 1 to 10000\"}"));
    Cli cli = Cli.run("nodes", "--http", address);
    assertThat(cli.exitCode()).isEqualTo(1);
    assertThat(cli.errors())
        .containsExactly("heartbus: " + address + " answers 400: limit is 1 to 10000");
  }

  @Test
  void somethingElseOnThePortIsSaid() throws Exception {
    answers.add(new Answer(200, "<html>"));
    Cli cli = Cli.run("nodes", "--http", address);
    assertThat(cli.exitCode()).isEqualTo(1);
    assertThat(cli.errors()).hasSize(1);
    assertThat(cli.errors().getFirst()).startsWith("heartbus: not the JSON of a heartbus server");
  }

  @Test
  void nobodyThereIsSaid() throws Exception {
    server.stop(0);
    Cli cli = Cli.run("top", "--http", address, "--count", "1");
    assertThat(cli.exitCode()).isEqualTo(1);
    assertThat(cli.errors()).hasSize(1);
    assertThat(cli.errors().getFirst()).startsWith("heartbus: cannot ask http://" + address);
  }

  @Test
  void topPrintsOneLineEachTimeWithoutATerminal() throws Exception {
    String summary =
        "{\"version\":\"2\",\"uptimeSeconds\":5,\"nodes\":{\"ONLINE\":3,\"SUSPECT\":0,\"HELD\":0,\"OFFLINE\":1},"
            + "\"connections\":3,\"channels\":4,\"heartbeatsPerSecond\":0.3,\"messagesPerSecond\":0,"
            + "\"detection\":{\"promisedMs\":30260,\"p99Ms\":null}}";
    answers.add(new Answer(200, summary));
    answers.add(new Answer(200, summary));
    Cli cli = Cli.run("top", "--http", address, "--count", "2", "--interval", "10ms");
    assertThat(cli.exitCode()).as(cli.errors().toString()).isZero();
    String line =
        "online=3 suspect=0 held=0 offline=1 connections=3 channels=4 heartbeatsPerSecond=0.3"
            + " messagesPerSecond=0 detectionP99Ms=-";
    assertThat(cli.lines()).containsExactly(line, line);
  }

  @Test
  void watchPrintsEventsAndGoesOnWhereItWas() throws Exception {
    Queue<String> events = new ArrayDeque<>();
    events.add("id: 7\ndata: " + event(7, "online", "n1", "null") + "\n\n");
    events.add("id: 8\ndata: " + event(8, "offline", "n1", "\"TIMEOUT\"") + "\n\n: keep-alive\n\n");
    answers.add(new Answer(200, LOG + String.join("", events)));
    answers.add(
        new Answer(
            200,
            LOG
                + "event: gap\ndata: {\"from\":9,\"to\":12}\n\nid: 13\ndata: "
                + event(13, "online", "n2", "null")
                + "\n\n"));
    Cli cli = Cli.run("watch", "--http", address, "--prefix", "n", "--after", "6");
    cli.awaitLine("2026-01-01T00:00:13Z");
    assertThat(asked.take()).isEqualTo("/api/v1/events?prefix=n from 6");
    assertThat(asked.take()).isEqualTo("/api/v1/events?epoch=e1&prefix=n from 8");
    List<String> lines = cli.lines();
    assertThat(lines.get(0)).isEqualTo("2026-01-01T00:00:07Z online node=n1 silenceMs=0");
    assertThat(lines.get(1))
        .isEqualTo("2026-01-01T00:00:08Z offline node=n1 cause=TIMEOUT silenceMs=0");
    assertThat(lines.get(2)).startsWith("# connection lost, again in ");
    assertThat(lines.get(3)).isEqualTo("# gap: events 9 to 12");
    assertThat(lines.get(4)).isEqualTo("2026-01-01T00:00:13Z online node=n2 silenceMs=0");
    cli.interrupt();
    assertThat(cli.exitCode()).isEqualTo(1);
  }

  @Test
  void watchBeginsAnewWhenTheServerHasAnotherLog() throws Exception {
    answers.add(new Answer(200, LOG + "id: 7\ndata: " + event(7, "online", "n1", "null") + "\n\n"));
    answers.add(new Answer(400, "{\"error\":\"epoch is that of another log\"}"));
    answers.add(
        new Answer(
            200,
            LOG.replace("e1", "e2") + "id: 1\ndata: " + event(1, "online", "n1", "null") + "\n\n"));
    Cli cli = Cli.run("watch", "--http", address);
    cli.awaitLine("2026-01-01T00:00:01Z");
    assertThat(asked.take()).isEqualTo("/api/v1/events");
    assertThat(asked.take()).isEqualTo("/api/v1/events?epoch=e1 from 7");
    assertThat(asked.take()).isEqualTo("/api/v1/events from 0");
    assertThat(cli.lines())
        .contains("# the server was started anew; events behind 7 are lost")
        .doesNotContain("another name");
    cli.interrupt();
    assertThat(cli.exitCode()).isEqualTo(1);
  }

  @Test
  void watchGoesOnBehindAPositionThatCameAlone() throws Exception {
    answers.add(new Answer(200, LOG + "id: 40\n\n"));
    Cli cli = Cli.run("watch", "--http", address);
    asked.take();
    assertThat(asked.take()).isEqualTo("/api/v1/events?epoch=e1 from 40");
    cli.interrupt();
    assertThat(cli.exitCode()).isEqualTo(1);
  }

  @Test
  void watchFailsAtOnceWhenTheQuestionIsWrong() throws Exception {
    answers.add(new Answer(400, "{\"error\":\"type must be one or more of online\"}"));
    Cli cli = Cli.run("watch", "--http", address, "--type", "gone");
    assertThat(cli.exitCode()).isEqualTo(1);
    assertThat(cli.errors())
        .containsExactly(
            "heartbus: " + address + " answers 400: type must be one or more of online");
  }

  @Test
  void watchFailsAtOnceWhenNobodyIsThere() throws Exception {
    Cli cli = Cli.run("watch", "--http", address);
    assertThat(cli.exitCode()).isEqualTo(1);
    assertThat(cli.errors()).containsExactly("heartbus: " + address + " answers 404: nothing here");
  }

  private static String event(int seq, String type, String node, String cause) {
    return "{\"seq\":%d,\"time\":\"2026-01-01T00:00:%02dZ\",\"type\":\"%s\",\"node\":\"%s\",\"session\":1,"
            .formatted(seq, seq, type, node)
        + "\"cause\":"
        + cause
        + ",\"group\":null,\"silenceMs\":0,\"detail\":null}";
  }
}
