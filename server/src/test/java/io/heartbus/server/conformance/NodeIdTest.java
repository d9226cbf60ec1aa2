package io.heartbus.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.server.node.NodeState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node may call itself. */
class NodeIdTest {
  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static Stream<Arguments> brokenIds() {
    return Stream.of(
        Arguments.of("empty", new byte[0]),
        Arguments.of("overlong slash", new byte[] {(byte) 0xC0, (byte) 0xAF}),
        Arguments.of("overlong NUL", new byte[] {'a', (byte) 0xC0, (byte) 0x80}),
        Arguments.of("surrogate", new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}),
        Arguments.of("cut", new byte[] {'a', (byte) 0xF0, (byte) 0x9F, (byte) 0x98}),
        Arguments.of("over U+10FFFF", new byte[] {(byte) 0xF4, (byte) 0x90, (byte) 0x80, -128}),
        Arguments.of("continuation", new byte[] {(byte) 0x80}),
        Arguments.of("NUL", new byte[] {'a', 0, 'b'}),
        Arguments.of("line feed", "a\nb".getBytes(StandardCharsets.UTF_8)),
        Arguments.of("DEL", new byte[] {0x7F}),
        Arguments.of("C1 control", new byte[] {(byte) 0xC2, (byte) 0x85}),
        Arguments.of("129 bytes", "x".repeat(129).getBytes(StandardCharsets.UTF_8)),
        Arguments.of("130 bytes", "é".repeat(65).getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenIds")
  @DisplayName("row 19: an id that is none is refused, and leaves no trace")
  void anIdThatIsNoneIsRefusedAndLeavesNoTrace(String name, byte[] id) throws IOException {
    long before = server.nodes().known();
    try (Peer stranger = server.connect()) {
      stranger.send(RawRegister.of(id).frame()).expectFatal(ErrorCode.NODE_ID_INVALID);
    }
    assertThat(server.nodes().known()).as(name).isEqualTo(before);
  }

  @ParameterizedTest
  @DisplayName("row 19: any other id gets in")
  @ValueSource(strings = {"a", "a$", " ", "/", "日本", "😀", "\u00A0", "\u202E", "e\u0301"})
  void anyOtherIdGetsIn(String id) throws IOException {
    try (Peer node = server.connect();
        Peer longest = server.connect()) {
      node.register(id);
      server.awaitState(id, NodeState.ONLINE);
      longest.register(id + "x".repeat(128 - id.getBytes(StandardCharsets.UTF_8).length));
    }
  }

  @ParameterizedTest
  @DisplayName("ids that begin with $ are the server's own")
  @ValueSource(strings = {"$", "$a", "$canary-1"})
  void idsThatBeginWithDollarAreTheServersOwn(String id) throws IOException {
    try (Peer stranger = server.connect()) {
      stranger.send(RawRegister.of(id).frame()).expectFatal(ErrorCode.NODE_ID_INVALID);
    }
    assertThat(server.find(id)).isNull();
  }
}
