package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawChannel.close;
import static io.heartbus.server.conformance.RawChannel.credit;
import static io.heartbus.server.conformance.RawChannel.textOfCost;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Messages to many over HTTP: to the members of a topic, and to all nodes that match. */
class PublishTest {
  private TestServer server;
  private Http http;

  @BeforeEach
  void start() throws Exception {
    server =
        TestServer.start(
            "limits.max-message = 8 KiB",
            """
            channel.routes = [
              { match = "topic/block/*", handler = topic, queue-size = 1, overflow = block }
              { match = "topic/*", handler = topic, queue-size = 1 }
              { match = "default", handler = discard }
            ]
            """);
    http = new Http(server);
  }

  @AfterEach
  void stop() {
    http.close();
    server.close();
  }

  private static String tally(int delivered, int dropped) {
    return "{\"delivered\":%d,\"dropped\":%d}".formatted(delivered, dropped);
  }

  private static Member join(TestServer server, String id, String group) throws Exception {
    return Member.join(
        server,
        RawRegister.of(id).tlv(RawRegister.TLV_GROUP, group.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  @DisplayName("a topic's message goes to all its members, and is counted")
  void aTopicsMessageGoesToAllItsMembers() throws Exception {
    try (Member one = Member.join(server, "one").open(3, "topic/a");
        Member other = Member.join(server, "other").open(3, "topic/a");
        Member sender = Member.join(server, "sender").open(3, "topic/a", 0);
        Member stranger = Member.join(server, "stranger").open(3, "topic/b")) {
      assertThat(http.post(200, "/api/v1/topics/a", "x")).isEqualTo(tally(2, 0));
      one.hears(3, "x");
      other.hears(3, "x").send(close(3, 0x8000)).fence();
      assertThat(http.post(200, "/api/v1/topics/a", "y")).isEqualTo(tally(1, 0));
      one.hears(3, "y");
      assertThat(http.post(200, "/api/v1/topics/c/d", "z")).isEqualTo(tally(0, 0));
      sender.fence();
      stranger.fence();
    }
  }

  @Test
  @DisplayName("what waits counts as delivered, what finds no room as dropped, and nobody waits")
  void whatFindsNoRoomIsDropped() throws Exception {
    for (String topic : new String[] {"topic/a", "topic/block/a"}) {
      try (Member slow = Member.join(server, "slow").open(3, topic, 1024);
          Member quick = Member.join(server, "quick").open(3, topic)) {
        String path = "/api/v1/topics/" + topic.substring("topic/".length());
        assertThat(http.post(200, path, textOfCost("1", 1024))).isEqualTo(tally(2, 0));
        assertThat(http.post(200, path, "2")).isEqualTo(tally(2, 0));
        boolean blocks = topic.contains("block");
        // Where the oldest makes room, the new one is delivered.
        assertThat(http.post(200, path, "3")).isEqualTo(blocks ? tally(1, 1) : tally(2, 0));
        quick.hears(3, textOfCost("1", 1024), "2", "3");
        slow.hears(3, textOfCost("1", 1024)).send(credit(3, 1024)).missed(3, 1);
        slow.hears(3, blocks ? "2" : "3").fence();
      }
    }
  }

  @Test
  @DisplayName("400, 405 and 413: what is no message to a topic or to all")
  void whatIsNoMessageIsRefused() throws Exception {
    http.post(400, "/api/v1/topics/", "x");
    http.post(400, "/api/v1/topics/a%00", "x");
    http.post(400, "/api/v1/topics/a?group=b", "x");
    http.post(400, "/api/v1/topics/" + "x".repeat(256), "x");
    http.post(413, "/api/v1/topics/a", "x".repeat(8 * 1024 + 1));
    http.post(400, "/api/v1/broadcast?state=ONLINE", "x");
    http.post(413, "/api/v1/broadcast", "x".repeat(8 * 1024 + 1));
    for (String method : new String[] {"GET", "PUT", "DELETE"}) {
      assertThat(http.status(method, "/api/v1/topics/a")).isEqualTo(405);
      assertThat(http.status(method, "/api/v1/broadcast")).isEqualTo(405);
    }
  }

  @Test
  @DisplayName("a broadcast goes to the default channel of all, or of those that match")
  void aBroadcastGoesToTheDefaultChannelOfAll() throws Exception {
    try (Member red1 = join(server, "red-1", "red");
        Member red2 = join(server, "red-2", "red");
        Member blue1 = join(server, "blue-1", "blue");
        LegacyPeer php = LegacyPeer.connect(server);
        Member gone = join(server, "red-gone", "red")) {
      php.register("blue-php", "{\"group\":\"blue\"}");
      gone.peer().hangUp();
      TestServer.await(() -> !server.find("red-gone").live(), () -> "it is still here");
      assertThat(http.post(200, "/api/v1/broadcast", "to all")).isEqualTo(tally(4, 0));
      assertThat(http.post(200, "/api/v1/broadcast?group=red", "to red")).isEqualTo(tally(2, 0));
      assertThat(http.post(200, "/api/v1/broadcast?prefix=blue-", "to blue"))
          .isEqualTo(tally(2, 0));
      assertThat(http.post(200, "/api/v1/broadcast?prefix=red-1&group=red", "to one"))
          .isEqualTo(tally(1, 0));
      assertThat(http.post(200, "/api/v1/broadcast?prefix=red&group=blue", "to nobody"))
          .isEqualTo(tally(0, 0));
      red1.hears(1, "to all", "to red", "to one").fence();
      red2.hears(1, "to all", "to red").fence();
      blue1.hears(1, "to all", "to blue").fence();
      assertThat(php.expect(RawFrame.DATA).payload()).isEqualTo("to all");
      assertThat(php.expect(RawFrame.DATA).payload()).isEqualTo("to blue");
      php.fence();
    }
  }

  @Test
  @DisplayName("a broadcast is dropped where there is no credit for it, or no default channel")
  void aBroadcastIsDroppedWhereThereIsNoCreditForIt() throws Exception {
    try (Member stingy = Member.join(server, RawRegister.of("stingy").initialCredit(1024));
        Member closed = Member.join(server, "closed")) {
      closed.send(close(1, 0x8000)).fence();
      assertThat(http.post(200, "/api/v1/broadcast", textOfCost("x", 1024))).isEqualTo(tally(1, 1));
      assertThat(http.post(200, "/api/v1/broadcast", "more")).isEqualTo(tally(0, 2));
      stingy.hears(1, textOfCost("x", 1024)).send(credit(1, 1024)).fence();
      assertThat(http.post(200, "/api/v1/broadcast", "again")).isEqualTo(tally(1, 1));
      stingy.hears(1, "again").fence();
    }
  }

  @Test
  @DisplayName("what a legacy node cannot be sent is not delivered to it, but dropped")
  void whatALegacyNodeCannotBeSentIsDropped() throws Exception {
    try (Member node = Member.join(server, "modern");
        LegacyPeer php = LegacyPeer.connect(server)) {
      php.register("php", "[]");
      byte[] noText = {'a', (byte) 0xFF};
      assertThat(http.post("/api/v1/broadcast", noText).body()).isEqualTo(tally(1, 1));
      assertThat(node.message(1)).isEqualTo(noText);
      assertThat(server.channels().counts().dropped.sum()).isEqualTo(1);
      assertThat(http.post(200, "/api/v1/broadcast", "text")).isEqualTo(tally(2, 0));
      assertThat(php.expect(RawFrame.DATA).payload()).isEqualTo("text");
    }
  }
}
