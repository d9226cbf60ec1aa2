package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawFrame.join;
import static io.heartbus.server.conformance.RawFrame.u16;
import static io.heartbus.server.conformance.RawFrame.u32;
import static io.heartbus.server.conformance.RawFrame.u64;
import static io.heartbus.server.conformance.RawFrame.u8;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import io.heartbus.server.connection.CloseReason;
import io.heartbus.server.node.NodeState;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Beats and probes on a connection, and how many of them are too many. */
class HeartbeatTest {
  private static final int FRAMES = 40;

  /** What a node may send in 30 s at an interval of 10 s: 40 of its own, and twice its 3 beats. */
  private static final int BUDGET = FRAMES + 2 * 3;

  private static TestServer strict() throws IOException {
    return TestServer.start("limits.control-frames = " + FRAMES);
  }

  @Test
  @DisplayName("row 44: a PING is echoed exactly, and a PONG that nobody asked for is ignored")
  void aPingIsEchoedExactlyAndAPongThatNobodyAskedForIsIgnored() throws IOException {
    try (TestServer server = TestServer.start();
        Peer node = server.connect()) {
      node.register("pinging");
      node.send(RawFrame.of(RawFrame.PING)).expect(new Frame.Pong(null));
      for (long opaque : new long[] {0, 1, -1, Long.MIN_VALUE, 0xAB12040000000008L}) {
        node.send(RawFrame.of(RawFrame.PING, u64(opaque))).expect(new Frame.Pong(opaque));
      }
      node.send(RawFrame.of(RawFrame.PONG), RawFrame.of(RawFrame.PONG, u64(3))).fence();
    }
  }

  @ParameterizedTest
  @DisplayName("rows 44, 48: a flood of PINGs or beats is warned once, and then fatal")
  @ValueSource(ints = {RawFrame.PING, RawFrame.HEARTBEAT_REQ})
  void aFloodOfPingsOrBeatsIsWarnedOnceAndThenFatal(int type) throws IOException {
    Frame answer = type == RawFrame.PING ? new Frame.Pong(null) : Frame.HeartbeatResponse.PLAIN;
    try (TestServer server = strict();
        Peer node = server.connect();
        Peer calm = server.connect()) {
      calm.register("calm");
      node.register("restless");
      byte[] frame = RawFrame.of(type);
      for (int i = 0; i < BUDGET; i++) {
        node.send(frame).expect(answer);
      }
      node.send(frame);
      Frame first = node.next();
      boolean warnedFirst = first instanceof Frame.Fault;
      Frame warning = warnedFirst ? first : node.next();
      assertThat(warning).isInstanceOf(Frame.Fault.class);
      Frame.Fault fault = (Frame.Fault) warning;
      assertThat(fault.error()).isEqualTo(ErrorCode.FLOOD);
      assertThat(fault.scope()).isEqualTo(Frame.Scope.ADVISORY);
      if (warnedFirst) {
        node.expect(answer);
      }
      for (int i = BUDGET + 1; i < 2 * BUDGET; i++) {
        node.send(frame).expect(answer);
      }
      node.send(frame);
      Frame last = node.next();
      if (last.equals(answer)) {
        last = node.next();
      }
      assertThat(((Frame.Fault) last).error()).isEqualTo(ErrorCode.FLOOD);
      assertThat(((Frame.Fault) last).scope()).isEqualTo(Frame.Scope.CONNECTION);
      node.expectEnd();
      server.awaitState("restless", NodeState.OFFLINE);
      assertThat(server.closed(CloseReason.FLOOD)).isEqualTo(1);
      calm.fence();
    }
  }

  @Test
  @DisplayName("row 48: a budget of zero is none")
  void aBudgetOfZeroIsNone() throws IOException {
    try (TestServer server = TestServer.start("limits.control-frames = 0");
        Peer node = server.connect()) {
      node.register("free");
      for (int i = 0; i < 2_000; i++) {
        node.send(RawFrame.of(RawFrame.HEARTBEAT_REQ)).expect(Frame.HeartbeatResponse.PLAIN);
      }
    }
  }

  @Test
  @DisplayName("row 48: beats at the pace that was agreed are never too many")
  void beatsAtThePaceThatWasAgreedAreNeverTooMany() throws IOException {
    try (TestServer server = strict();
        Peer node = server.connect()) {
      node.register(RawRegister.of("brisk").asking(300, 10_000));
      // 30 s hold 100 beats of 300 ms, and the budget is twice that and 40.
      for (int i = 0; i < 2 * 100 + FRAMES; i++) {
        node.send(RawFrame.of(RawFrame.HEARTBEAT_REQ));
        assertThat(node.nextButProbes()).isEqualTo(Frame.HeartbeatResponse.PLAIN);
      }
    }
  }

  @Test
  @DisplayName("row 45: a beat of 0 or 8 bytes is answered in kind, and its round trip is noted")
  void aBeatOf0Or8BytesIsAnsweredInKind() throws IOException {
    try (TestServer server = TestServer.start();
        Peer node = server.connect()) {
      Frame.Registered terms =
          node.register(
              RawRegister.of("beating").capabilities(1 | Wire.CAPABILITY_HEARTBEAT_STATS));
      assertThat(terms.capabilities() & Wire.CAPABILITY_HEARTBEAT_STATS).isNotZero();
      node.send(RawFrame.of(RawFrame.HEARTBEAT_REQ)).expect(Frame.HeartbeatResponse.PLAIN);
      node.send(RawFrame.of(RawFrame.HEARTBEAT_REQ, join(u32(0xFFFF_FFFFL), u32(0xFFFF_FFFFL))));
      node.expect(new Frame.HeartbeatResponse(new Frame.Stats(0xFFFF_FFFFL, 0xFFFF_FFFFL), null));
      assertThat(Objects.requireNonNull(server.find("beating")).roundTripMicros()).isEqualTo(-1);
      node.send(RawFrame.of(RawFrame.HEARTBEAT_REQ, join(u32(1), u32(1234))));
      node.expect(new Frame.HeartbeatResponse(new Frame.Stats(1, 1234), null));
      assertThat(Objects.requireNonNull(server.find("beating")).roundTripMicros()).isEqualTo(1234);
      node.send(RawFrame.of(RawFrame.HEARTBEAT_REQ, new byte[3]));
      node.expectFatal(ErrorCode.FRAME_SIZE);
    }
  }

  @Test
  @DisplayName("row 45: with hb_ack_every 3 every third beat is answered, with its own echo")
  void withHbAckEvery3EveryThirdBeatIsAnsweredWithItsOwnEcho() throws IOException {
    try (TestServer server = TestServer.start("heartbeat.ack-every = 3");
        Peer node = server.connect()) {
      assertThat(node.register("frugal").heartbeatAckEvery()).isEqualTo(3);
      for (long i = 1; i <= 9; i++) {
        node.send(RawFrame.of(RawFrame.HEARTBEAT_REQ, join(u32(i), u32(5))));
        if (i % 3 == 0) {
          node.expect(new Frame.HeartbeatResponse(new Frame.Stats(i, 5), null));
        } else {
          node.fence();
        }
      }
    }
  }

  @Test
  @DisplayName("row 45: with hb_ack_every 0 no beat is answered")
  void withHbAckEvery0NoBeatIsAnswered() throws IOException {
    try (TestServer server = TestServer.start("heartbeat.ack-every = 0");
        Peer node = server.connect()) {
      assertThat(node.register("unheard").heartbeatAckEvery()).isZero();
      for (int i = 0; i < 5; i++) {
        node.send(RawFrame.of(RawFrame.HEARTBEAT_REQ)).fence();
      }
    }
  }

  @Test
  @DisplayName("row 46: what only a server says is unexpected from a node, also ACCEPT of nothing")
  void whatOnlyAServerSaysIsUnexpectedFromANode() throws IOException {
    byte[] accept = join(u32(2), u32(4096));
    refuse(RawFrame.of(RawFrame.HEARTBEAT_RES));
    refuse(RawFrame.of(RawFrame.HEARTBEAT_RES, new byte[8]));
    refuse(RawFrame.of(RawFrame.CHANNEL_ACCEPT, accept));
    refuse(RawFrame.of(RawFrame.CHANNEL_ACCEPT, join(u32(3), u32(4096))));
  }

  private static void refuse(byte[] frame) throws IOException {
    try (TestServer server = TestServer.start();
        Peer node = server.connect()) {
      node.register("impostor");
      node.send(frame).expectFatal(ErrorCode.UNEXPECTED_FRAME);
    }
  }

  @Test
  @DisplayName("row 46: a node may announce that it goes")
  void aNodeMayAnnounceThatItGoes() throws IOException {
    try (TestServer server = TestServer.start();
        Peer node = server.connect()) {
      node.register("leaving");
      byte[] fixed = join(u16(0x0404), u16(0xFFFF), u32(1), u32(9), u32(9), u32(9));
      node.send(RawFrame.of(RawFrame.GOAWAY, join(fixed, u8(0)))).fence();
      node.send(RawFrame.of(RawFrame.GOAWAY, join(fixed, u8(3), new byte[] {'a', ':', '1'})));
      node.fence();
      assertThat(server.status("leaving").state()).isEqualTo(NodeState.ONLINE);
      // A redirect is text for people.
      node.send(RawFrame.of(RawFrame.GOAWAY, join(fixed, u8(2), new byte[] {-1, -2}))).fence();
      node.send(RawFrame.of(RawFrame.GOAWAY, join(fixed, u8(4), new byte[] {'a', ':', '1'})));
      node.expectFatal(ErrorCode.FRAME_SIZE);
    }
  }
}
