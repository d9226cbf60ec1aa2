package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawChannel.close;
import static io.heartbus.server.conformance.RawChannel.data;
import static io.heartbus.server.conformance.RawChannel.open;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.server.connection.CloseReason;
import io.heartbus.server.node.NodeState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Channels that are opened only to be broken off. */
class FloodTest {
  /** With an interval of 10 s. */
  private static final int BUDGET = 20 + 2 * 3;

  /** What a node can do without end unless somebody counts. */
  enum Trick {
    RESET,
    REFUSED_NAME,
    BAD_ID,
    ERROR;

    private byte[] frames(long id) {
      return switch (this) {
        case RESET -> RawFrame.join(open(id, 4096, "echo"), close(id, 0x8000));
        case REFUSED_NAME -> open(id, 4096, "nowhere");
        case BAD_ID -> open(2, 4096, "echo");
        case ERROR -> RawFrame.join(open(id, 4096, "echo"), RawChannel.error(id, 1, 0x0309));
      };
    }
  }

  private static TestServer strict() throws IOException {
    return TestServer.start("limits.control-frames = 20");
  }

  /** How many frames of the last answers are about a flood. */
  private static int warnings(Member node) throws IOException {
    Frame pong = new Frame.Pong(1L);
    node.peer().send(new Frame.Ping(1L));
    int warnings = 0;
    for (Frame frame = node.next(); !pong.equals(frame); frame = node.next()) {
      if (frame instanceof Frame.Fault fault && fault.error() == ErrorCode.FLOOD) {
        assertThat(fault.scope()).isEqualTo(Frame.Scope.ADVISORY);
        warnings++;
      }
    }
    return warnings;
  }

  @ParameterizedTest
  @DisplayName("row 43: resets and refused opens over the budget are warned once, and then fatal")
  @EnumSource
  void resetsAndRefusedOpensOverTheBudgetAreWarnedOnceAndThenFatal(Trick trick) throws IOException {
    try (TestServer server = strict();
        Member calm = Member.join(server, "calm");
        Member node = Member.join(server, "rapid")) {
      long id = 3;
      for (int i = 0; i < BUDGET - 1; i++, id += 2) {
        node.send(trick.frames(id));
      }
      // The PING is the last within the budget.
      assertThat(warnings(node)).isZero();
      node.send(trick.frames(id));
      assertThat(warnings(node)).isEqualTo(1);
      for (int i = BUDGET + 2; i < 2 * BUDGET - 1; i++) {
        id += 2;
        node.send(trick.frames(id));
      }
      assertThat(warnings(node)).isZero();
      node.send(trick.frames(id + 2), trick.frames(id + 4));
      Frame frame = node.next();
      while (!(frame instanceof Frame.Fault fault && fault.error() == ErrorCode.FLOOD)) {
        frame = node.next();
      }
      assertThat(((Frame.Fault) frame).scope()).isEqualTo(Frame.Scope.CONNECTION);
      node.peer().expectEnd();
      assertThat(server.closed(CloseReason.FLOOD)).isEqualTo(1);
      calm.open(3, "echo").say(3, "undisturbed").hears(3, "undisturbed");
    }
  }

  @Test
  @DisplayName("row 43: ten thousand opens and resets at once are a FLOOD by default")
  void tenThousandOpensAndResetsAtOnceAreAFlood() throws IOException {
    try (TestServer server = TestServer.start();
        Member calm = Member.join(server, "calm");
        Member node = Member.join(server, "rapid")) {
      ByteArrayOutputStream flood = new ByteArrayOutputStream();
      for (long id = 3; id < 20_003; id += 2) {
        flood.writeBytes(open(id, 4096, "echo"));
        flood.writeBytes(close(id, 0x8000));
      }
      node.send(flood.toByteArray());
      int accepted = 0;
      Frame frame = node.next();
      while (frame != null && !(frame instanceof Frame.Fault fault && fatal(fault))) {
        accepted += frame instanceof Frame.ChannelAccept ? 1 : 0;
        frame = node.next();
      }
      assertThat(frame).as("a fatal FLOOD").isNotNull();
      assertThat(accepted).isEqualTo(2 * (200 + 2 * 3) + 1);
      assertThat(server.closed(CloseReason.FLOOD)).isEqualTo(1);
      calm.open(3, "echo").say(3, "undisturbed").hears(3, "undisturbed");
      TestServer.await(() -> server.channels().counts().open.get() <= 2, () -> "channels are left");
    }
  }

  private static boolean fatal(Frame.Fault fault) {
    assertThat(fault.error()).isEqualTo(ErrorCode.FLOOD);
    return fault.scope() == Frame.Scope.CONNECTION;
  }

  @Test
  @DisplayName("row 43: who opens channels to a node that breaks them off pays, and not that node")
  void whoOpensChannelsToANodeThatBreaksThemOffPays() throws IOException {
    try (TestServer server =
            TestServer.start(
                "limits.control-frames = 20",
                "channel.routes = [ { match = \"node/*\", handler = node } ]");
        Member far = Member.join(server, Member.openTo("far"));
        Member node = Member.join(server, "insists")) {
      for (int i = 1; i <= 2 * BUDGET + 1; i++) {
        node.open(1 + 2L * i, "node/far");
        far.accept(2L * i, "node/insists", 65_536).send(close(2L * i, 0x8000));
        Frame.Fault fault = node.expect(Frame.Fault.class);
        if (i == BUDGET + 1) {
          assertThat(List.of(fault.error(), node.expect(Frame.Fault.class).error()))
              .contains(ErrorCode.FLOOD);
        }
      }
      // The last one may have come ahead of the end, or not at all.
      TestServer.await(
          () -> server.closed(CloseReason.FLOOD) == 1, () -> "whoever insists goes on for ever");
      assertThat(server.status("insists").state()).isEqualTo(NodeState.OFFLINE);
      far.fence();
    }
  }

  @Test
  @DisplayName("row 43: any number of requests, each on a channel of its own, is no flood")
  void anyNumberOfRequestsIsNoFlood() throws IOException {
    try (TestServer server = strict();
        Member node = Member.join(server, "asks")) {
      for (long id = 3; id < 503; id += 2) {
        node.open(id, "echo").send(data(id, RawChannel.END, "?")).hears(id, "?").closed(id);
      }
      assertThat(warnings(node)).isZero();
    }
  }
}
