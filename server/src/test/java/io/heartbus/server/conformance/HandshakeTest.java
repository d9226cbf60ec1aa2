package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawFrame.head;
import static io.heartbus.server.conformance.RawFrame.u16;
import static io.heartbus.server.conformance.RawFrame.u32;
import static io.heartbus.server.conformance.RawFrame.u64;
import static io.heartbus.server.conformance.RawFrame.u8;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.server.connection.CloseReason;
import io.heartbus.server.node.Cause;
import io.heartbus.server.node.Node;
import io.heartbus.server.node.NodeState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in, and what the others are told. */
class HandshakeTest {
  private static final int SOME_ID = 60;

  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @DisplayName("row 13: any frame but REGISTER is unexpected at first, whatever its body is")
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 0x40, 0x7F})
  void anyFrameButRegisterIsUnexpectedAtFirstWhateverItsBodyIs(int type) throws IOException {
    try (Peer empty = server.connect();
        Peer large = server.connect()) {
      empty.send(RawFrame.of(type)).expectFatal(ErrorCode.UNEXPECTED_FRAME);
      // The state is judged before the limit.
      large.send(RawFrame.header(type, 0xFFFF_FFFFL)).expectFatal(ErrorCode.UNEXPECTED_FRAME);
    }
  }

  @ParameterizedTest
  @DisplayName("row 14: who says nothing, half a header or half a REGISTER runs into a timeout")
  @ValueSource(ints = {0, 1, 6, 7, 30})
  void whoSaysNothingOrHalfOfItRunsIntoATimeout(int bytes) throws IOException {
    try (TestServer strict = TestServer.start("limits.register-timeout = 200 ms")) {
      long startNanos = System.nanoTime();
      try (Peer stranger = strict.connect()) {
        stranger.send(head(RawRegister.of("half").frame(), bytes));
        stranger.expectFatal(ErrorCode.REGISTER_TIMEOUT);
        assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(200_000_000L);
      }
    }
  }

  @Test
  @DisplayName("row 15: a frame that trickles in for ever runs into a timeout")
  void aFrameThatTricklesInForEverRunsIntoATimeout() throws IOException {
    try (TestServer strict = TestServer.start("limits.frame-timeout = 300 ms");
        Peer slow = strict.connect()) {
      slow.register("loris");
      long startNanos = System.nanoTime();
      slow.send(RawFrame.header(0x40, 60_000));
      // Less than the kernel's buffers hold, so that the write does not fail before the read.
      while (strict.closed(CloseReason.FRAME_TIMEOUT) == 0) {
        slow.send(u8(0));
        TestServer.pause();
      }
      slow.expectFatal(ErrorCode.FRAME_TIMEOUT);
      assertThat(System.nanoTime() - startNanos).isGreaterThan(300_000_000L);
    }
  }

  @ParameterizedTest
  @DisplayName("row 16: versions that do not meet are refused, and the answer says what there is")
  @CsvSource({"1,1", "1,0", "0,0", "3,3", "255,3", "1,2", "2,3", "3,4"})
  void versionsThatDoNotMeetAreRefusedAndTheAnswerSaysWhatThereIs(int max, int min)
      throws IOException {
    try (Peer stranger = server.connect();
        Peer terse = server.connect()) {
      stranger.send(RawRegister.of("old").versions(max, min).frame());
      assertThat(stranger.expectFatal(ErrorCode.UNSUPPORTED_VERSION).message()).contains("2");
      // The version comes before all sizes: who knows what the rest looks like in version 9?
      terse.send(RawFrame.of(RawFrame.REGISTER, (byte) max, (byte) min));
      terse.expectFatal(ErrorCode.UNSUPPORTED_VERSION);
    }
  }

  @Test
  @DisplayName("row 16: a node of the future is answered in version 2")
  void aNodeOfTheFutureIsAnsweredInVersion2() throws IOException {
    try (Peer node = server.connect()) {
      assertThat(node.register(RawRegister.of("new").versions(9, 1)).version()).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("row 26: an unknown TLV is skipped, of duplicates the first counts")
  void anUnknownTlvIsSkippedOfDuplicatesTheFirstCounts() throws IOException {
    try (Peer node = server.connect()) {
      RawRegister register =
          RawRegister.of("labelled")
              .tlv(77, new byte[100])
              .tlv(RawRegister.TLV_GROUP, "first".getBytes(StandardCharsets.UTF_8))
              .metadata("k", "1")
              .metadata("l", "")
              .metadata("k", "2")
              .tlv(RawRegister.TLV_GROUP, "second".getBytes(StandardCharsets.UTF_8))
              .tlv(0xFFFF, new byte[0]);
      node.register(register);
      Node known = Objects.requireNonNull(server.find("labelled"));
      assertThat(known.group()).isEqualTo("first");
      assertThat(known.metadata()).isEqualTo(Map.of("k", "1", "l", ""));
    }
  }

  @Test
  @DisplayName("rows 18, 26: lengths inside a REGISTER that do not add up are FRAME_SIZE")
  void lengthsInsideARegisterThatDoNotAddUpAreFrameSizeErrors() throws IOException {
    RawRegister register = RawRegister.of("x".repeat(SOME_ID)).auth("secret").metadata("k", "v");
    int tlvBytes = 2 + 2 + 1 + 1 + 1;
    refuseSize(register.body(SOME_ID + 1, 6, tlvBytes));
    refuseSize(register.body(SOME_ID, 2048, tlvBytes));
    refuseSize(register.body(SOME_ID, 0xFFFF, tlvBytes));
    refuseSize(register.body(SOME_ID, 6, tlvBytes + 1));
    refuseSize(register.body(SOME_ID, 6, tlvBytes - 1));
    refuseSize(RawFrame.join(register.body(), u8(0)));
    for (int bytes = 0; bytes < register.body().length; bytes++) {
      refuseSize(head(register.body(), bytes));
    }
    byte[] pastItsEnd = RawFrame.join(u8(9), u8('k'));
    refuseSize(RawRegister.of("key").tlv(RawRegister.TLV_METADATA, pastItsEnd).body());
    refuseSize(RawRegister.of("epoch").tlv(RawRegister.TLV_LAST_EPOCH, new byte[7]).body());
    refuseSize(RawRegister.of("half").tlv(1, new byte[0]).body());
  }

  private static void refuseSize(byte[] body) throws IOException {
    try (Peer stranger = server.connect()) {
      stranger.send(RawFrame.of(RawFrame.REGISTER, body)).expectFatal(ErrorCode.FRAME_SIZE);
    }
  }

  @Test
  @DisplayName("text in a TLV has to be UTF-8")
  void textInATlvHasToBeUtf8() throws IOException {
    byte[] broken = {(byte) 0xC3, 0x28};
    try (Peer stranger = server.connect();
        Peer other = server.connect()) {
      stranger.send(RawRegister.of("bad-group").tlv(RawRegister.TLV_GROUP, broken).frame());
      stranger.expectFatal(ErrorCode.PROTOCOL_ERROR);
      byte[] entry = RawFrame.join(u8(1), u8('k'), broken);
      other.send(RawRegister.of("bad-value").tlv(RawRegister.TLV_METADATA, entry).frame());
      other.expectFatal(ErrorCode.PROTOCOL_ERROR);
    }
  }

  @Test
  @DisplayName("what REGISTER offers has to be enough to go on")
  void whatRegisterOffersHasToBeEnoughToGoOn() throws IOException {
    refuseProtocol(RawRegister.of("poor").initialCredit(1023));
    refuseProtocol(RawRegister.of("small").frameBytesMax(4095));
    refuseProtocol(RawRegister.of("creditless").capabilities(0xFFFF_FFFEL));
    refuseProtocol(RawRegister.of("liar").lastEpoch((1L << 53) - (1L << 32) + 1));
    refuseProtocol(RawRegister.of("greater liar").lastEpoch(-1));
    // Capabilities come before the id, and that before the token.
    refuseProtocol(RawRegister.of("").capabilities(0));
    try (Peer modest = server.connect()) {
      modest.register(RawRegister.of("modest").initialCredit(1024).frameBytesMax(4096));
    }
  }

  private static void refuseProtocol(RawRegister register) throws IOException {
    try (Peer stranger = server.connect()) {
      stranger.send(register.frame()).expectFatal(ErrorCode.PROTOCOL_ERROR);
    }
  }

  @Test
  @DisplayName("the answer to REGISTER is laid out as SPEC says, and all its terms are usable")
  void theAnswerToRegisterIsLaidOutAsSpecSays() throws IOException {
    try (Peer node = server.connect()) {
      node.send(RawRegister.of("measured").capabilities(0x8000_00FFL).asking(70, 210).frame());
      ByteBuffer answer = ByteBuffer.wrap(node.socket().getInputStream().readNBytes(7 + 66));
      assertThat(answer.getShort()).isEqualTo((short) 0xAB12);
      assertThat(answer.get()).isEqualTo((byte) 6);
      assertThat(answer.getInt()).isEqualTo(66);
      ByteBuffer body = answer.slice();
      assertThat(body.get(0)).as("version").isEqualTo((byte) 2);
      assertThat(body.get(1) & 0xFC).as("unknown flags").isZero();
      assertThat(body.get(2)).as("ack every").isEqualTo((byte) 1);
      assertThat(body.get(3)).as("reserved").isZero();
      assertThat(body.getInt(4) & 1).as("CREDIT").isEqualTo(1);
      assertThat(body.getInt(4) & ~0x1F).as("unknown capabilities").isZero();
      assertThat(body.getInt(8)).as("interval").isEqualTo(70);
      assertThat(body.getInt(12)).as("timeout").isEqualTo(210);
      assertThat(body.getInt(16)).as("phase").isBetween(0, 69);
      int credit = body.getInt(20);
      assertThat(credit).as("credit").isGreaterThanOrEqualTo(1024);
      assertThat(body.getInt(24)).as("max_frame").isGreaterThanOrEqualTo(4096);
      int channels = body.getInt(28);
      assertThat(body.getInt(32)).as("default channel").isEqualTo(1);
      assertThat(body.getInt(36)).as("budget").isGreaterThanOrEqualTo((channels + 1) * credit);
      assertThat(body.getLong(40)).as("epoch").isBetween(1L, (1L << 53) - 1);
      assertThat(body.getShort(64)).as("TLVs").isZero();
    }
  }

  @Test
  @DisplayName("beats, PINGs and CREDIT may follow REGISTER at once, and are answered behind it")
  void beatsPingsAndCreditMayFollowRegisterAtOnce() throws IOException {
    try (Peer node = server.connect()) {
      node.send(
          RawRegister.of("impatient").frame(),
          RawFrame.of(RawFrame.HEARTBEAT_REQ),
          RawFrame.of(RawFrame.CREDIT, RawFrame.join(u32(1), u32(100))),
          RawFrame.of(RawFrame.PING, u64(1)));
      node.expect(Frame.Registered.class);
      node.expect(Frame.HeartbeatResponse.PLAIN).expect(new Frame.Pong(1L));
    }
  }

  @Test
  @DisplayName("a node that registers and ends its side in one go was there")
  void aNodeThatRegistersAndEndsItsSideInOneGoWasThere() throws IOException {
    try (Peer node = server.connect()) {
      node.send(RawRegister.of("fleeting").frame()).halfClose();
      TestServer.await(() -> server.find("fleeting") != null, () -> "it was never there");
      server.awaitState("fleeting", NodeState.OFFLINE);
      assertThat(server.status("fleeting").cause()).isEqualTo(Cause.DISCONNECTED);
    }
  }

  @Test
  @DisplayName("UNREGISTER with a body is understood, and reserved bits do no harm")
  void reservedBitsDoNoHarm() throws IOException {
    try (Peer node = server.connect()) {
      Frame.Registered terms =
          node.register(RawRegister.of("grease").flags(0xFFFF).capabilities(0xFFFF_FFFFL));
      assertThat(terms.capabilities() & ~0x1F).isZero();
      node.send(RawFrame.of(RawFrame.PING, u64(-1L))).expect(new Frame.Pong(-1L));
      node.send(RawFrame.of(RawFrame.UNREGISTER, u16(0xFFFF))).expect(new Frame.Unregister(0xFFFF));
      node.expectEnd();
    }
  }
}
