package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawChannel.COST;
import static io.heartbus.server.conformance.RawChannel.MORE;
import static io.heartbus.server.conformance.RawChannel.close;
import static io.heartbus.server.conformance.RawChannel.credit;
import static io.heartbus.server.conformance.RawChannel.data;
import static io.heartbus.server.conformance.RawChannel.textOfCost;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A server whose queues hold more than they should, because of channels that nobody consumes. */
class WatermarkTest {
  private static final int WATERMARK = 16 * 1024;
  private static final int HELD = 5;
  private static final int HALF = Member.GRANT / 2;

  private TestServer server;
  private Member hoarder;
  private Member node;

  @BeforeEach
  void start() throws IOException {
    server =
        TestServer.start(
            "limits { control-frames = 0, buffered-bytes = " + WATERMARK + " }",
            """
            channel.routes = [
              { match = "echo", handler = echo }
              { match = "discard", handler = discard }
              { match = "hold", handler = hold }
              { match = "topic", handler = topic, queue-size = 100 }
              { match = "group", handler = group, queue-size = 100 }
            ]
            """);
    hoarder = Member.join(server, "hoarder");
    node = Member.join(server, "node");
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
    hoarder.close();
    server.close();
  }

  /** Puts 18 KiB and more into queues, and waits until they are over the watermark. */
  private void fill() throws IOException {
    for (int i = 0; i < HELD; i++) {
      long id = 3 + 2L * i;
      hoarder.open(id, "hold").say(id, "held");
      hoarder.say(id, textOfCost("waits", Member.GRANT - COST - "held".length()));
    }
    hoarder.fence();
    TestServer.await(() -> taken() == HELD, () -> taken() + " were taken");
    assertThat(server.channels().bufferedBytes()).isGreaterThan(WATERMARK);
  }

  private void release() throws IOException {
    for (int i = 0; i < HELD; i++) {
      hoarder.send(close(3 + 2L * i, 0x8000));
    }
    hoarder.fence();
  }

  private long taken() {
    return server.channels().counts().received.sum();
  }

  @Test
  @DisplayName("over the watermark credit that was given stays valid, and none is given back")
  void overTheWatermarkCreditStaysValidAndNoneIsGivenBack() throws IOException {
    node.open(3, "discard").open(5, "echo");
    fill();
    node.say(3, textOfCost("a", HALF)).say(3, textOfCost("b", HALF));
    node.say(5, textOfCost("c", HALF)).hears(5, textOfCost("c", HALF));
    TestServer.await(() -> taken() == HELD + 3, () -> taken() + " were taken");
    node.fence();
    assertThat(node.granted(3)).isEqualTo(Member.GRANT);
    assertThat(node.granted(5)).isEqualTo(Member.GRANT);
    // And what was not given cannot be used.
    node.say(3, "").refused(3, ErrorCode.FLOW_CONTROL);
    release();
    node.awaitGranted(5, Member.GRANT + HALF).fence();
    assertThat(node.granted(3)).isEqualTo(Member.GRANT);
    node.open(7, "discard").say(7, textOfCost("d", HALF)).awaitGranted(7, Member.GRANT + HALF);
  }

  @Test
  @DisplayName("all who are owed credit get it when the queues are below the watermark again")
  void allWhoAreOwedCreditGetIt() throws IOException {
    int owed = 6;
    for (int i = 0; i < owed; i++) {
      node.open(3 + 2L * i, "discard");
    }
    fill();
    for (int i = 0; i < owed; i++) {
      node.say(3 + 2L * i, textOfCost("a", HALF)).say(3 + 2L * i, textOfCost("b", HALF));
    }
    TestServer.await(() -> taken() == HELD + 2 * owed, () -> taken() + " were taken");
    node.fence();
    release();
    long all = 0;
    while (all < owed * 2L * Member.GRANT) {
      node.fence();
      all = 0;
      for (int i = 0; i < owed; i++) {
        assertThat(node.granted(3 + 2L * i)).isLessThanOrEqualTo(2L * Member.GRANT);
        all += node.granted(3 + 2L * i);
      }
      TestServer.pause();
    }
    // No more is held than before, so anything goes again.
    TestServer.await(() -> server.channels().bufferedBytes() == 0, () -> "something is held");
  }

  @Test
  @DisplayName("over the watermark whoever assembles more than the grant is REFUSED, nobody else")
  void overTheWatermarkWhoeverAssemblesMoreThanTheGrantIsRefused() throws IOException {
    byte[] part = new byte[HALF - COST];
    node.open(3, "discard").open(5, "echo").open(7, "discard");
    node.send(data(3, MORE, part), data(3, MORE, part), data(7, MORE, part), data(7, MORE, part));
    node.awaitGranted(3, Member.GRANT + 2L * HALF);
    while (node.granted(7) < Member.GRANT + 2L * HALF) {
      node.fence();
    }
    long resetsBefore = server.channels().counts().resets.sum();
    fill();
    // Up to the grant a message may grow, and the last part may be over it.
    node.send(data(5, MORE, "may "), data(5, MORE, "be "), data(5, 0, "joined"));
    node.hears(5, "may be joined").send(data(7, 0, part));
    node.send(data(3, MORE, part)).refused(3, ErrorCode.REFUSED);
    node.say(3, "late").say(5, "lives").hears(5, "lives").fence();
    assertThat(server.channels().counts().resets.sum()).isEqualTo(resetsBefore + 1);
  }

  @Test
  @DisplayName("over the watermark a topic keeps one message for each slow member, the newest")
  void overTheWatermarkATopicKeepsOneMessageForEachSlowMember() throws IOException {
    try (Member slow = Member.join(server, "slow").open(3, "topic", 1024)) {
      node.open(3, "topic");
      fill();
      node.say(3, textOfCost("first", 1024)).say(3, "a").say(3, "b").say(3, "c");
      TestServer.await(
          () -> server.channels().counts().dropped.sum() == 2,
          () -> server.channels().counts().dropped.sum() + " were dropped");
      slow.hears(3, textOfCost("first", 1024)).send(credit(3, 1024)).missed(3, 2).hears(3, "c");
    }
  }

  @Test
  @DisplayName("over the watermark a group takes one message, and its sender waits with the next")
  void overTheWatermarkAGroupTakesOneMessage() throws IOException {
    node.open(3, "group", 0);
    fill();
    node.say(3, "a").say(3, "b").say(3, "c").fence();
    TestServer.await(() -> taken() == HELD + 2, () -> taken() + " were taken");
    node.fence();
    assertThat(taken()).isEqualTo(HELD + 2);
    try (Member worker = Member.join(server, "worker").open(3, "group")) {
      worker.hears(3, "a", "b", "c");
    }
  }

  @Test
  @DisplayName("an end takes the part of a message along that nobody will complete")
  void anEndTakesThePartOfAMessageAlong() throws IOException {
    hoarder.open(3, "topic");
    String part = "x".repeat(Member.GRANT - COST);
    for (int i = 1; i <= 3; i++) {
      hoarder.send(data(3, MORE, part)).awaitGranted(3, (i + 1L) * Member.GRANT);
    }
    TestServer.await(
        () -> server.channels().bufferedBytes() == 3L * part.length(),
        () -> server.channels().bufferedBytes() + " bytes are there");
    // It goes on listening, so that the channel stays open.
    hoarder.send(close(3));
    TestServer.await(
        () -> server.channels().bufferedBytes() == 0,
        () -> server.channels().bufferedBytes() + " bytes are kept");
    hoarder.fence();
  }
}
