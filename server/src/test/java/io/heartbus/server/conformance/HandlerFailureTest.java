package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawChannel.data;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.server.channel.ChannelHandler;
import io.heartbus.server.node.NodeState;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Handlers that throw, and handlers that never return: they cost their own channel, and no more.
 */
class HandlerFailureTest {
  private static final int BLOCKED = 15;

  private static void fail(String how) throws IOException {
    switch (how) {
      case "exception" -> throw new IllegalStateException("of the handler's own");
      case "error" -> throw new StackOverflowError("of the handler's own");
      default -> throw new IOException("of the handler's own");
    }
  }

  @ParameterizedTest
  @DisplayName("a handler that throws resets its channel, is logged and counted once, and no more")
  @ValueSource(strings = {"exception", "error", "io"})
  void aHandlerThatThrowsResetsItsChannel(String how) throws IOException {
    ChannelHandler throwing =
        channel -> {
          channel.receive();
          fail(how);
        };
    try (Log log = new Log();
        TestServer server = TestServer.start(Map.of("app", throwing));
        Member node = Member.join(server, "unlucky")) {
      node.open(3, "app").open(5, "echo");
      node.say(3, "go on").say(3, "behind it").refused(3, ErrorCode.INTERNAL);
      node.say(3, "late").say(5, "lives").hears(5, "lives").fence();
      node.open(7, "app");
      assertThat(server.channels().counts().handlerFailures.sum()).isEqualTo(1);
      assertThat(server.channels().counts().resets.sum()).isEqualTo(1);
      assertThat(log.lines().stream().filter(line -> line.contains(" WARN "))).hasSize(1);
      assertThat(log.lines()).anyMatch(line -> line.contains("of the handler's own"));
      assertThat(server.status("unlucky").state()).isEqualTo(NodeState.ONLINE);
    }
  }

  @Test
  @DisplayName("row 37: with 15 handlers blocked for ever the 16th channel flows and beats do, too")
  void with15HandlersBlockedForEverThe16thChannelFlows() throws Exception {
    CountDownLatch blocked = new CountDownLatch(BLOCKED);
    ChannelHandler stuck =
        _ -> {
          blocked.countDown();
          new CountDownLatch(1).await();
        };
    try (TestServer server = TestServer.start(Map.of("stuck", stuck), "limits.control-frames = 0");
        Member node = Member.join(server, RawRegister.of("busy").asking(300, 10_000))) {
      for (int i = 0; i < BLOCKED; i++) {
        long id = 3 + 2L * i;
        node.open(id, "stuck").send(data(id, 0, new byte[Member.GRANT - RawChannel.COST]));
      }
      long echo = 3 + 2L * BLOCKED;
      node.open(echo, "echo");
      assertThat(blocked.await(Peer.PATIENCE_MS, TimeUnit.MILLISECONDS)).isTrue();
      boolean late = false;
      long longestRoundNanos = 0;
      long startNanos = System.nanoTime();
      long roundStartNanos = startNanos;
      while (roundStartNanos - startNanos < 700_000_000L) {
        node.send(RawFrame.of(RawFrame.HEARTBEAT_REQ));
        assertThat(node.next()).isEqualTo(Frame.HeartbeatResponse.PLAIN);
        node.say(echo, "flows").hears(echo, "flows");
        late |= server.nodes().lateNodes() > 0;
        long nowNanos = System.nanoTime();
        longestRoundNanos = Math.max(longestRoundNanos, nowNanos - roundStartNanos);
        roundStartNanos = nowNanos;
      }
      // On a machine that is busy otherwise it may be this thread that was late.
      assertThat(late && longestRoundNanos < 150_000_000L).as("the node was late").isFalse();
      assertThat(server.status("busy").state()).isNotEqualTo(NodeState.OFFLINE);
    }
  }

  @Test
  @DisplayName("a handler is interrupted when the server closes, in whatever it waits for")
  void aHandlerIsInterruptedWhenTheServerCloses() throws Exception {
    CountDownLatch started = new CountDownLatch(3);
    CountDownLatch interrupted = new CountDownLatch(3);
    ChannelHandler waits =
        channel -> {
          started.countDown();
          try {
            switch (channel.name()) {
              case "app/receive" -> channel.receive();
              case "app/send" -> channel.send(new byte[5_000]);
              default -> new CountDownLatch(1).await();
            }
          } catch (InterruptedException | IOException ended) {
            interrupted.countDown();
            throw ended;
          }
        };
    try (Log log = new Log();
        TestServer server = TestServer.start(Map.of("app/*", waits));
        Member node = Member.join(server, "open")) {
      node.open(3, "app/receive").open(5, "app/else").open(7, "app/send", 1024);
      assertThat(started.await(Peer.PATIENCE_MS, TimeUnit.MILLISECONDS)).isTrue();
      server.server().close();
      assertThat(interrupted.await(Peer.PATIENCE_MS, TimeUnit.MILLISECONDS)).isTrue();
      assertThat(log.alarms()).isEmpty();
    }
  }

  @Test
  @DisplayName(
      "a handler whose node has gone is interrupted at the end of the server at the latest")
  void aHandlerWhoseNodeHasGoneIsInterruptedAtTheEndOfTheServer() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    ChannelHandler waits =
        _ -> {
          started.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException ended) {
            interrupted.countDown();
            throw ended;
          }
        };
    try (TestServer server = TestServer.start(Map.of("app", waits));
        Member node = Member.join(server, "gone")) {
      node.open(3, "app");
      assertThat(started.await(Peer.PATIENCE_MS, TimeUnit.MILLISECONDS)).isTrue();
      node.peer().hangUp();
      TestServer.await(() -> server.connections() == 0, () -> "it is still here");
      server.server().close();
      assertThat(interrupted.await(Peer.PATIENCE_MS, TimeUnit.MILLISECONDS)).isTrue();
    }
  }

  @Test
  @DisplayName("a handler that drains is interrupted when the window is over, and its node told")
  void aHandlerThatDrainsIsInterruptedWhenTheWindowIsOver() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    ChannelHandler waits =
        channel -> {
          try {
            channel.receive();
          } catch (InterruptedException | IOException ended) {
            interrupted.countDown();
            throw ended;
          }
        };
    try (TestServer server = TestServer.start(Map.of("app", waits), "drain.window = 100 ms");
        Member node = Member.join(server, "stays")) {
      node.open(3, "app");
      long startNanos = System.nanoTime();
      Thread drains = Thread.ofVirtual().start(() -> drain(server));
      node.expect(Frame.GoAway.class);
      assertThat(interrupted.await(Peer.PATIENCE_MS, TimeUnit.MILLISECONDS)).isTrue();
      assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(100_000_000L);
      Frame.Fault farewell = node.expect(Frame.Fault.class);
      assertThat(farewell.error()).isEqualTo(ErrorCode.DRAINING);
      assertThat(farewell.scope()).isEqualTo(Frame.Scope.CONNECTION);
      node.peer().hangUp();
      drains.join();
    }
  }

  private static void drain(TestServer server) {
    try {
      server.server().drain();
    } catch (InterruptedException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
