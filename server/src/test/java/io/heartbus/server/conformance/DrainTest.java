package io.heartbus.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.server.node.Cause;
import io.heartbus.server.node.NodeState;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How the server takes leave of its nodes. */
class DrainTest {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private Future<?> drain(TestServer server) {
    return threads.submit(() -> {
      server.server().drain();
      return null;
    });
  }

  private static void await(Future<?> drained)
      throws InterruptedException, ExecutionException, TimeoutException {
    drained.get(Peer.PATIENCE_MS, TimeUnit.MILLISECONDS);
  }

  @Test
  @DisplayName("row 56: everybody is told to go, and the drain is over when the last has gone")
  void everybodyIsToldToGoAndTheDrainIsOverWhenTheLastHasGone() throws Exception {
    try (TestServer server = TestServer.start("drain { window = 60 s, reconnect-rate = 100 }")) {
      List<Peer> nodes = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        Peer node = server.connect();
        node.register("n" + i);
        nodes.add(node);
      }
      Future<?> drained = drain(server);
      for (Peer node : nodes) {
        Frame.GoAway goAway = node.expect(Frame.GoAway.class);
        assertThat(goAway.code()).isEqualTo(ErrorCode.DRAINING.code());
        // Ten nodes at a hundred per second.
        assertThat(goAway.jitterMs()).isGreaterThanOrEqualTo(100);
        assertThat(goAway.drainMs()).isEqualTo(60_000);
        // It may go on for a while.
        node.send(Frame.HeartbeatRequest.PLAIN).expect(Frame.HeartbeatResponse.PLAIN);
      }
      assertThat(drained.isDone()).isFalse();
      for (Peer node : nodes) {
        node.send(RawFrame.of(RawFrame.UNREGISTER)).expect(new Frame.Unregister(0));
        node.expectEnd();
        node.hangUp();
      }
      await(drained);
      assertThat(server.nodes().live()).isZero();
      assertThat(server.nodes().left.sum()).isEqualTo(10);
    }
  }

  @Test
  @DisplayName("row 56: newcomers are turned away, and who stays too long is closed")
  void newcomersAreTurnedAwayAndWhoStaysTooLongIsClosed() throws Exception {
    try (TestServer server = TestServer.start("drain.window = 400 ms");
        Peer node = server.connect();
        Peer early = server.connect()) {
      node.register("stays");
      // It is in the server's hands for certain when a later one is.
      try (Peer later = server.connect()) {
        later.register("later");
      }
      long startNanos = System.nanoTime();
      Future<?> drained = drain(server);
      node.expect(Frame.GoAway.class);
      early.send(RawRegister.of("early").frame());
      assertThat(early.expectFatal(ErrorCode.DRAINING).retryAfterMs()).isPositive();
      early.hangUp();
      // The kernel lets go of the port when the acceptor's thread has woken up.
      TestServer.await(() -> refused(server), () -> "somebody still listens");
      node.expectFatal(ErrorCode.DRAINING);
      assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(400_000_000L);
      node.hangUp();
      await(drained);
      assertThat(server.find("early")).isNull();
      assertThat(server.status("stays").state()).isEqualTo(NodeState.OFFLINE);
      assertThat(server.status("stays").cause()).isEqualTo(Cause.DRAINED);
    }
  }

  private static boolean refused(TestServer server) {
    try (Peer newcomer = server.connect()) {
      return newcomer.socket().isClosed();
    } catch (ConnectException refused) {
      return true;
    } catch (IOException accepted) {
      return false;
    }
  }

  @Test
  @DisplayName("row 56: a channel cannot be opened any more, and the old ones go on")
  void aChannelCannotBeOpenedAnyMoreAndTheOldOnesGoOn() throws Exception {
    try (TestServer server = TestServer.start("drain.window = 60 s");
        Peer node = server.connect()) {
      node.register("busy");
      node.send(new Frame.ChannelOpen(3, 4096, 0, "echo")).expect(new Frame.ChannelAccept(3, 4096));
      Future<?> drained = drain(server);
      node.expect(Frame.GoAway.class);
      node.send(new Frame.ChannelOpen(5, 4096, 0, "echo"));
      Frame.Fault refusal = node.expect(Frame.Fault.class);
      assertThat(refusal.error()).isEqualTo(ErrorCode.REFUSED);
      assertThat(refusal.scope()).isEqualTo(Frame.Scope.CHANNEL);
      assertThat(refusal.channel()).isEqualTo(5);
      Frame.Data message = Frame.Data.of(3, 0, new byte[] {1, 2, 3});
      node.send(message).expect(message);
      node.hangUp();
      await(drained);
    }
  }

  @Test
  @DisplayName("a drain over HTTP is the same, once, and the process stays to be asked")
  void aDrainOverHttpIsTheSameOnceAndTheProcessStaysToBeAsked() throws Exception {
    try (TestServer server = TestServer.start("drain.window = 100 ms");
        HttpClient http = HttpClient.newHttpClient();
        Peer node = server.connect()) {
      node.register("leaves");
      String base = "http://127.0.0.1:" + server.server().httpAddress().getPort();
      HttpRequest drain =
          HttpRequest.newBuilder(URI.create(base + "/api/v1/drain"))
              .POST(BodyPublishers.noBody())
              .build();
      assertThat(http.send(drain, BodyHandlers.discarding()).statusCode()).isEqualTo(202);
      assertThat(http.send(drain, BodyHandlers.discarding()).statusCode()).isEqualTo(202);
      node.expect(Frame.GoAway.class);
      node.expectFatal(ErrorCode.DRAINING);
      server.server().drain();
      HttpRequest ready = HttpRequest.newBuilder(URI.create(base + "/readyz")).build();
      assertThat(http.send(ready, BodyHandlers.ofString()).statusCode()).isEqualTo(503);
    }
  }

  @Test
  @DisplayName("closing the server ends all connections at once")
  void closingTheServerEndsAllConnectionsAtOnce() throws IOException {
    try (TestServer server = TestServer.start();
        Peer stranger = server.connect();
        Peer node = server.connect()) {
      // Who came first was accepted first; before that a reset would be all there is.
      node.register("any");
      server.server().close();
      node.expectEnd();
      stranger.expectEnd();
    }
  }
}
