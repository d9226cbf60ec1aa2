package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawFrame.head;
import static io.heartbus.server.conformance.RawFrame.join;
import static io.heartbus.server.conformance.RawFrame.tail;
import static io.heartbus.server.conformance.RawFrame.u16;
import static io.heartbus.server.conformance.RawFrame.u32;
import static io.heartbus.server.conformance.RawFrame.u64;
import static io.heartbus.server.conformance.RawFrame.u8;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.server.connection.CloseReason;
import io.heartbus.server.node.Cause;
import io.heartbus.server.node.NodeState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How bytes become frames, whatever way they arrive, and what is no frame. */
class FramingTest {
  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.start("limits.control-frames = 0");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** One of each frame that a node may send while it stays; the answers do not depend on luck. */
  private static byte[] everyFrame() {
    byte[] name = "discard".getBytes(StandardCharsets.UTF_8);
    return join(
        RawFrame.of(RawFrame.HEARTBEAT_REQ),
        RawFrame.of(RawFrame.HEARTBEAT_REQ, join(u32(7), u32(0xFFFF_FFFFL))),
        RawFrame.of(RawFrame.PING),
        RawFrame.of(RawFrame.PING, u64(0x0102030405060708L)),
        RawFrame.of(RawFrame.PONG),
        RawFrame.of(RawFrame.CHANNEL_OPEN, join(u32(3), u32(4096), u8(0), u8(name.length), name)),
        RawFrame.of(RawFrame.CREDIT, join(u32(3), u32(1000))),
        RawFrame.of(RawFrame.DATA, join(u32(3), u8(0), u8('x'))),
        RawFrame.of(RawFrame.ACK, join(u32(3), u64(1))),
        RawFrame.of(
            RawFrame.ERROR, join(u16(0x0109), u8(2), u8(0), u32(0), u32(0), u16(1), u8('!'))),
        RawFrame.of(
            RawFrame.GOAWAY, join(u16(0x0401), u16(0), u32(3), u32(1), u32(1), u32(1), u8(0))),
        RawFrame.of(0x55, u64(0)),
        RawFrame.of(RawFrame.CHANNEL_CLOSE, join(u32(3), u16(0))));
  }

  /** What comes back for {@link #everyFrame}; an order exists only within a channel. */
  private static List<String> answers(Peer peer) throws IOException {
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Frame frame = peer.next();
      seen.add(frame + "");
    }
    seen.sort(null);
    return seen;
  }

  private static List<String> expectedAnswers() {
    List<String> expected = new ArrayList<>();
    expected.add(Frame.HeartbeatResponse.PLAIN.toString());
    expected.add(new Frame.HeartbeatResponse(new Frame.Stats(7, 0xFFFF_FFFFL), null).toString());
    expected.add(new Frame.Pong(null).toString());
    expected.add(new Frame.Pong(0x0102030405060708L).toString());
    expected.add(new Frame.ChannelAccept(3, 4096).toString());
    expected.add(new Frame.ChannelClose(3, 0).toString());
    expected.sort(null);
    return expected;
  }

  private static void leave(Peer peer) throws IOException {
    peer.send(RawFrame.of(RawFrame.UNREGISTER, u16(9))).expect(new Frame.Unregister(9));
    peer.expectEnd();
  }

  @Test
  @DisplayName("row 1: every frame sent one byte per write is handled as if it came in one")
  void everyFrameSentOneBytePerWriteIsHandledAsIfItCameInOne() throws IOException {
    try (Peer peer = server.connect()) {
      peer.trickle(RawRegister.of("trickling").frame()).expect(Frame.Registered.class);
      assertThat(answers(peer.trickle(everyFrame()))).isEqualTo(expectedAnswers());
      peer.trickle(RawFrame.of(RawFrame.UNREGISTER)).expect(new Frame.Unregister(0));
      peer.expectEnd();
    }
  }

  @Test
  @DisplayName("row 1: every frame cut at any byte is handled as if it came in one")
  void everyFrameCutAtAnyByteIsHandledAsIfItCameInOne() throws IOException {
    byte[] frames = everyFrame();
    for (int cut = 0; cut <= frames.length; cut++) {
      try (Peer peer = server.connect()) {
        peer.register("cut-" + cut);
        peer.send(head(frames, cut));
        peer.send(tail(frames, cut));
        assertThat(answers(peer)).as("cut at " + cut).isEqualTo(expectedAnswers());
        leave(peer);
      }
    }
  }

  @Test
  @DisplayName("row 2: a thousand frames in one write are handled in order, and a half one waits")
  void aThousandFramesInOneWriteAreHandledInOrderAndAHalfOneWaits() throws IOException {
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    for (int i = 0; i < 1000; i++) {
      frames.writeBytes(RawFrame.of(RawFrame.PING, u64(i)));
    }
    byte[] half = RawFrame.of(RawFrame.PING, u64(1000));
    try (Peer peer = server.connect()) {
      peer.register("eager");
      peer.send(frames.toByteArray(), head(half, 11));
      for (long i = 0; i < 1000; i++) {
        peer.expect(new Frame.Pong(i));
      }
      peer.send(tail(half, 11)).expect(new Frame.Pong(1000L));
    }
  }

  @Test
  @DisplayName("row 3: a REGISTER cut inside a character of its id is accepted")
  void aRegisterCutInsideACharacterOfItsIdIsAccepted() throws IOException {
    for (int cut = 44; cut < 56; cut++) {
      String id = "é€😀-" + cut;
      byte[] register = RawRegister.of(id).frame();
      try (Peer peer = server.connect()) {
        peer.send(head(register, cut));
        peer.send(tail(register, cut)).expect(Frame.Registered.class);
        server.awaitState(id, NodeState.ONLINE);
      }
    }
  }

  @Test
  @DisplayName("row 3: a frame that crosses the end of any read is accepted")
  void aFrameThatCrossesTheEndOfAnyReadIsAccepted() throws IOException {
    try (Peer peer = server.connect()) {
      peer.register("😀".repeat(32));
      // The pieces fall on every position of a buffer of any usual size.
      for (int i = 0; i < 600; i++) {
        byte[] skipped = RawFrame.of(0x41, new byte[i]);
        byte[] ping = RawFrame.of(RawFrame.PING, u64(i));
        peer.send(skipped, head(ping, i % 15))
            .send(tail(ping, i % 15))
            .expect(new Frame.Pong((long) i));
      }
    }
  }

  @ParameterizedTest
  @DisplayName("row 4: a wrong magic is fatal at once, and nothing behind it is looked at")
  @CsvSource({"00,12", "AB,13", "12,AB", "FF,FF"})
  void aWrongMagicIsFatalAtOnceAndNothingBehindItIsLookedAt(String first, String second)
      throws IOException {
    byte[] magic = {(byte) Integer.parseInt(first, 16), (byte) Integer.parseInt(second, 16)};
    try (Peer stranger = server.connect()) {
      stranger.send(magic, RawRegister.of("not-me").frame()).expectFatal(ErrorCode.BAD_MAGIC);
      assertThat(server.find("not-me")).isNull();
    }
    String id = "lost-its-magic-" + first + second;
    try (Peer node = server.connect()) {
      node.register(id);
      node.send(RawFrame.of(RawFrame.PING), magic, RawFrame.of(RawFrame.PING));
      node.expect(new Frame.Pong(null)).expectFatal(ErrorCode.BAD_MAGIC);
      server.awaitState(id, NodeState.OFFLINE);
      assertThat(server.status(id).cause()).isEqualTo(Cause.PROTOCOL_ERROR);
    }
  }

  @Test
  @DisplayName("row 4: one byte is enough to see that the magic is wrong")
  void oneByteIsEnoughToSeeThatTheMagicIsWrong() throws IOException {
    long before = server.closed(CloseReason.BAD_MAGIC);
    try (Peer stranger = server.connect()) {
      stranger.send(u8('G')).expectFatal(ErrorCode.BAD_MAGIC);
    }
    assertThat(server.closed(CloseReason.BAD_MAGIC)).isEqualTo(before + 1);
  }

  @ParameterizedTest
  @DisplayName("row 6: a type that SPEC does not leave open is fatal")
  @ValueSource(ints = {0x00, 0x0F, 0x3F, 0x80, 0xFE, 0xFF})
  void aTypeThatSpecDoesNotLeaveOpenIsFatal(int type) throws IOException {
    try (Peer node = server.connect();
        Peer stranger = server.connect()) {
      node.register("odd-" + type);
      node.send(RawFrame.of(type)).expectFatal(ErrorCode.UNKNOWN_TYPE);
      // The type is judged before the state, and long before the body is there.
      stranger.send(RawFrame.header(type, 100)).expectFatal(ErrorCode.UNKNOWN_TYPE);
    }
  }

  @Test
  @DisplayName("row 7: all types from 0x40 to 0x7F are skipped, empty or as large as can be")
  void allTypesFrom40To7FAreSkippedEmptyOrAsLargeAsCanBe() throws IOException {
    try (Peer node = server.connect()) {
      Frame.Registered terms = node.register("greasy");
      byte[] most = new byte[(int) terms.frameBytesMax()];
      for (int type = 0x40; type <= 0x7F; type++) {
        node.send(RawFrame.of(type)).fence();
      }
      for (int type : new int[] {0x40, 0x5A, 0x7F}) {
        node.send(RawFrame.of(type, most)).fence();
      }
    }
  }

  @ParameterizedTest
  @DisplayName("row 12: a fixed layout that is too short or too long is FRAME_SIZE")
  @CsvSource({
    "HEARTBEAT_REQ, 1, 1",
    "HEARTBEAT_REQ, 1, 7",
    "HEARTBEAT_REQ, 1, 9",
    "HEARTBEAT_REQ, 1, 16",
    "DATA, 3, 0",
    "DATA, 3, 4",
    "PING, 4, 1",
    "PING, 4, 5",
    "PING, 4, 9",
    "PONG, 5, 7",
    "UNREGISTER, 7, 1",
    "UNREGISTER, 7, 3",
    "ERROR, 8, 13",
    "ERROR, 8, 15",
    "OPEN, 9, 9",
    "OPEN, 9, 11",
    "ACCEPT, 10, 7",
    "ACCEPT, 10, 9",
    "CLOSE, 11, 5",
    "CLOSE, 11, 7",
    "CREDIT, 12, 7",
    "CREDIT, 12, 9",
    "GOAWAY, 13, 20",
    "GOAWAY, 13, 22",
    "ACK, 14, 11",
    "ACK, 14, 13",
    "ACK, 14, 0"
  })
  void aFixedLayoutThatIsTooShortOrTooLongIsAFrameSizeError(String name, int type, int bodyBytes)
      throws IOException {
    try (Peer node = server.connect()) {
      node.register(name + bodyBytes);
      node.send(RawFrame.of(type, new byte[bodyBytes])).expectFatal(ErrorCode.FRAME_SIZE);
    }
  }
}
