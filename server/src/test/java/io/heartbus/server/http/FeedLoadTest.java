package io.heartbus.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.node.EventType;
import io.heartbus.server.node.NodeEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Readers who are many, slow, stuck or gone. */
@Timeout(180)
class FeedLoadTest {
  private static final String DETAIL = "x".repeat(4_000);

  /** More than both ends of a connection hold between them. */
  private static final int MANY_EVENTS = 20_000;

  @Test
  void aReaderThatNeverReadsIsGivenUpAndNobodyElseMinds() throws Exception {
    StreamSettings strict = new StreamSettings(256, 10_000, 300);
    try (Bench bench = Bench.open(Bench.remembered(100_000), strict);
        Socket stuck = connect(bench);
        Feed feed = Feed.open(bench, "?type=stall").begun()) {
      ask(stuck);
      Bench.await(() -> bench.metric("heartbeat_presence_feeds") == 2);
      Bench.await(() -> {
        happen(bench, 500);
        return bench.metric("heartbeat_presence_feeds") == 1;
      });
      bench.log.append(NodeEvent.stall(1, "after all that"));
      assertThat(feed.next().seq()).isEqualTo(bench.log.last());
    }
  }

  @Test
  void aReaderThatIsTooSlowIsToldAGap() throws Exception {
    StreamSettings patient = new StreamSettings(256, 10_000, 100_000);
    try (Bench bench = Bench.open(Bench.remembered(100), patient);
        Feed feed = Feed.open(bench, "").begun()) {
      happen(bench, MANY_EVENTS);
      long expected = Bench.LAST_BEFORE + 1;
      int gaps = 0;
      while (expected <= bench.log.last()) {
        Feed.Message message = feed.next();
        if (message.type().equals("gap")) {
          assertThat(message.data().get("from").asLong()).isEqualTo(expected);
          expected = message.data().get("to").asLong() + 1;
          gaps++;
        } else {
          assertThat(message.seq()).isEqualTo(expected);
          expected++;
        }
      }
      assertThat(gaps).isPositive();
      assertThat(bench.metric("heartbeat_presence_gaps_total")).isEqualTo(gaps);
    }
  }

  @Test
  void noMoreFeedsAreOpenThanTheBoundSays() throws Exception {
    StreamSettings few = new StreamSettings(3, 20, 10_000);
    try (Bench bench = Bench.open(Bench.remembered(100), few)) {
      List<Feed> feeds = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        feeds.add(Feed.open(bench, "").begun());
      }
      HttpResponse<Stream<String>> refused = Feed.ask(bench, "/api/v1/events");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.body().toList().toString()).contains("3 feeds are open");
      assertThat(bench.json("/api/v1/events").get("last").asLong()).isEqualTo(17);
      feeds.getFirst().close();
      Bench.await(() -> bench.metric("heartbeat_presence_feeds") == 2);
      Feed.open(bench, "").begun().close();
      feeds.forEach(Feed::close);
      Bench.await(() -> bench.metric("heartbeat_presence_feeds") == 0);
    }
  }

  @Test
  void readersThatGoAwayLeaveNothingBehind() throws Exception {
    StreamSettings lively = new StreamSettings(10, 20, 10_000);
    try (Bench bench = Bench.open(Bench.remembered(100), lively)) {
      // The JDK's server takes a thousand connections, and must forget those that broke.
      for (int i = 0; i < 1_050; i++) {
        try (Socket socket = connect(bench)) {
          ask(socket);
          assertThat(socket.getInputStream().read()).isEqualTo('H');
          socket.setSoLinger(true, 0);
        }
        if (i % 10 == 9) {
          Bench.await(() -> bench.metric("heartbeat_presence_feeds") == 0);
        }
      }
      assertThat(bench.get("/healthz").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aFeedOutlivesTheTimeThatARequestMayTake() throws Exception {
    StreamSettings slow = new StreamSettings(10, 1_000, 10_000);
    try (Bench bench = Bench.open(Bench.remembered(100), slow);
        Feed feed = Feed.open(bench, "").begun()) {
      // One a second at most; and ten seconds is what the JDK's server gives a request.
      for (int i = 0; i < 14; i++) {
        assertThat(feed.nextBlock()).isNull();
      }
      bench.register("n1");
      assertThat(feed.next().data().get("node").asString()).isEqualTo("n1");
    }
  }

  @Test
  void aServerWithAStuckReaderEndsAllTheSame() throws Exception {
    StreamSettings patient = new StreamSettings(10, 10_000, 3_600_000);
    Bench bench = Bench.open(Bench.remembered(100_000), patient);
    try (Socket stuck = connect(bench)) {
      ask(stuck);
      Bench.await(() -> bench.metric("heartbeat_presence_feeds") == 1);
      happen(bench, MANY_EVENTS);
    } finally {
      bench.close();
    }
  }

  @Test
  void whoAsksForAFeedSendsNoBody() throws Exception {
    try (Bench bench = Bench.open()) {
      for (String body :
          List.of("Content-Length: 5\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n")) {
        try (Socket socket = connect(bench)) {
          send(socket, "Connection: close\r\n" + body);
          byte[] answer = socket.getInputStream().readNBytes(12);
          assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 400");
        }
      }
    }
  }

  private static void happen(Bench bench, int events) {
    for (int i = 0; i < events; i++) {
      bench.log.append(new NodeEvent(EventType.ONLINE, "n" + i, 1, null, null, -1, DETAIL));
    }
  }

  /** A connection that holds as little as a kernel allows for somebody who does not read. */
  private static Socket connect(Bench bench) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    socket.setSoTimeout(60_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), bench.port));
    return socket;
  }

  private static void ask(Socket socket) throws IOException {
    send(socket, "\r\n");
  }

  private static void send(Socket socket, String rest) throws IOException {
    String head =
        "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n" + rest;
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
  }
}
