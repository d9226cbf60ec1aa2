package io.heartbus.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbus.server.node.Cause;
import io.heartbus.server.node.NodeEvent;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The live feed: where it begins, how it goes on, what it says. */
@Timeout(120)
class FeedTest {
  private static final StreamSettings LIVELY = new StreamSettings(256, 50, 10_000);

  private Bench bench;

  @BeforeEach
  void open() throws Exception {
    bench = Bench.open(Bench.remembered(1_000), LIVELY);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void aFeedBeginsWithItsLogAndTellsEveryEventInOrder() throws Exception {
    bench.register("before");
    try (Feed feed = Feed.open(bench, "")) {
      Feed.Message log = feed.next();
      assertThat(log.type()).isEqualTo("log");
      assertThat(log.data().toString())
          .isEqualTo("{\"epoch\":\"%s\",\"first\":18,\"last\":18}".formatted(Bench.EPOCH));
      bench.register("n1", "rack-7", Map.of());
      JsonNode online = feed.next().data();
      assertThat(online.propertyNames())
          .containsExactly(
              "seq", "time", "type", "node", "session", "cause", "group", "silenceMs", "detail");
      assertThat(online.get("seq").asLong()).isEqualTo(19);
      assertThat(online.get("type").asString()).isEqualTo("online");
      assertThat(online.get("node").asString()).isEqualTo("n1");
      assertThat(online.get("session").asLong()).isEqualTo(bench.node("n1").epoch());
      assertThat(online.get("group").asString()).isEqualTo("rack-7");
      assertThat(online.get("cause").isNull()).isTrue();
      assertThat(feed.lastEventId()).isEqualTo("19");
      bench.nodes.leave(bench.node("n1"), Cause.KICKED);
      JsonNode offline = feed.next().data();
      assertThat(offline.get("type").asString()).isEqualTo("offline");
      assertThat(offline.get("cause").asString()).isEqualTo("KICKED");
      assertThat(feed.lastEventId()).isEqualTo("20");
    }
  }

  @Test
  void aFeedIsTheSameAsThePages() throws Exception {
    happen(700);
    try (Feed feed = Feed.open(bench, "?after=17").begun()) {
      JsonNode events = bench.json("/api/v1/events?limit=10000").get("events");
      assertThat(events.size()).isEqualTo(700);
      for (JsonNode event : events) {
        assertThat(feed.next().data()).isEqualTo(event);
      }
    }
  }

  @Test
  void aFeedGoesOnWhereItsReaderWas() throws Exception {
    happen(10);
    try (Feed feed = Feed.open(bench, "", "Last-Event-ID", "20").begun()) {
      assertThat(feed.nextSeqs(7)).isEqualTo(seqs(21, 27));
    }
    try (Feed feed = Feed.open(bench, "?after=24").begun()) {
      assertThat(feed.nextSeqs(3)).isEqualTo(seqs(25, 27));
    }
    try (Feed feed = Feed.open(bench, "?after=18", "Last-Event-ID", "25").begun()) {
      assertThat(feed.nextSeqs(2)).isEqualTo(seqs(26, 27));
    }
  }

  @Test
  void aReaderWhoSawNoEventIsNotSentToTheEnd() throws Exception {
    happen(10);
    String lastEventId;
    try (Feed feed = Feed.open(bench, "").begun()) {
      lastEventId = feed.lastEventId();
    }
    assertThat(lastEventId).isEqualTo("27");
    happen(3);
    try (Feed feed = Feed.resumed(bench, "", lastEventId).begun()) {
      assertThat(feed.nextSeqs(3)).isEqualTo(seqs(28, 30));
    }
  }

  @Test
  void whatTheLogForgotIsAGapAndTheRestFollows() throws Exception {
    happen(1_500);
    double before = bench.metric("heartbeat_presence_gaps_total");
    try (Feed feed = Feed.open(bench, "?after=100").begun()) {
      assertThat(feed.lastEventId()).isEqualTo("100");
      Feed.Message gap = feed.next();
      assertThat(gap.type()).isEqualTo("gap");
      assertThat(gap.data().toString()).isEqualTo("{\"from\":101,\"to\":517}");
      assertThat(feed.lastEventId()).isEqualTo("517");
      assertThat(feed.nextSeqs(1_000)).isEqualTo(seqs(518, 1_517));
    }
    assertThat(bench.metric("heartbeat_presence_gaps_total")).isEqualTo(before + 1);
  }

  @Test
  void aReaderOfTheFutureIsToldAGapAndGoesOnFromNow() throws Exception {
    happen(3);
    try (Feed feed = Feed.open(bench, "", "Last-Event-ID", "5000").begun()) {
      Feed.Message gap = feed.next();
      assertThat(gap.type()).isEqualTo("gap");
      assertThat(gap.data().toString()).isEqualTo("{\"from\":21,\"to\":5000}");
      assertThat(feed.lastEventId()).isEqualTo("20");
      happen(2);
      assertThat(feed.nextSeqs(2)).isEqualTo(seqs(21, 22));
    }
  }

  @Test
  void aFilteredFeedMovesOnWithWhatItDoesNotTell() throws Exception {
    try (Feed feed = Feed.open(bench, "?type=offline,stall&prefix=a&group=g").begun()) {
      bench.register("a1", "g", Map.of());
      bench.register("a2", "h", Map.of());
      bench.register("b1", "g", Map.of());
      for (String id : List.of("b1", "a2", "a1")) {
        bench.nodes.leave(bench.node(id), Cause.LEFT);
      }
      bench.log.append(NodeEvent.stall(900, "stood still"));
      assertThat(feed.nextSeqs(2)).isEqualTo(seqs(23, 24));
      happen(5);
      while (feed.position() < bench.log.last()) {
        assertThat(feed.nextBlock()).isNull();
      }
    }
    assertThat(bench.log.last()).isEqualTo(29);
  }

  @Test
  void theRightEpochIsServedAndAnotherOneIsNot() throws Exception {
    happen(3);
    try (Feed feed = Feed.open(bench, "?after=17&epoch=" + Bench.EPOCH).begun()) {
      assertThat(feed.nextSeqs(3)).isEqualTo(seqs(18, 20));
    }
    HttpResponse<Stream<String>> response = Feed.ask(bench, "/api/v1/events?after=1&epoch=123");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body().toList().toString()).contains("another log", Bench.EPOCH);
  }

  @ParameterizedTest
  @CsvSource({
    "after=, after must be a whole number",
    "after=-1, after must be a whole number",
    "after=%2B1, after must be a whole number",
    "after=1.0, after must be a whole number",
    "after=%D9%A1, after must be a whole number",
    "after=9223372036854775807, after must be a whole number",
    "after=99999999999999999999, after must be a whole number",
    "after=1&after=2, twice",
    "type=gone, 'online, suspect, offline, replaced, mass_loss, stall'",
    "type=, type must be",
    "limit=5, 'known: after, epoch, type, group, prefix'",
    "colour=red, unknown parameter: colour"
  })
  void aBadQueryIsToldWhatIsAllowed(String query, String reason) throws Exception {
    HttpResponse<Stream<String>> response = Feed.ask(bench, "/api/v1/events?" + query);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("Content-Type")).hasValue(Reply.JSON_TYPE);
    assertThat(Bench.JSON.readTree(String.join("", response.body().toList())).get("error"))
        .asString()
        .contains(reason);
  }

  @ParameterizedTest
  @CsvSource({"''", "x", "-1", "1 2", "99999999999999999999"})
  void aLastEventIdIsANumber(String lastEventId) throws Exception {
    HttpResponse<Stream<String>> response =
        Feed.ask(bench, "/api/v1/events", "Last-Event-ID", lastEventId);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body().toList().toString()).contains("Last-Event-ID must be");
  }

  @ParameterizedTest
  @CsvSource({
    "text/event-stream, true",
    "'application/json;q=0.5, Text/Event-Stream;q=0.9', true",
    "application/json, false",
    "text/event-streams, false",
    "*/*, false"
  })
  void aFeedIsForThoseWhoAskForOne(String accept, boolean feed) throws Exception {
    HttpResponse<String> head =
        bench.send(bench.request("/api/v1/events").HEAD().header("Accept", accept));
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("Content-Type"))
        .hasValue(feed ? "text/event-stream; charset=utf-8" : Reply.JSON_TYPE);
    assertThat(head.headers().firstValue("Cache-Control")).hasValue("no-store");
    Bench.await(() -> bench.metric("heartbeat_presence_feeds") == 0);
  }

  @Test
  void aFeedThatIsClosedHasAnEnd() throws Exception {
    try (Feed feed = Feed.open(bench, "").begun()) {
      bench.endpoint.close();
      assertThatThrownBy(
              () -> {
                while (true) {
                  feed.nextBlock();
                }
              })
          .isInstanceOf(RuntimeException.class);
    }
  }

  /** Lets that much happen, in pairs of a node that comes and goes. */
  private void happen(int events) {
    for (int i = 0; i < events; i++) {
      if (i % 2 == 0) {
        bench.register("node-" + i);
      } else {
        bench.nodes.leave(bench.node("node-" + (i - 1)), Cause.LEFT);
      }
    }
  }

  private static List<Long> seqs(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }
}
