package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawFrame.head;
import static io.heartbus.server.conformance.RawFrame.join;
import static io.heartbus.server.conformance.RawFrame.u16;
import static io.heartbus.server.conformance.RawFrame.u32;
import static io.heartbus.server.conformance.RawFrame.u64;
import static io.heartbus.server.conformance.RawFrame.u8;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.FrameType;
import io.heartbus.server.connection.CloseReason;
import io.heartbus.server.node.Cause;
import io.heartbus.server.node.Link;
import io.heartbus.server.node.Node;
import io.heartbus.server.node.NodeState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How connections end, and what is said of their nodes then. */
class EndingTest {
  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void awaitOffline(String id, Cause cause, CloseReason reason) {
    server.awaitState(id, NodeState.OFFLINE);
    assertThat(server.status(id).cause()).isEqualTo(cause);
    TestServer.await(() -> server.closed(reason) == 1, () -> "no connection ended for " + reason);
    long closed = 0;
    for (CloseReason any : CloseReason.values()) {
      closed += server.closed(any);
    }
    assertThat(closed).as("each end has one reason").isEqualTo(1);
  }

  @Test
  @DisplayName("row 54: a node that closes its socket is disconnected at once")
  void aNodeThatClosesItsSocketIsDisconnectedAtOnce() throws IOException {
    try (Peer node = server.connect()) {
      node.register("closing");
      node.hangUp();
      awaitOffline("closing", Cause.DISCONNECTED, CloseReason.DISCONNECTED);
    }
  }

  @Test
  @DisplayName("row 54: a node that ends its side is disconnected at once, and told the end")
  void aNodeThatEndsItsSideIsDisconnectedAtOnce() throws IOException {
    try (Peer node = server.connect()) {
      node.register("half-closing");
      node.halfClose();
      awaitOffline("half-closing", Cause.DISCONNECTED, CloseReason.DISCONNECTED);
      node.expectEnd();
    }
  }

  @Test
  @DisplayName("row 54: a node whose connection is reset is disconnected at once")
  void aNodeWhoseConnectionIsResetIsDisconnectedAtOnce() throws IOException {
    try (Peer node = server.connect()) {
      node.register("resetting");
      node.reset();
      awaitOffline("resetting", Cause.DISCONNECTED, CloseReason.RESET);
    }
  }

  @Test
  @DisplayName("row 54: a node that ends inside a frame is disconnected, and counted as cut off")
  void aNodeThatEndsInsideAFrameIsDisconnectedAndCountedAsCutOff() throws IOException {
    try (Peer node = server.connect()) {
      node.register("cut-off");
      node.send(RawFrame.of(RawFrame.PING), u8(0xAB)).expect(new Frame.Pong(null));
      node.halfClose();
      awaitOffline("cut-off", Cause.DISCONNECTED, CloseReason.TRUNCATED);
    }
  }

  @Test
  @DisplayName("row 54: who goes before REGISTER leaves no trace")
  void whoGoesBeforeRegisterLeavesNoTrace() throws IOException {
    try (Peer silent = server.connect();
        Peer half = server.connect();
        Peer rude = server.connect()) {
      silent.hangUp();
      half.send(head(RawRegister.of("half").frame(), 20)).hangUp();
      rude.reset();
      TestServer.await(
          () ->
              server.closed(CloseReason.DISCONNECTED) == 1
                  && server.closed(CloseReason.TRUNCATED) == 1
                  && server.closed(CloseReason.RESET) == 1,
          () -> "three connections should have ended");
      assertThat(server.nodes().known()).isZero();
    }
  }

  @Test
  @DisplayName("row 55: UNREGISTER is echoed with its reason, and the node has left")
  void unregisterIsEchoedWithItsReasonAndTheNodeHasLeft() throws IOException {
    try (Peer node = server.connect()) {
      node.register("polite");
      node.send(RawFrame.of(RawFrame.UNREGISTER, u16(4711))).expect(new Frame.Unregister(4711));
      node.expectEnd();
      awaitOffline("polite", Cause.LEFT, CloseReason.LEFT);
    }
  }

  @Test
  @DisplayName("row 55: UNREGISTER without a body is a reason of zero, and what follows is ignored")
  void unregisterWithoutABodyIsAReasonOfZeroAndWhatFollowsIsIgnored() throws IOException {
    byte[] data = RawFrame.of(RawFrame.DATA, join(u32(1), u8(0), new byte[100]));
    try (Peer node = server.connect()) {
      node.register("curt");
      node.send(RawFrame.of(RawFrame.UNREGISTER), data, RawFrame.of(RawFrame.PING), u8(0xFF));
      node.expect(new Frame.Unregister(0)).expectEnd();
      // Nor may it do any harm later.
      node.send(data).halfClose();
      awaitOffline("curt", Cause.LEFT, CloseReason.LEFT);
    }
    // Only DATA that came before counts.
    assertThat(server.counts().framesIn(FrameType.DATA).sum()).isZero();
  }

  @Test
  @DisplayName("row 55: UNREGISTER and the end in one go is still a goodbye")
  void unregisterAndTheEndInOneGoIsStillAGoodbye() throws IOException {
    try (Peer node = server.connect()) {
      node.register("hasty");
      node.send(RawFrame.of(RawFrame.UNREGISTER)).halfClose();
      node.expect(new Frame.Unregister(0)).expectEnd();
      awaitOffline("hasty", Cause.LEFT, CloseReason.LEFT);
    }
  }

  @Test
  @DisplayName("row 59: a peer that is sending a megabyte reads why it is cut off")
  void aPeerThatIsSendingAMegabyteReadsWhyItIsCutOff() throws IOException {
    byte[] megabyte = new byte[1 << 20];
    for (int i = 0; i < 10; i++) {
      try (Peer node = server.connect()) {
        node.register("talkative");
        node.send(RawFrame.of(0x00), megabyte).expectFatal(ErrorCode.UNKNOWN_TYPE);
      }
    }
  }

  @Test
  @DisplayName("a node that is kicked is told so, once")
  void aNodeThatIsKickedIsToldSoOnce() throws IOException {
    try (Peer node = server.connect()) {
      node.register("unwanted");
      Node session = Objects.requireNonNull(server.find("unwanted"));
      Link link = Objects.requireNonNull(session.link());
      assertThat(server.table().leave(session, Cause.KICKED)).isTrue();
      link.sessionOver(Cause.KICKED);
      assertThat(server.table().leave(session, Cause.KICKED)).isFalse();
      node.expectFatal(ErrorCode.KICKED);
      awaitOffline("unwanted", Cause.KICKED, CloseReason.KICKED);
    }
  }

  @Test
  @DisplayName("row 63: unknown flag bits are ignored on every frame that has flags")
  void unknownFlagBitsAreIgnoredOnEveryFrameThatHasFlags() throws IOException {
    byte[] name = "echo".getBytes(StandardCharsets.UTF_8);
    byte[] text = "said".getBytes(StandardCharsets.UTF_8);
    try (Peer node = server.connect()) {
      node.register(RawRegister.of("flagged").flags(0xFFFF).capabilities(0xFFFF_FFFFL));
      byte[] open = join(u32(3), u32(4096), u8(0xFF), u8(name.length), name);
      node.send(RawFrame.of(RawFrame.CHANNEL_OPEN, open)).expect(new Frame.ChannelAccept(3, 4096));
      // All ones are END and SEQ, too, and END outranks MORE.
      node.send(RawFrame.of(RawFrame.DATA, join(u32(3), u8(0xFF), u64(1), text)));
      node.expect(Frame.Data.of(3, 0, text));
      node.expect(new Frame.ChannelClose(3, 0));
    }
  }

  @Test
  @DisplayName("row 64: an ERROR that is shorter than it says is FRAME_SIZE")
  void anErrorThatIsShorterThanItSaysIsAFrameSizeError() throws IOException {
    byte[] fixed = join(u16(0x0109), u8(2), u8(0), u32(0), u32(0));
    for (int length : new int[] {1, 9, 512}) {
      try (Peer node = server.connect()) {
        node.register("short");
        node.send(RawFrame.of(RawFrame.ERROR, join(fixed, u16(length), new byte[length / 9])));
        node.expectFatal(ErrorCode.FRAME_SIZE);
      }
    }
    try (Peer node = server.connect()) {
      node.register("wordy");
      node.send(RawFrame.of(RawFrame.ERROR, join(fixed, u16(512), new byte[512]))).fence();
      node.send(RawFrame.of(RawFrame.ERROR, join(fixed, u16(513), new byte[513])));
      node.expectFatal(ErrorCode.FRAME_SIZE);
    }
  }

  @Test
  @DisplayName("row 64: an ERROR whose message is not UTF-8 is taken, and never logged raw")
  void anErrorWhoseMessageIsNotUtf8IsTakenAndNeverLoggedRaw() throws IOException {
    byte[] message = {'a', 0x1B, '[', '3', '1', 'm', (byte) 0xFF, '\n', 'b'};
    byte[] fixed = join(u16(0x0109), u8(2), u8(0), u32(0), u32(0), u16(message.length), message);
    try (Log log = new Log();
        Peer node = server.connect()) {
      node.register("rude");
      node.send(RawFrame.of(RawFrame.ERROR, fixed)).fence();
      assertThat(String.join("|", log.lines())).doesNotContain("\u001B", "\uFFFD");
    }
  }
}
