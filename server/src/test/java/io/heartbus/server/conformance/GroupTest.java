package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawChannel.close;
import static io.heartbus.server.conformance.RawChannel.credit;
import static io.heartbus.server.conformance.RawChannel.data;
import static io.heartbus.server.conformance.RawChannel.textOfCost;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Frame;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Work queues, as senders and workers see them. */
class GroupTest {
  private static final int COST = 512;

  private TestServer server;
  private Member sender;
  private Member first;
  private Member second;

  @BeforeEach
  void start() throws IOException {
    server =
        TestServer.start(
            """
            channel.routes = [
              { match = "echo", handler = echo }
              { match = "group/*", handler = group }
              { match = "short", handler = group, queue-size = 2 }
              { match = "newest", handler = group, queue-size = 2, overflow = drop-newest }
              { match = "oldest", handler = group, queue-size = 2, overflow = drop-oldest }
              { match = "default", handler = discard }
            ]
            """);
    sender = Member.join(server, "sender");
    first = Member.join(server, "first");
    second = Member.join(server, "second");
  }

  @AfterEach
  void stop() throws IOException {
    second.close();
    first.close();
    sender.close();
    server.close();
  }

  private static String work(int number) {
    return textOfCost("work " + number + " ", COST);
  }

  /** Has the sender send so many messages, the first of that number. */
  private void order(int from, int last) throws IOException {
    for (int i = from; i <= last; i++) {
      sender.say(3, work(i));
    }
  }

  @Test
  @DisplayName("each message goes to one member, in turn, and never to its sender")
  void eachMessageGoesToOneMemberInTurn() throws IOException {
    sender.open(3, "group/a");
    first.open(3, "group/a").fence();
    second.open(3, "group/a").fence();
    order(1, 6);
    // The sender is a member, too, but not for what it sends itself.
    first.hears(3, work(1), work(3), work(5));
    second.hears(3, work(2), work(4), work(6));
    first.say(3, "for the sender");
    sender.hears(3, "for the sender");
    first.fence();
    second.fence();
  }

  @Test
  @DisplayName("who opened without a grant only sends, and gets no work")
  void whoOpenedWithoutAGrantGetsNoWork() throws IOException {
    sender.open(3, "group/a", 0);
    second.open(3, "group/a", 0);
    first.open(3, "group/a");
    order(1, 3);
    first.hears(3, work(1), work(2), work(3));
    second.say(3, "also").send(close(3)).closed(3);
    first.hears(3, "also");
  }

  @Test
  @DisplayName("only who has credit for all of a message gets it")
  void onlyWhoHasCreditGetsWork() throws IOException {
    sender.open(3, "group/a", 0);
    first.open(3, "group/a", 2 * COST).fence();
    second.open(3, "group/a").fence();
    order(1, 6);
    first.hears(3, work(1), work(3)).fence();
    second.hears(3, work(2), work(4), work(5), work(6));
    first.send(credit(3, COST - 1)).fence();
    order(7, 7);
    second.hears(3, work(7));
    first.send(credit(3, 1)).fence();
    order(8, 8);
    first.hears(3, work(8));
  }

  @Test
  @DisplayName("without members that have credit the work waits for one, in order")
  void withoutMembersTheWorkWaits() throws IOException {
    sender.open(3, "group/a");
    order(1, 3);
    sender.fence();
    first.open(3, "group/a", 2 * COST).hears(3, work(1), work(2)).fence();
    first.send(credit(3, COST)).hears(3, work(3));
  }

  @ParameterizedTest
  @DisplayName("what a member had not given credit back for goes to another when it goes away")
  @ValueSource(strings = {"reset", "hang up", "connection reset", "unregister", "close"})
  void whatAMemberHadNotTakenGoesToAnother(String how) throws IOException {
    sender.open(3, "group/a", 0);
    first.open(3, "group/a");
    order(1, 3);
    first.hears(3, work(1), work(2), work(3));
    // That covers one and a half of them.
    first.send(credit(3, COST * 3 / 2)).fence();
    second.open(3, "group/a").fence();
    switch (how) {
      case "reset" -> first.send(close(3, 0x8000));
      case "hang up" -> first.peer().hangUp();
      case "connection reset" -> first.peer().reset();
      case "unregister" -> first.send(RawFrame.of(RawFrame.UNREGISTER));
      default -> first.peer().halfClose();
    }
    second.hears(3, work(2), work(3));
    order(4, 4);
    second.hears(3, work(4)).fence();
  }

  @Test
  @DisplayName("a member that ended its own side goes on taking work")
  void aMemberThatEndedItsOwnSideGoesOnTakingWork() throws IOException {
    sender.open(3, "group/a");
    first.open(3, "group/a").send(close(3)).fence();
    order(1, 2);
    first.hears(3, work(1), work(2));
    second.open(3, "group/a").send(data(3, RawChannel.END, "for one of you"));
    sender.hears(3, "for one of you");
    order(3, 4);
    first.hears(3, work(3));
    second.hears(3, work(4)).fence();
  }

  @Test
  @DisplayName("what credit covered is done, whoever goes away later")
  void whatCreditCoveredIsDone() throws IOException {
    sender.open(3, "group/a", 0);
    first.open(3, "group/a");
    order(1, 2);
    first.hears(3, work(1), work(2)).send(credit(3, 2 * COST)).fence();
    second.open(3, "group/a").fence();
    first.peer().hangUp();
    TestServer.await(() -> !server.find("first").live(), () -> "it is still here");
    order(3, 3);
    second.hears(3, work(3)).fence();
    TestServer.await(() -> server.channels().bufferedBytes() > 0, () -> "work 3 is not held");
    second.send(credit(3, COST)).fence();
    TestServer.await(() -> server.channels().bufferedBytes() == 0, () -> "something is held");
  }

  @Test
  @DisplayName("a message larger than a member's credit reaches it in fragments, as credit comes")
  void aMessageLargerThanAMembersCreditReachesItInFragments() throws IOException {
    sender.open(3, "group/a", 0);
    first.open(3, "group/a", 1024);
    sender.say(3, textOfCost("large", 3 * 1024)).say(3, "small");
    int bytes = 0;
    while (bytes < 3 * 1024 - RawChannel.COST + "small".length()) {
      Frame.Data part = first.expect(Frame.Data.class);
      bytes += part.payload().length;
      first.send(credit(3, part.payload().length + RawChannel.COST));
    }
  }

  @Test
  @DisplayName("a message in fragments is not taken before its last one, whatever credit comes")
  void aMessageInFragmentsIsNotTakenBeforeItsLastOne() throws IOException {
    sender.open(3, "group/a", 0);
    first.open(3, "group/a", 1024);
    String large = textOfCost("large", 3 * 1024);
    sender.say(3, large);
    for (int i = 0; i < 2; i++) {
      assertThat(first.expect(Frame.Data.class).more()).isTrue();
      first.send(credit(3, 1024));
    }
    first.send(close(3, 0x8000));
    assertThat(second.open(3, "group/a").text(3)).isEqualTo(large);
  }

  @Test
  @DisplayName("a sender waits, by its credit, while too much work does")
  void aSenderWaitsWhileTooMuchWorkDoes() throws IOException {
    sender.open(3, "short", 0);
    order(1, 8);
    // Two wait in the group, the third in the sender's hands: 1,536 are taken.
    TestServer.await(
        () -> server.channels().counts().received.sum() == 3, () -> "three were not taken");
    sender.fence();
    assertThat(sender.granted(3)).isEqualTo(Member.GRANT);
    first.open(3, "short").hears(3, work(1), work(2), work(3), work(4), work(5), work(6));
    first.hears(3, work(7), work(8));
    sender.awaitGranted(3, Member.GRANT + 8 * COST);
    assertThat(server.channels().counts().dropped.sum()).isZero();
  }

  @ParameterizedTest
  @DisplayName("a group that drops keeps what its policy says")
  @ValueSource(strings = {"newest", "oldest"})
  void aGroupThatDropsKeepsWhatItsPolicySays(String policy) throws IOException {
    sender.open(3, policy);
    order(1, 5);
    TestServer.await(
        () -> server.channels().counts().dropped.sum() == 3,
        () -> server.channels().counts().dropped.sum() + " were dropped");
    first.open(3, policy);
    if (policy.equals("newest")) {
      first.hears(3, work(1), work(2));
    } else {
      first.hears(3, work(4), work(5));
    }
    order(6, 6);
    first.hears(3, work(6)).fence();
  }

  @Test
  @DisplayName("a legacy node takes work on its default channel, and nothing is held for it")
  void aLegacyNodeTakesWorkOnItsDefaultChannel() throws IOException {
    try (TestServer own =
            TestServer.start("channel.routes = [ { match = default, handler = group } ]");
        LegacyPeer php = LegacyPeer.connect(own);
        Member node = Member.join(own, "node")) {
      php.register("php", "[]");
      php.send(RawFrame.DATA, 1, "for the node");
      node.hears(1, "for the node").say(1, "for PHP").say(1, "and more");
      assertThat(php.expect(RawFrame.DATA).payload()).isEqualTo("for PHP");
      assertThat(php.expect(RawFrame.DATA).payload()).isEqualTo("and more");
      node.send(credit(1, "for the node".length() + RawChannel.COST)).fence();
      TestServer.await(
          () -> own.channels().bufferedBytes() == 0,
          () -> own.channels().bufferedBytes() + " bytes are held");
    }
  }

  @Test
  @DisplayName("senders that leave while the queue is full do not pile up")
  void sendersThatLeaveWhileTheQueueIsFullDoNotPileUp() throws IOException {
    sender.open(3, "short", 0);
    order(1, 2);
    sender.fence();
    for (int i = 0; i < 5; i++) {
      try (Member passing = Member.join(server, "passing")) {
        passing.open(3, "short", 0).say(3, "one more").say(3, "and another").fence();
      }
    }
    // The sender's own, with its default one.
    TestServer.await(
        () -> server.channels().counts().open.get() == 2,
        () -> server.channels().counts().open.get() + " channels are open");
    assertThat(server.channels().bufferedBytes()).isLessThan(3 * COST);
  }
}
