package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawChannel.END;
import static io.heartbus.server.conformance.RawChannel.close;
import static io.heartbus.server.conformance.RawChannel.credit;
import static io.heartbus.server.conformance.RawChannel.data;
import static io.heartbus.server.conformance.RawChannel.open;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.server.interleaving.ServerThreads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The channel {@code presence}: what a node that watches is told of the others. */
class WatchTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String ROUTE =
      "channel.routes = [ { match = presence, handler = presence } ]";

  private static JsonNode json(Member watcher, long id) throws IOException {
    return JSON.readTree(watcher.text(id));
  }

  /** An event in short: number, type and node. */
  private static String event(Member watcher, long id) throws IOException {
    JsonNode event = json(watcher, id);
    assertThat(event.has("gap")).as(event.toString()).isFalse();
    return event.path("seq").asLong()
        + " "
        + event.path("type").asString()
        + " "
        + event.path("node").asString();
  }

  private static Member watcher(TestServer server, String request) throws IOException {
    Member watcher = Member.join(server, "watcher");
    watcher.open(3, "presence").say(3, request);
    return watcher;
  }

  @Test
  @DisplayName("without a position it begins now, and says where that is")
  void withoutAPositionItBeginsNow() throws Exception {
    try (TestServer server = TestServer.start(ROUTE);
        Member watcher = watcher(server, "{}")) {
      JsonNode place = json(watcher, 3);
      assertThat(place.propertyNames()).containsExactly("epoch", "after", "gap");
      assertThat(place.path("after").asLong()).isEqualTo(1);
      assertThat(place.path("gap").isNull()).isTrue();
      try (Member _ = Member.join(server, "a")) {
        assertThat(event(watcher, 3)).isEqualTo("2 online a");
      }
      JsonNode gone = json(watcher, 3);
      assertThat(gone.propertyNames())
          .containsExactly(
              "seq", "time", "type", "node", "session", "cause", "group", "silenceMs", "detail");
      assertThat(gone.path("cause").asString()).isEqualTo("DISCONNECTED");
    }
  }

  @Test
  @DisplayName("with a position it goes on behind it")
  void withAPositionItGoesOnBehindIt() throws Exception {
    try (TestServer server = TestServer.start(ROUTE);
        Member _ = Member.join(server, "a");
        Member _ = Member.join(server, "b");
        Member watcher = watcher(server, "{\"after\":1}")) {
      String epoch = json(watcher, 3).path("epoch").asString();
      assertThat(event(watcher, 3)).isEqualTo("2 online b");
      assertThat(event(watcher, 3)).isEqualTo("3 online watcher");
      watcher.open(5, "presence").say(5, "{\"after\":2,\"epoch\":\"%s\"}".formatted(epoch));
      assertThat(json(watcher, 5).path("after").asLong()).isEqualTo(2);
      assertThat(event(watcher, 5)).isEqualTo("3 online watcher");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'after':0,'prefix':'b'} | 2 online b",
        "{'after':0,'group':'g'} | 2 online b",
        "{'after':0,'type':'OFFLINE'} | 4 offline a",
        "{'after':0,'type':'suspect, offline','prefix':'a'} | 4 offline a",
        "{'after':0,'type':['offline','replaced']} | 4 offline a",
        "{'after':null,'type':null,'epoch':null,'group':null,'prefix':null} | 4 offline a"
      })
  @DisplayName("it is told what it asks for, and nothing else")
  void itIsToldWhatItAsksFor(String request, String first) throws Exception {
    RawRegister b = RawRegister.of("b").tlv(RawRegister.TLV_GROUP, new byte[] {'g'});
    try (TestServer server = TestServer.start(ROUTE);
        Member a = Member.join(server, "a");
        Member _ = Member.join(server, b);
        Member watcher = watcher(server, request.replace('\'', '"'))) {
      json(watcher, 3);
      a.peer().hangUp();
      assertThat(event(watcher, 3)).isEqualTo(first);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nothing of the kind | a request is one JSON object",
        "[] | a request is one JSON object",
        "{} {} | a request is one JSON object",
        "{'after':1,'after':2} | a request is one JSON object",
        "{'since':1} | a request has no members but after, epoch, type, group and prefix",
        "{'after':-1} | after must be a whole number from 0 to 2^63 - 2",
        "{'after':1.5} | after must be a whole number from 0 to 2^63 - 2",
        "{'after':'1'} | after must be a whole number from 0 to 2^63 - 2",
        "{'after':9223372036854775807} | after must be a whole number from 0 to 2^63 - 2",
        "{'after':9223372036854775808} | after must be a whole number from 0 to 2^63 - 2",
        "{'epoch':7} | epoch must be a text",
        "{'prefix':[]} | prefix must be a text",
        "{'group':{}} | group must be a text",
        "{'type':[null]} | type must be a text, or a list of texts",
        "{'type':'gone'} | type must be one or more of online, suspect, offline, replaced,"
            + " mass_loss, stall"
      })
  @DisplayName("what it must not ask is refused with the reason, and only its channel ends")
  void whatItMustNotAskIsRefused(String request, String reason) throws Exception {
    try (TestServer server = TestServer.start(ROUTE);
        Member watcher = watcher(server, request.replace('\'', '"'))) {
      assertThat(watcher.refused(3, ErrorCode.REFUSED).message()).startsWith(reason);
      watcher.open(5, "presence").say(5, "{}");
      json(watcher, 5);
    }
  }

  @Test
  @DisplayName("a request that is too long is refused")
  void aRequestThatIsTooLongIsRefused() throws Exception {
    try (TestServer server =
            TestServer.start(ROUTE, "channel.init-credit = 64 KiB", "limits.max-frame = 64 KiB");
        Member watcher = watcher(server, "{\"group\":\"%s\"}".formatted("x".repeat(17_000)))) {
      assertThat(watcher.refused(3, ErrorCode.REFUSED).message())
          .isEqualTo("a request has at most 16384 bytes");
    }
  }

  @Test
  @DisplayName("a second message is refused; who gives no credit is, too")
  void aSecondMessageIsRefused() throws Exception {
    try (TestServer server = TestServer.start(ROUTE);
        Member watcher = watcher(server, "{}")) {
      json(watcher, 3);
      watcher.say(3, "{}");
      assertThat(watcher.refused(3, ErrorCode.REFUSED).message()).isEqualTo("a watcher asks once");
      watcher.send(open(5, 0, "presence"));
      watcher.expect(Frame.ChannelAccept.class);
      assertThat(watcher.refused(5, ErrorCode.REFUSED).message())
          .isEqualTo("a watcher gives credit");
    }
  }

  @Test
  @DisplayName("a watcher may end its side once it has asked; who ends without asking is done")
  void aWatcherMayEndItsSide() throws Exception {
    try (TestServer server = TestServer.start(ROUTE);
        Member watcher = Member.join(server, "watcher")) {
      watcher.open(3, "presence").send(data(3, END, "{}"));
      json(watcher, 3);
      try (Member _ = Member.join(server, "a")) {
        assertThat(event(watcher, 3)).isEqualTo("2 online a");
      }
      assertThat(event(watcher, 3)).isEqualTo("3 offline a");
      watcher.open(5, "presence").send(close(5)).closed(5);
    }
  }

  @ParameterizedTest
  @DisplayName("the feed ends with a reset or with its node, also while it waits")
  @ValueSource(strings = {"reset", "leave", "hang up"})
  void theFeedEndsWithAResetOrWithItsNode(String how) throws Exception {
    int threadsBefore = ServerThreads.count();
    try (TestServer server = TestServer.start(ROUTE);
        Member watcher = watcher(server, "{}")) {
      json(watcher, 3);
      assertThat(ServerThreads.count()).isGreaterThan(threadsBefore);
      switch (how) {
        case "reset" -> watcher.send(close(3, 0x8000)).fence();
        case "leave" -> watcher.send(RawFrame.of(RawFrame.UNREGISTER));
        default -> watcher.peer().hangUp();
      }
      TestServer.await(
          () -> ServerThreads.count() <= threadsBefore, () -> "its thread is still there");
      assertThat(server.channels().counts().handlerFailures.sum()).isZero();
    }
  }

  @Test
  @DisplayName("a watcher without credit slows nobody, and is told what it missed")
  void aWatcherWithoutCreditIsToldWhatItMissed() throws Exception {
    try (TestServer server = TestServer.start(ROUTE, "presence.log.events = 20");
        Member watcher = Member.join(server, "watcher")) {
      watcher.open(3, "presence", 1024).say(3, "{}");
      json(watcher, 3);
      for (int i = 0; i < 100; i++) {
        Member.join(server, "n" + i).send(RawFrame.of(RawFrame.UNREGISTER)).close();
      }
      TestServer.await(() -> server.log().last() == 201, () -> "not all came and went");
      watcher.send(credit(3, 1 << 20));
      List<Long> accounted = new ArrayList<>();
      boolean gap = false;
      while (accounted.isEmpty() || accounted.getLast() < 201) {
        JsonNode told = json(watcher, 3);
        if (told.has("gap")) {
          gap = true;
          assertThat(told.path("gap").path("to")).isEqualTo(told.path("after"));
          for (long seq = told.path("gap").path("from").asLong();
              seq <= told.path("after").asLong();
              seq++) {
            accounted.add(seq);
          }
        } else {
          accounted.add(told.path("seq").asLong());
        }
      }
      assertThat(gap).isTrue();
      assertThat(accounted).isEqualTo(LongStream.rangeClosed(2, 201).boxed().toList());
    }
  }

  @Test
  @DisplayName("a position that the log never had is a gap, before anything else")
  void aPositionThatTheLogNeverHadIsAGap() throws Exception {
    try (TestServer server = TestServer.start(ROUTE);
        Member watcher = watcher(server, "{\"after\":50}")) {
      JsonNode place = json(watcher, 3);
      assertThat(place.path("gap").toString()).isEqualTo("{\"from\":2,\"to\":50}");
      assertThat(place.path("after").asLong()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("a position of another log is a gap without an end, and this one from its start on")
  void aPositionOfAnotherLogIsAGapWithoutAnEnd() throws Exception {
    try (TestServer server = TestServer.start(ROUTE);
        Member watcher = watcher(server, "{\"after\":50,\"epoch\":\"another\"}")) {
      JsonNode place = json(watcher, 3);
      assertThat(place.path("gap").toString()).isEqualTo("{\"from\":51,\"to\":null}");
      assertThat(place.path("after").asLong()).isZero();
      assertThat(event(watcher, 3)).isEqualTo("1 online watcher");
      watcher.open(5, "presence").say(5, "{\"epoch\":\"another\"}");
      assertThat(json(watcher, 5).path("after").asLong()).isEqualTo(1);
    }
  }

  /** Random grants, fragments included: each message comes whole, and none is missing. */
  @ParameterizedTest
  @DisplayName("however credit comes, every event comes once and in order")
  @ValueSource(longs = {1, 2, 3})
  void howeverCreditComesEveryEventComesOnce(long seed) throws Exception {
    Random random = new Random(seed);
    try (TestServer server = TestServer.start(ROUTE);
        Member watcher = Member.join(server, "watcher")) {
      watcher.open(3, "presence", 1024).say(3, "{\"after\":0}");
      Thread others = Thread.ofVirtual().start(() -> Member.comeAndGo(server, 200));
      StringBuilder part = new StringBuilder();
      long expected = 1;
      boolean placed = false;
      while (expected <= 401) {
        Frame.Data frame = watcher.expect(Frame.Data.class);
        part.append(new String(frame.payload(), StandardCharsets.UTF_8));
        watcher.send(credit(3, frame.payload().length + 64L - (random.nextBoolean() ? 0 : 1)));
        if (random.nextInt(8) == 0) {
          watcher.send(credit(3, 1 + random.nextInt(500)));
        }
        if (!frame.more()) {
          JsonNode told = JSON.readTree(part.toString());
          part.setLength(0);
          if (placed) {
            assertThat(told.path("seq").asLong()).as("seed %d", seed).isEqualTo(expected++);
          }
          placed = true;
        }
      }
      others.join();
    }
  }
}
