package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawChannel.close;
import static io.heartbus.server.conformance.RawChannel.credit;
import static io.heartbus.server.conformance.RawChannel.textOfCost;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Frame;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages to one node over HTTP. */
class PostTest {
  private static final int MESSAGE_MAX = 8 * 1024;

  private static TestServer server;
  private static Http http;

  @BeforeAll
  static void start() throws Exception {
    server =
        TestServer.start(
            "limits.max-message = " + MESSAGE_MAX,
            """
            channel.routes = [
              { match = "default", handler = discard }
              { match = "*", handler = discard }
            ]
            """);
    http = new Http(server);
  }

  @AfterAll
  static void stop() {
    http.close();
    server.close();
  }

  @Test
  @DisplayName("a message goes to the newest open channel of that name, whole and as it is")
  void aMessageGoesToTheNewestOpenChannelOfThatName() throws Exception {
    try (Member node = Member.join(server, "one")) {
      node.open(3, "jobs").open(5, "jobs").open(7, "others");
      assertThat(http.post(202, "/api/v1/nodes/one/channels/jobs", "a")).isEmpty();
      node.hears(5, "a").send(close(5, 0x8000)).fence();
      http.post(202, "/api/v1/nodes/one/channels/jobs?timeout=0s", "b");
      node.hears(3, "b");
      http.post(202, "/api/v1/nodes/one/channels/default", "");
      node.hears(1, "");
      byte[] binary = {0, -1, -2, 10, 13, 127};
      assertThat(http.post("/api/v1/nodes/one/channels/others", binary).statusCode())
          .isEqualTo(202);
      assertThat(node.message(7)).isEqualTo(binary);
    }
  }

  @Test
  @DisplayName("without such a channel one is opened to a node that takes it, and used again")
  void withoutSuchAChannelOneIsOpened() throws Exception {
    try (Member node = Member.join(server, Member.openTo("open"))) {
      http.post(202, "/api/v1/nodes/open/channels/jobs", "first");
      http.post(202, "/api/v1/nodes/open/channels/jobs", "second");
      // What REGISTER granted may be used before it accepts.
      assertThat(node.next()).isEqualTo(new Frame.ChannelOpen(2, Member.GRANT, 0, "jobs"));
      node.hears(2, "first", "second").send(RawChannel.accept(2, 65_536));
      http.post(202, "/api/v1/nodes/open/channels/jobs", "third");
      node.hears(2, "third").say(2, "nobody listens").send(close(2)).closed(2);
      http.post(202, "/api/v1/nodes/open/channels/jobs", "fourth");
      node.accept(4, "jobs", 65_536).hears(4, "fourth");
      http.post(202, "/api/v1/nodes/open/channels/more", "fifth");
      node.accept(6, "more", 65_536).hears(6, "fifth").fence();
    }
  }

  @Test
  @DisplayName("a channel whose server side has ended is none to send on; another is opened")
  void aChannelWhoseServerSideHasEndedIsNoneToSendOn() throws Exception {
    try (TestServer own = TestServer.start(Map.of("jobs", _ -> {}), "channel.routes = []");
        Http client = new Http(own);
        Member node = Member.join(own, Member.openTo("half"))) {
      // The handler returns at once, and the node does not end its own side.
      node.open(3, "jobs").closed(3);
      client.post(202, "/api/v1/nodes/half/channels/jobs", "x");
      node.accept(2, "jobs", 65_536).hears(2, "x");
    }
  }

  @Test
  @DisplayName("newest is what was opened last, whichever side did")
  void newestIsWhatWasOpenedLast() throws Exception {
    try (Member node = Member.join(server, Member.openTo("both"))) {
      http.post(202, "/api/v1/nodes/both/channels/a", "1");
      node.accept(2, "a", 65_536).hears(2, "1");
      http.post(202, "/api/v1/nodes/both/channels/jobs", "2");
      node.accept(4, "jobs", 65_536).hears(4, "2");
      node.open(3, "jobs");
      http.post(202, "/api/v1/nodes/both/channels/jobs", "3");
      node.hears(3, "3");
    }
  }

  @Test
  @DisplayName("404: a node that is unknown, offline, or takes no channels that it did not open")
  void aNodeThatCannotBeReachedIs404() throws Exception {
    try (Member node = Member.join(server, "closed");
        Member gone = Member.join(server, Member.openTo("gone"));
        LegacyPeer php = LegacyPeer.connect(server)) {
      php.register("php", "[]");
      gone.peer().hangUp();
      TestServer.await(() -> !server.find("gone").live(), () -> "it is still here");
      for (String path : new String[] {"closed/channels/jobs", "gone/channels/default"}) {
        assertThat(http.post(404, "/api/v1/nodes/" + path, "x")).contains("\"error\":\"");
      }
      http.post(404, "/api/v1/nodes/nobody/channels/default", "x");
      http.post(404, "/api/v1/nodes/php/channels/jobs", "x");
      node.fence();
    }
  }

  @Test
  @DisplayName("429: a node that grants no credit in time, and the message is not sent later")
  void aNodeThatGrantsNoCreditInTimeIs429() throws Exception {
    try (Member node = Member.join(server, "stingy")) {
      node.open(3, "jobs", 1024);
      http.post(202, "/api/v1/nodes/stingy/channels/jobs", textOfCost("a", 1024));
      node.hears(3, textOfCost("a", 1024));
      long startNanos = System.nanoTime();
      http.post(429, "/api/v1/nodes/stingy/channels/jobs?timeout=100ms", "late");
      assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(100_000_000L);
      http.post(429, "/api/v1/nodes/stingy/channels/jobs?timeout=0s", "too late");
      CompletableFuture<Integer> waits =
          http.postSoon("/api/v1/nodes/stingy/channels/jobs?timeout=9s", "in time");
      TestServer.await(
          () -> server.channels().counts().queuedMessages.sum() == 1, () -> "it does not wait");
      assertThat(waits).isNotDone();
      node.send(credit(3, 1024)).hears(3, "in time");
      assertThat(waits.get(Peer.PATIENCE_MS, TimeUnit.MILLISECONDS)).isEqualTo(202);
      node.fence();
    }
  }

  @Test
  @DisplayName("a message larger than the credit goes out in fragments, and is sent when all is")
  void aMessageLargerThanTheCreditGoesOutInFragments() throws Exception {
    try (Member node = Member.join(server, "narrow")) {
      node.open(3, "jobs", 1024);
      String text = "x".repeat(MESSAGE_MAX);
      CompletableFuture<Integer> sending =
          http.postSoon("/api/v1/nodes/narrow/channels/jobs", text);
      int bytes = 0;
      Frame.Data data;
      do {
        data = node.expect(Frame.Data.class);
        bytes += data.payload().length;
        assertThat(sending.isDone() && data.more()).isFalse();
        node.send(credit(3, data.payload().length + RawChannel.COST));
      } while (data.more());
      assertThat(bytes).isEqualTo(MESSAGE_MAX);
      assertThat(sending.get(Peer.PATIENCE_MS, TimeUnit.MILLISECONDS)).isEqualTo(202);
    }
  }

  @Test
  @DisplayName("a node that leaves while a message waits is 404")
  void aNodeThatLeavesWhileAMessageWaitsIs404() throws Exception {
    try (Member node = Member.join(server, "leaves")) {
      node.open(3, "jobs", 1024);
      http.post(202, "/api/v1/nodes/leaves/channels/jobs", textOfCost("a", 1024));
      CompletableFuture<Integer> waits =
          http.postSoon("/api/v1/nodes/leaves/channels/jobs?timeout=9s", "x");
      TestServer.await(
          () -> server.channels().counts().queuedMessages.sum() == 1, () -> "it does not wait");
      node.peer().hangUp();
      assertThat(waits.get(Peer.PATIENCE_MS, TimeUnit.MILLISECONDS)).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @DisplayName("400: parameters and names that are none")
  @ValueSource(
      strings = {
        "jobs?timeout=soon",
        "jobs?timeout=-1s",
        "jobs?timeout=61s",
        "jobs?timeout=",
        "jobs?limit=1",
        "",
        "jobs%0A",
        "jobs%C3"
      })
  void parametersAndNamesThatAreNoneAre400(String tail) throws Exception {
    try (Member node = Member.join(server, "exact")) {
      node.open(3, "jobs");
      assertThat(http.post(400, "/api/v1/nodes/exact/channels/" + tail, "x"))
          .contains("\"error\":\"");
      node.fence();
    }
  }

  @Test
  @DisplayName("413: a body over max-message; one of that size is sent")
  void aBodyOverMaxMessageIs413() throws Exception {
    try (Member node = Member.join(server, "large")) {
      node.open(3, "jobs");
      http.post(413, "/api/v1/nodes/large/channels/jobs", "x".repeat(MESSAGE_MAX + 1));
      http.post(202, "/api/v1/nodes/large/channels/jobs", "y".repeat(MESSAGE_MAX));
      assertThat(node.text(3)).isEqualTo("y".repeat(MESSAGE_MAX));
    }
  }

  @ParameterizedTest
  @DisplayName("ids and names are percent-encoded; the name may hold bare slashes")
  @CsvSource({"a%2Fb,jobs/1", "a%2Fb,jobs%2F1", "a%2Fb,jobs/%31"})
  void idsAndNamesArePercentEncoded(String id, String name) throws Exception {
    try (Member node = Member.join(server, "a/b")) {
      node.open(3, "jobs/1");
      http.post(202, "/api/v1/nodes/" + id + "/channels/" + name, "x");
      node.hears(3, "x");
    }
  }

  @Test
  @DisplayName("a legacy node gets it as DATA on its one channel")
  void aLegacyNodeGetsItAsData() throws Exception {
    try (LegacyPeer php = LegacyPeer.connect(server)) {
      php.register("php", "[]");
      http.post(202, "/api/v1/nodes/php/channels/default", "gr\u00fc\u00dfe \"\u4f60\"\n");
      LegacyPeer.Message message = php.expect(RawFrame.DATA);
      assertThat(message.payload()).isEqualTo("gr\u00fc\u00dfe \"\u4f60\"\n");
      assertThat(message.json()).contains("\"channel_id\":1");
      byte[] noText = {(byte) 0xC3};
      http.post("/api/v1/nodes/php/channels/default", noText);
      assertThat(server.channels().counts().dropped.sum()).isEqualTo(1);
      http.post("/api/v1/nodes/php/channels/default", "next".getBytes(StandardCharsets.UTF_8));
      assertThat(php.expect(RawFrame.DATA).payload()).isEqualTo("next");
    }
  }
}
