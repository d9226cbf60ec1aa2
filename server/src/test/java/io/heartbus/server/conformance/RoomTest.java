package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawChannel.END;
import static io.heartbus.server.conformance.RawChannel.close;
import static io.heartbus.server.conformance.RawChannel.credit;
import static io.heartbus.server.conformance.RawChannel.data;
import static io.heartbus.server.conformance.RawChannel.open;
import static io.heartbus.server.conformance.RawChannel.textOfCost;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.server.channel.ChannelHandler;
import io.heartbus.server.node.NodeState;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A channel that both sides have closed is closed: a node at its limit that has read the server's
 * end, and sent its own, may open the next one, whatever the server still does with the last.
 */
class RoomTest {
  private static final int ROUNDS = 3_000;

  /** Twice as many as channels, of which there are the default one and one more. */
  private static final int HANDLERS_MAX = 4;

  /** An application that ends its side first, and then takes what still comes, until it may go. */
  private final Semaphore mayGo = new Semaphore(0);

  private final AtomicInteger running = new AtomicInteger();
  private final CountDownLatch gone = new CountDownLatch(HANDLERS_MAX);

  private final ChannelHandler closesFirst =
      channel -> {
        running.incrementAndGet();
        channel.close();
        mayGo.acquire();
        while (channel.receive() != null) {
          // Until the node has ended its side.
        }
        running.decrementAndGet();
        gone.countDown();
      };

  private static final ChannelHandler ANSWERS =
      channel -> {
        byte[] message = channel.receive();
        while (message != null) {
          channel.send(message);
          message = channel.receive();
        }
      };

  private TestServer server;
  private Member node;

  @BeforeEach
  void start() throws IOException {
    server =
        TestServer.start(
            Map.of("app", ANSWERS, "early", closesFirst),
            "limits.control-frames = 0",
            "channel.max-per-connection = 1",
            // For the default channel, one of the node's and one of the server's.
            "limits.connection-budget = " + 3 * Member.GRANT,
            """
            channel.routes = [
              { match = "echo", handler = echo }
              { match = "topic", handler = topic }
              { match = "group", handler = group }
              { match = "node/*", handler = node }
            ]
            """);
    node = Member.join(server, "node");
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
    server.close();
  }

  @ParameterizedTest
  @DisplayName("one request after another, at the limit")
  @ValueSource(strings = {"echo", "app"})
  void oneRequestAfterAnother(String name) throws IOException {
    for (int i = 0; i < ROUNDS; i++) {
      long id = 3 + 2L * i;
      node.send(open(id, 4096, name), data(id, END, "?"));
      assertThat(node.next()).as("round %d", i).isInstanceOf(Frame.ChannelAccept.class);
      node.hears(id, "?").closed(id);
    }
  }

  @ParameterizedTest
  @DisplayName("one channel that only sends after another, at the limit")
  @ValueSource(strings = {"topic", "group", "echo", "app"})
  void oneThatOnlySendsAfterAnother(String name) throws IOException {
    for (int i = 0; i < ROUNDS; i++) {
      long id = 3 + 2L * i;
      node.send(open(id, 0, name), close(id));
      assertThat(node.next()).as("round %d", i).isInstanceOf(Frame.ChannelAccept.class);
      node.closed(id);
    }
  }

  @Test
  @DisplayName("one relay after another, at the limit of both nodes")
  void oneRelayAfterAnother() throws IOException {
    try (Member far = Member.join(server, Member.openTo("far"))) {
      for (int i = 0; i < ROUNDS; i++) {
        long id = 3 + 2L * i;
        long farId = 2 + 2L * i;
        node.send(open(id, 4096, "node/far"), data(id, END, "?"));
        assertThat(node.next()).as("round %d", i).isInstanceOf(Frame.ChannelAccept.class);
        far.accept(farId, "node/node", Member.PLENTY).hears(farId, "?").closed(farId);
        far.send(data(farId, END, "!"));
        node.hears(id, "!").closed(id);
      }
    }
  }

  @Test
  @DisplayName("a relay that still has to deliver makes room, and delivers")
  void aRelayThatStillHasToDeliverMakesRoom() throws IOException {
    try (Member far = Member.join(server, Member.openTo("far").initialCredit(1_024))) {
      node.open(3, "node/far");
      far.accept(2, "node/node", 1_024);
      String first = textOfCost("first", 1_024);
      String last = textOfCost("last", 1_024);
      node.say(3, first).send(data(3, END, last));
      far.hears(2, first).send(close(2));
      node.closed(3).open(5, "echo").fence();
      far.fence().send(credit(2, 1_024)).hears(2, last).closed(2);
    }
  }

  @Test
  @DisplayName("a node that leaves when both sides have closed takes nothing with it")
  void aNodeThatLeavesTakesNothingWithIt() throws IOException {
    try (Member far = Member.join(server, Member.openTo("far").initialCredit(1_024))) {
      node.open(3, "node/far");
      far.accept(2, "node/node", 1_024);
      String first = textOfCost("first", 1_024);
      String last = textOfCost("last", 1_024);
      node.say(3, first).send(data(3, END, last));
      far.hears(2, first).send(close(2));
      node.closed(3).close();
      server.awaitState("node", NodeState.OFFLINE);
      far.fence().send(credit(2, 1_024)).hears(2, last).closed(2).fence();
    }
  }

  @Test
  @DisplayName(
      "a handler that goes on after both sides have closed keeps nobody out, within bounds")
  void aHandlerThatGoesOnKeepsNobodyOut() throws Exception {
    long id = 3;
    for (int i = 0; i < HANDLERS_MAX; i++, id += 2) {
      node.open(id, "early").closed(id).send(close(id));
    }
    assertThat(running).hasValue(HANDLERS_MAX);
    // Somebody has to bound what one node can have running here.
    node.send(open(id, 4096, "early")).refused(id, ErrorCode.REFUSED);
    id += 2;
    node.open(id, "echo").send(close(id)).closed(id);
    mayGo.release(HANDLERS_MAX + 1);
    assertThat(gone.await(Peer.PATIENCE_MS, TimeUnit.MILLISECONDS)).isTrue();
    // They are about to return.
    Frame answer;
    do {
      TestServer.pause();
      id += 2;
      answer = node.send(open(id, 4096, "early")).next();
    } while (answer instanceof Frame.Fault && id < 2L * Peer.PATIENCE_MS);
    assertThat(answer).isInstanceOf(Frame.ChannelAccept.class);
  }
}
