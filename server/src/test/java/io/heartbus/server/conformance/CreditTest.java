package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawChannel.COST;
import static io.heartbus.server.conformance.RawChannel.MORE;
import static io.heartbus.server.conformance.RawChannel.credit;
import static io.heartbus.server.conformance.RawChannel.data;
import static io.heartbus.server.conformance.RawChannel.textOfCost;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.server.connection.CloseReason;
import java.io.IOException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What either side may send, and what happens to who sends more. */
class CreditTest {
  private static final long SUM_MAX = Integer.MAX_VALUE;

  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server = server();
  }

  private static TestServer server(String... settings) throws IOException {
    return TestServer.start(
        String.join("\n", settings),
        "limits.control-frames = 0",
        """
        channel.routes = [
          { match = "echo", handler = echo }
          { match = "discard", handler = discard }
          { match = "hold", handler = hold }
          { match = "default", handler = discard }
        ]
        """);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Member join(String id) throws IOException {
    return Member.join(server, id);
  }

  @Test
  @DisplayName(
      "row 34: DATA to the last byte of the credit is taken, one byte more is FLOW_CONTROL")
  void dataToTheLastByteOfTheCreditIsTakenOneMoreIsNot() throws IOException {
    try (Member node = join("exact")) {
      node.open(3, "hold").open(5, "hold").open(7, "echo");
      node.say(3, textOfCost("a", 1000)).say(3, textOfCost("b", Member.GRANT - 1000)).fence();
      node.say(3, "").refused(3, ErrorCode.FLOW_CONTROL);
      node.say(5, textOfCost("a", 1000)).say(5, textOfCost("b", Member.GRANT - 999));
      node.refused(5, ErrorCode.FLOW_CONTROL);
      // What is behind it on that channel is skipped, and the others live.
      node.say(5, "late").say(7, "lives").hears(7, "lives");
    }
  }

  @Test
  @DisplayName("row 34: the third violation on a connection is a fatal FLOOD")
  void theThirdViolationOnAConnectionIsAFatalFlood() throws IOException {
    try (Member node = join("strikes")) {
      long floodsBefore = server.closed(CloseReason.FLOOD);
      node.open(3, "hold").open(5, "hold").open(7, "hold");
      byte[] tooMuch = new byte[Member.GRANT - COST + 1];
      node.send(data(3, 0, tooMuch)).refused(3, ErrorCode.FLOW_CONTROL);
      node.send(credit(5, 0)).refused(5, ErrorCode.FLOW_CONTROL);
      node.fence().send(data(7, 0, tooMuch)).peer().expectFatal(ErrorCode.FLOOD);
      assertThat(server.closed(CloseReason.FLOOD)).isEqualTo(floodsBefore + 1);
    }
  }

  @ParameterizedTest
  @DisplayName("row 35: an empty DATA costs 64, a fragment too")
  @ValueSource(ints = {0, MORE})
  void anEmptyDataCosts64(int flags) throws IOException {
    try (Member node = join("empty")) {
      node.open(3, "hold");
      int frames = Member.GRANT / COST;
      if (flags == MORE) {
        // Behind a message that is held nothing is joined, and so nothing given back.
        node.say(3, textOfCost("held", 2 * COST));
        frames -= 2;
      }
      for (int i = 0; i < frames; i++) {
        node.send(data(3, flags, ""));
      }
      node.fence().send(data(3, flags, "")).refused(3, ErrorCode.FLOW_CONTROL);
    }
  }

  @Test
  @DisplayName(
      "row 36: CREDIT of 0 or over 2^31-1 in sum is FLOW_CONTROL, of an unknown id UNKNOWN")
  void creditOfZeroOrTooMuchIsFlowControl() throws IOException {
    try (Member node = join("credit");
        Member other = join("other-credit")) {
      node.open(3, "echo", 1024).open(5, "echo", 1024);
      node.send(credit(3, SUM_MAX - 1024)).fence();
      node.send(credit(3, 1)).refused(3, ErrorCode.FLOW_CONTROL);
      node.send(credit(5, 0)).refused(5, ErrorCode.FLOW_CONTROL);
      node.send(credit(7, 1)).refused(7, ErrorCode.UNKNOWN);
      node.send(credit(2, 0)).refused(2, ErrorCode.UNKNOWN);
      node.send(credit(0, 1)).fence();
      // An id that was only talked about was not used.
      node.open(7, "echo").say(7, "x").hears(7, "x");
      other.open(3, "echo").send(credit(3, SUM_MAX)).refused(3, ErrorCode.FLOW_CONTROL);
      other.open(5, "echo").send(credit(5, 0xFFFF_FFFFL)).refused(5, ErrorCode.FLOW_CONTROL);
    }
  }

  @Test
  @DisplayName("the consumer gives back what it took once that is half of the grant")
  void theConsumerGivesBackWhatItTookOnceThatIsHalfOfTheGrant() throws IOException {
    try (Member node = join("re-grant")) {
      node.open(3, "discard").open(5, "discard").open(7, "echo");
      node.say(3, textOfCost("a", 1024)).say(3, textOfCost("b", 1024));
      node.peer().expect(new Frame.Credit(3, 2048));
      for (int i = 0; i < 3; i++) {
        node.say(5, textOfCost("c", 764));
      }
      node.peer().expect(new Frame.Credit(5, 3 * 764));
      // Less than half is not given back, however long that takes.
      node.say(7, textOfCost("d", 2047)).text(7);
      node.fence();
      assertThat(node.granted(7)).isEqualTo(Member.GRANT);
      node.say(7, "").hears(7, "");
      node.awaitGranted(7, Member.GRANT + 2047 + COST);
    }
  }

  @Test
  @DisplayName("what nobody consumes is never given back")
  void whatNobodyConsumesIsNeverGivenBack() throws IOException {
    try (Member node = join("held")) {
      node.open(3, "hold").open(5, "echo");
      for (int i = 0; i < 4; i++) {
        node.say(3, textOfCost("x", 1024));
      }
      node.say(5, "lives").hears(5, "lives").fence();
      assertThat(node.granted(3)).isEqualTo(Member.GRANT);
    }
  }

  @Test
  @DisplayName("no credit is given to a direction that has ended")
  void noCreditIsGivenToADirectionThatHasEnded() throws IOException {
    try (Member node = join("ended")) {
      node.open(3, "discard");
      node.send(data(3, RawChannel.END, textOfCost("x", 4000))).closed(3).fence();
      assertThat(node.granted(3)).isEqualTo(Member.GRANT);
    }
  }

  @Test
  @DisplayName(
      "row 38: without credit of the node its messages wait, bounded, and nobody else does")
  void withoutCreditOfTheNodeItsMessagesWait() throws IOException {
    try (TestServer strict = server("limits.write-timeout = 1 s");
        Member node = Member.join(strict, "grants-nothing")) {
      node.open(3, "echo", 1024).open(5, "echo");
      node.say(3, textOfCost("a", 1024)).hears(3, textOfCost("a", 1024));
      node.say(3, textOfCost("b", 1024)).say(3, textOfCost("c", 1024)).fence();
      // Longer than a write may be stuck: to have no credit is no crime.
      long startNanos = System.nanoTime();
      while (System.nanoTime() - startNanos < 1_300_000_000L) {
        node.say(5, "beats").hears(5, "beats").fence();
        TestServer.pause();
      }
      // It cannot put more into the server than it was granted, which a blocked echo does not
      // renew.
      node.say(3, textOfCost("d", 1024)).say(3, textOfCost("e", 1024)).fence();
      assertThat(node.granted(3)).isLessThanOrEqualTo(Member.GRANT + 2048);
      node.send(credit(3, 3 * 1024));
      node.hears(3, textOfCost("b", 1024), textOfCost("c", 1024), textOfCost("d", 1024));
      node.send(credit(3, 1024)).hears(3, textOfCost("e", 1024)).fence();
    }
  }

  @ParameterizedTest
  @DisplayName("whatever the node grants, the server never sends more, and in the end all of it")
  @ValueSource(longs = {1, 2, 3})
  void theServerNeverSendsMoreThanItWasGranted(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    try (Member node = join("miser-" + seed)) {
      node.open(3, "echo", 1024);
      byte[] message = new byte[3_900];
      random.nextBytes(message);
      node.send(data(3, 0, message));
      long left = 1024;
      int received = 0;
      while (received < message.length) {
        // The server need not cut where less than half of the smallest grant can go.
        if (left < Math.min(512, message.length - received + COST)) {
          long more = random.nextLong(1, 700);
          node.send(credit(3, more));
          left += more;
          continue;
        }
        Frame.Data data = node.expect(Frame.Data.class);
        left -= data.payload().length + COST;
        assertThat(left).as("seed %d", seed).isNotNegative();
        assertThat(data.payload())
            .as("seed %d", seed)
            .isEqualTo(RawFrame.head(RawFrame.tail(message, received), data.payload().length));
        received += data.payload().length;
        assertThat(data.more()).isEqualTo(received < message.length);
      }
    }
  }
}
