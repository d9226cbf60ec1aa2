package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawChannel.COST;
import static io.heartbus.server.conformance.RawChannel.close;
import static io.heartbus.server.conformance.RawChannel.data;
import static io.heartbus.server.conformance.RawChannel.open;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All grants of one connection together. */
class BudgetTest {
  private static final int CHANNELS = 8;
  private static final int BUDGET = CHANNELS * Member.GRANT;

  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        TestServer.start(
            "limits { connection-budget = " + BUDGET + ", control-frames = 0 }",
            """
            channel.routes = [
              { match = "discard", handler = discard }
              { match = "echo", handler = echo }
              { match = "hold", handler = hold }
              { match = "node/*", handler = node }
              { match = "default", handler = discard }
            ]
            """);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  @DisplayName("all grants together are within the budget; an OPEN beyond it is LIMIT")
  void allGrantsTogetherAreWithinTheBudget() throws IOException {
    try (Member node = Member.join(server, "many")) {
      assertThat(node.terms().connectionBudget()).isEqualTo(BUDGET);
      assertThat(node.terms().channelsMax()).isEqualTo(CHANNELS - 1);
      long grants = node.terms().initialCredit();
      for (long id = 3; grants + Member.GRANT <= BUDGET; id += 2) {
        node.open(id, "hold");
        grants += node.granted(id);
      }
      assertThat(grants).isEqualTo(BUDGET);
      node.send(open(17, 4096, "hold")).refused(17, ErrorCode.LIMIT);
      // What waits is still the server's burden, but a channel that is over holds nothing.
      node.send(data(5, 0, new byte[Member.GRANT - COST])).send(open(19, 4096, "hold"));
      node.refused(19, ErrorCode.LIMIT);
      node.send(close(5, 0x8000)).open(21, "echo").say(21, "lives").hears(21, "lives");
      node.send(open(23, 4096, "hold")).refused(23, ErrorCode.LIMIT);
    }
  }

  @ParameterizedTest
  @DisplayName("whatever a node does, it never holds more credit than was granted at first")
  @ValueSource(longs = {1, 2, 3})
  void whateverANodeDoesItNeverHoldsMoreCredit(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    try (Member node = Member.join(server, "random-" + seed)) {
      Map<Long, Long> left = new HashMap<>();
      long next = 3;
      for (int step = 0; step < 400; step++) {
        if (left.size() < CHANNELS - 1 && random.nextInt(4) == 0) {
          node.send(open(next, 0, "discard"));
          left.put(next, 0L);
          next += 2;
        }
        for (Long id : left.keySet().toArray(new Long[0])) {
          long credit = left.get(id);
          if (credit >= COST) {
            int bytes = random.nextInt((int) credit - COST + 1);
            node.send(data(id, random.nextInt(3) == 0 ? RawChannel.MORE : 0, new byte[bytes]));
            left.merge(id, -(long) bytes - COST, Long::sum);
          }
        }
        if (!left.isEmpty() && random.nextInt(10) == 0) {
          Long id = left.keySet().iterator().next();
          node.send(close(id, 0x8000));
          left.remove(id);
        }
        settle(node, left);
        assertThat(left.values()).as("seed %d", seed).allMatch(credit -> credit <= Member.GRANT);
      }
    }
  }

  /** Books all that came until the answer to a PING. */
  private static void settle(Member node, Map<Long, Long> left) throws IOException {
    node.peer().send(new Frame.Ping(7L));
    Frame frame = node.peer().next();
    while (!new Frame.Pong(7L).equals(frame)) {
      switch (frame) {
        case Frame.ChannelAccept accept ->
            left.computeIfPresent(accept.channel(), (_, now) -> now + accept.initialCredit());
        case Frame.Credit credit ->
            left.computeIfPresent(credit.channel(), (_, now) -> now + credit.delta());
        case null, default -> throw new AssertionError("the server said " + frame);
      }
      frame = node.peer().next();
    }
  }

  @Test
  @DisplayName("channels that the server opens are within the budget, and half is left to the node")
  void channelsThatTheServerOpensAreWithinTheBudget() throws IOException {
    try (Member far = Member.join(server, Member.openTo("far"));
        Member near = Member.join(server, "near");
        Member other = Member.join(server, "other")) {
      for (int i = 1; i <= CHANNELS / 2; i++) {
        near.open(1 + 2L * i, "node/far");
        far.accept(2L * i, "node/near", 65_536);
      }
      other.open(3, "node/far").refused(3, ErrorCode.REFUSED);
      far.fence();
      for (int i = 1; i <= CHANNELS - CHANNELS / 2 - 1; i++) {
        far.open(1 + 2L * i, "hold");
      }
      far.send(open(21, 4096, "hold")).refused(21, ErrorCode.LIMIT);
      // And the other way round: what the node has open leaves less to the server.
      near.send(close(3, 0x8000)).fence();
      assertThat(far.expect(Frame.Fault.class).channel()).isEqualTo(2);
      far.open(23, "hold");
      other.open(5, "node/far").refused(5, ErrorCode.REFUSED);
      far.fence();
    }
  }
}
