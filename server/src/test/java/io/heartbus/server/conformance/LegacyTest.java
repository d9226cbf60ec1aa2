package io.heartbus.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.server.node.Cause;
import io.heartbus.server.node.Node;
import io.heartbus.server.node.NodeState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SPEC on HBP/1: the conversation of an unchanged PHP client. */
class LegacyTest {
  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server =
        TestServer.start(
            """
            channel.routes = [ { match = "default", handler = echo } ]
            limits.max-frame = 16 KiB
            """);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Node node(String id) {
    return Objects.requireNonNull(server.find(id), id);
  }

  @Test
  @DisplayName("row 17: a REGISTER that starts with a brace is one of HBP/1, and is answered so")
  void aRegisterThatStartsWithABraceIsOneOfHbp1() throws IOException {
    double now = Instant.now().getEpochSecond();
    try (LegacyPeer php = LegacyPeer.connect(server)) {
      LegacyPeer.Message answer = php.register("php-1", "{\"group\":\"rack-1\",\"os\":\"linux\"}");
      assertThat(answer.number("channel_id")).isEqualTo(1);
      assertThat(answer.number("server_time")).isBetween(now - 1, now + 60);
      assertThat(answer.number("timestamp")).isBetween(now - 1, now + 60);
      Node known = node("php-1");
      assertThat(known.legacy()).isTrue();
      assertThat(known.status().state()).isEqualTo(NodeState.ONLINE);
      assertThat(known.group()).isEqualTo("rack-1");
      assertThat(known.metadata()).isEqualTo(Map.of("group", "rack-1", "os", "linux"));
      assertThat(known.intervalMs()).isEqualTo(10_000);
      assertThat(known.timeoutMs()).isEqualTo(30_000);
    }
  }

  @Test
  @DisplayName("metadata may be the empty list that PHP makes of nothing, an object, or nested")
  void metadataMayBeTheEmptyListThatPhpMakesOfNothing() throws IOException {
    try (LegacyPeer list = LegacyPeer.connect(server);
        LegacyPeer object = LegacyPeer.connect(server);
        LegacyPeer nested = LegacyPeer.connect(server)) {
      list.register("php-list", "[]");
      assertThat(node("php-list").metadata()).isEmpty();
      object.register("php-object", "{}");
      assertThat(node("php-object").metadata()).isEmpty();
      nested.register(
          "php-nested", "{\"a\":{\"b\":[1, 2.50,null]},\"n\":17,\"t\":true,\"s\":\"é\\\"\"}");
      assertThat(node("php-nested").metadata())
          .isEqualTo(Map.of("a", "{\"b\":[1, 2.50,null]}", "n", "17", "t", "true", "s", "é\""));
    }
  }

  @Test
  @DisplayName("a node that has no id is given one")
  void aNodeThatHasNoIdIsGivenOne() throws IOException {
    try (LegacyPeer first = LegacyPeer.connect(server);
        LegacyPeer second = LegacyPeer.connect(server)) {
      String body = "{\"metadata\":[],\"timestamp\":1.5}";
      String one = first.send(RawFrame.REGISTER, body).expect(RawFrame.REGISTER).text("node_id");
      String other = second.send(RawFrame.REGISTER, body).expect(RawFrame.REGISTER).text("node_id");
      assertThat(one).isNotEmpty().isNotEqualTo(other);
      assertThat(node(one).legacy()).isTrue();
      assertThat(node(other).legacy()).isTrue();
    }
  }

  @Test
  @DisplayName("beats and PINGs are answered, and an empty payload is as good as an object")
  void beatsAndPingsAreAnswered() throws IOException {
    double now = Instant.now().getEpochSecond();
    try (LegacyPeer php = LegacyPeer.connect(server)) {
      php.register("php-beats", "[]");
      php.send(RawFrame.HEARTBEAT_REQ, "{\"timestamp\":1700000000.5}");
      assertThat(php.expect(RawFrame.HEARTBEAT_RES).number("timestamp"))
          .isBetween(now - 1, now + 60);
      php.send(RawFrame.HEARTBEAT_REQ, "").expect(RawFrame.HEARTBEAT_RES);
      php.fence();
      php.send(RawFrame.PONG, "").fence();
    }
  }

  @ParameterizedTest
  @DisplayName("DATA on channel 0 or 1 is the default channel, with the payload as the message")
  @ValueSource(longs = {0, 1})
  void dataOnChannel0Or1IsTheDefaultChannel(long channel) throws IOException {
    try (LegacyPeer php = LegacyPeer.connect(server)) {
      php.register("php-data-" + channel, "[]");
      for (String text : new String[] {"hello", "", "{\"json\":[1]}", "é \"quoted\" 😀 \\ /\n\t"}) {
        LegacyPeer.Message echo = php.send(RawFrame.DATA, channel, text).expect(RawFrame.DATA);
        assertThat(echo.payload()).isEqualTo(text);
        assertThat(echo.json()).containsPattern("\"channel_id\"\\s*:\\s*1\\b");
      }
    }
  }

  @Test
  @DisplayName("DATA on another channel is answered 400 and dropped, and the connection lives")
  void dataOnAnotherChannelIsAnswered400AndDropped() throws IOException {
    try (LegacyPeer php = LegacyPeer.connect(server)) {
      php.register("php-channel", "[]");
      php.send(RawFrame.DATA, 2, "lost").expectError(400);
      php.send(RawFrame.DATA, -1, "lost").expectError(400);
      php.fence();
      assertThat(php.send(RawFrame.DATA, 1, "kept").expect(RawFrame.DATA).payload())
          .isEqualTo("kept");
    }
  }

  @Test
  @DisplayName("UNREGISTER ends it, and the node has left")
  void unregisterEndsItAndTheNodeHasLeft() throws IOException {
    try (LegacyPeer php = LegacyPeer.connect(server)) {
      php.register("php-leaves", "[]");
      php.send(RawFrame.UNREGISTER, "").expectEnd();
      server.awaitState("php-leaves", NodeState.OFFLINE);
      assertThat(node("php-leaves").status().cause()).isEqualTo(Cause.LEFT);
    }
  }

  @Test
  @DisplayName("a legacy node that hangs up is disconnected at once")
  void aLegacyNodeThatHangsUpIsDisconnectedAtOnce() throws IOException {
    try (LegacyPeer php = LegacyPeer.connect(server)) {
      php.register("php-hangs-up", "[]");
      php.hangUp();
      server.awaitState("php-hangs-up", NodeState.OFFLINE);
      assertThat(node("php-hangs-up").status().cause()).isEqualTo(Cause.DISCONNECTED);
    }
  }

  @Test
  @DisplayName("a second REGISTER on a connection is 400 and the end")
  void aSecondRegisterOnAConnectionIs400AndTheEnd() throws IOException {
    try (LegacyPeer php = LegacyPeer.connect(server)) {
      php.register("php-twice", "[]");
      php.sendRegister("php-twice", "[]").expectError(400).expectEnd();
    }
  }

  @ParameterizedTest
  @DisplayName("a body that is not the JSON of HBP/1 is 400 and the end")
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | not json",
        "1 | {",
        "1 | []",
        "1 | {\"payload\":7}",
        "1 | {\"payload\":\"{\"}",
        "3 | {\"channel_id\":\"1\",\"payload\":\"x\"}",
        "3 | {\"channel_id\":1.5}",
        "3 | {\"channel_id\":1,\"payload\":{}}",
        "3 | {\"payload\":\"\\ud83d\"}",
        "4 | x",
        "1 | {\"payload\":\"{\\\"timestamp\\\":\\\"soon\\\"}\"}",
        "2 | {\"payload\":\"\"}",
        "6 | {\"payload\":\"\"}",
        "9 | {\"payload\":\"\"}",
        "14 | {\"payload\":\"\"}",
        "15 | {\"payload\":\"\"}",
        "64 | {\"payload\":\"\"}",
        "127 | {}",
        "255 | {}",
        "0 | {}"
      })
  void aBodyThatIsNotTheJsonOfHbp1Is400AndTheEnd(int type, String body) throws IOException {
    String id = "php-broken-" + type + body.hashCode();
    try (LegacyPeer php = LegacyPeer.connect(server)) {
      php.register(id, "[]");
      php.sendBody(type, body).expectError(400).expectEnd();
      server.awaitState(id, NodeState.OFFLINE);
      assertThat(node(id).status().cause()).isEqualTo(Cause.PROTOCOL_ERROR);
    }
  }

  @Test
  @DisplayName("bytes that are not UTF-8, or no frame at all, are 400 and the end")
  void bytesThatAreNotUtf8OrNoFrameAtAllAre400AndTheEnd() throws IOException {
    byte[] text = "{\"channel_id\":1,\"payload\":\"?\"}".getBytes(StandardCharsets.UTF_8);
    text[text.length - 3] = (byte) 0xFF;
    try (LegacyPeer broken = LegacyPeer.connect(server);
        LegacyPeer lost = LegacyPeer.connect(server)) {
      broken.register("php-latin", "[]");
      broken.sendRaw(RawFrame.of(RawFrame.DATA, text)).expectError(400).expectEnd();
      lost.register("php-lost", "[]");
      lost.sendRaw(new byte[] {'G', 'E', 'T'}).expectError(400).expectEnd();
    }
  }

  @Test
  @DisplayName("a REGISTER of HBP/1 with an id that is none is 400, and leaves no trace")
  void aRegisterOfHbp1WithAnIdThatIsNoneIs400() throws IOException {
    for (String id : new String[] {"", "a\nb", "x".repeat(129), "\u0085"}) {
      long before = server.nodes().registered.sum();
      try (LegacyPeer php = LegacyPeer.connect(server)) {
        php.sendRegister(id, "[]").expectError(400).expectEnd();
      }
      assertThat(server.nodes().registered.sum()).isEqualTo(before);
    }
  }

  @Test
  @DisplayName("a frame over the limit is 413 and the end")
  void aFrameOverTheLimitIs413AndTheEnd() throws IOException {
    try (LegacyPeer php = LegacyPeer.connect(server)) {
      php.register("php-large", "[]");
      String most = "x".repeat(16 * 1024 - "{\"channel_id\":1,\"payload\":\"\"}".length());
      assertThat(php.send(RawFrame.DATA, 1, most).expect(RawFrame.DATA).payload()).isEqualTo(most);
      php.send(RawFrame.DATA, 1, most + "x").expectError(413).expectEnd();
    }
  }

  @Test
  @DisplayName("HBP/1 and HBP/2 share one table, and take over from each other")
  void hbp1AndHbp2ShareOneTable() throws IOException {
    try (LegacyPeer old = LegacyPeer.connect(server);
        Peer young = server.connect();
        LegacyPeer older = LegacyPeer.connect(server)) {
      old.register("both", "[]");
      long first = node("both").epoch();
      assertThat(young.register("both").epoch()).isGreaterThan(first);
      old.expectError(409).expectEnd();
      assertThat(node("both").legacy()).isFalse();
      older.register("both", "[]");
      young.expectFatal(ErrorCode.SESSION_TAKEN_OVER);
      assertThat(node("both").legacy()).isTrue();
      assertThat(node("both").epoch()).isGreaterThan(first + 1);
      older.fence();
    }
  }

  @Test
  @DisplayName("a legacy node takes over from itself, the older connection is told 409")
  void aLegacyNodeTakesOverFromItself() throws IOException {
    try (LegacyPeer old = LegacyPeer.connect(server);
        LegacyPeer young = LegacyPeer.connect(server)) {
      old.register("self", "[]");
      young.register("self", "[]");
      old.expectError(409).expectEnd();
      young.fence();
      assertThat(node("self").status().state()).isEqualTo(NodeState.ONLINE);
    }
  }
}
