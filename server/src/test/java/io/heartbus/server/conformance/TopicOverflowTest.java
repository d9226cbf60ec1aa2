package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawChannel.close;
import static io.heartbus.server.conformance.RawChannel.credit;
import static io.heartbus.server.conformance.RawChannel.textOfCost;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.server.connection.CloseReason;
import io.heartbus.server.node.Cause;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A topic with a member that takes two messages and then grants no credit, while eight are
 * published. The queue of each member has room for three.
 */
class TopicOverflowTest {
  private static final int COST = 512;

  private TestServer server;
  private Member publisher;
  private Member witness;
  private Member slow;

  @BeforeEach
  void start() throws IOException {
    server =
        TestServer.start(
            """
            channel.routes = [
              { match = "echo", handler = echo }
              { match = "oldest", handler = topic, queue-size = 3 }
              { match = "newest", handler = topic, queue-size = 3, overflow = drop-newest }
              { match = "latest", handler = topic, overflow = latest }
              { match = "latest/1", handler = topic, queue-size = 1, overflow = latest }
              { match = "disconnect", handler = topic, queue-size = 3, overflow = disconnect }
              { match = "block", handler = topic, queue-size = 3, overflow = block }
              { match = "bytes", handler = topic, max-message = 1344, overflow = drop-newest }
            ]
            """);
    publisher = Member.join(server, "publisher");
    witness = Member.join(server, "witness");
    slow = Member.join(server, "slow");
  }

  @AfterEach
  void stop() throws IOException {
    slow.close();
    witness.close();
    publisher.close();
    server.close();
  }

  private static String message(int number) {
    return textOfCost("message " + number + " ", COST);
  }

  private static String[] messages(int first, int last) {
    String[] messages = new String[last - first + 1];
    for (int i = first; i <= last; i++) {
      messages[i - first] = message(i);
    }
    return messages;
  }

  /** All open that topic, and eight messages, which are all the credit, are published at once. */
  private void publishEight(String topic) throws IOException {
    slow.open(3, topic, 2 * COST);
    witness.open(3, topic);
    publisher.open(3, topic);
    ByteArrayOutputStream eight = new ByteArrayOutputStream();
    for (String message : messages(1, 8)) {
      eight.writeBytes(RawChannel.data(3, message));
    }
    publisher.send(eight.toByteArray());
  }

  private void awaitDropped(int messages) {
    TestServer.await(
        () -> server.channels().counts().dropped.sum() == messages,
        () -> server.channels().counts().dropped.sum() + " were dropped, not " + messages);
  }

  /** The sixth message does not fit into the queue of the slow one, so its publisher waits. */
  private void awaitBlocked() throws IOException {
    TestServer.await(
        () -> server.channels().counts().received.sum() == 6,
        () -> server.channels().counts().received.sum() + " were taken, not 6");
    publisher.fence();
  }

  /** Nobody but the slow one misses anything, and what is said later reaches it, too. */
  private void restIsWell() throws IOException {
    witness.hears(3, messages(1, 8));
    slow.send(credit(3, Member.PLENTY)).fence();
    publisher.say(3, "later");
    witness.hears(3, "later");
    slow.hears(3, "later");
    publisher.open(5, "echo").say(5, "x").hears(5, "x");
  }

  @Test
  @DisplayName("drop-oldest is what a topic does: the newest three wait, and the rest is told")
  void dropOldestKeepsTheNewest() throws IOException {
    publishEight("oldest");
    slow.hears(3, messages(1, 2));
    awaitDropped(3);
    slow.send(credit(3, COST)).missed(3, 3).hears(3, message(6)).fence();
    // That was told, and is not told again.
    slow.send(credit(3, 2 * COST)).hears(3, messages(7, 8)).fence();
    restIsWell();
  }

  @Test
  @DisplayName("drop-newest keeps those that came first")
  void dropNewestKeepsThoseThatCameFirst() throws IOException {
    publishEight("newest");
    slow.hears(3, messages(1, 2));
    awaitDropped(3);
    slow.send(credit(3, COST)).missed(3, 3).hears(3, message(3));
    slow.send(credit(3, 2 * COST)).hears(3, messages(4, 5)).fence();
    restIsWell();
  }

  @ParameterizedTest
  @DisplayName("latest keeps one, whatever the size of the queue")
  @ValueSource(strings = {"latest/1", "latest"})
  void latestKeepsOne(String topic) throws IOException {
    publishEight(topic);
    slow.hears(3, messages(1, 2));
    awaitDropped(5);
    slow.send(credit(3, COST)).missed(3, 5).hears(3, message(8)).fence();
    restIsWell();
  }

  @Test
  @DisplayName("disconnect ends who is too slow as a slow consumer, and nobody else")
  void disconnectEndsWhoIsTooSlow() throws IOException {
    publishEight("disconnect");
    Frame frame = slow.next();
    while (frame instanceof Frame.Data) {
      // Of the two that it had credit for, what was written already.
      frame = slow.next();
    }
    assertThat(frame).isInstanceOf(Frame.Fault.class);
    assertThat(((Frame.Fault) frame).error()).isEqualTo(ErrorCode.SLOW_CONSUMER);
    assertThat(((Frame.Fault) frame).scope()).isEqualTo(Frame.Scope.CONNECTION);
    slow.peer().expectEnd();
    witness.hears(3, messages(1, 8));
    assertThat(server.status("slow").cause()).isEqualTo(Cause.SLOW_CONSUMER);
    assertThat(server.closed(CloseReason.SLOW_CONSUMER)).isEqualTo(1);
    publisher.say(3, "later");
    witness.hears(3, "later");
  }

  @Test
  @DisplayName("block makes the publisher wait, by its credit, and nothing is lost")
  void blockMakesThePublisherWait() throws IOException {
    publishEight("block");
    awaitBlocked();
    // 3,072 were taken, of which 2,048 have been given back.
    publisher.awaitGranted(3, Member.GRANT + 4 * COST);
    for (String message : messages(9, 12)) {
      publisher.say(3, message);
    }
    publisher.open(5, "echo").say(5, "not blocked").hears(5, "not blocked").fence();
    assertThat(publisher.granted(3)).isEqualTo(Member.GRANT + 4 * COST);
    slow.send(credit(3, Member.PLENTY)).hears(3, messages(1, 12)).fence();
    witness.hears(3, messages(1, 12)).fence();
    publisher.awaitGranted(3, Member.GRANT + 12 * COST);
    assertThat(server.channels().counts().dropped.sum()).isZero();
  }

  @Test
  @DisplayName("what was sent on before a publisher blocks does not wait for it to go on")
  void whatWasSentOnBeforeAPublisherBlocksDoesNotWait() throws IOException {
    publishEight("block");
    // The slow one has room for five; the others just listen.
    witness.hears(3, messages(1, 5));
    publisher.awaitGranted(3, Member.GRANT + 4 * COST);
  }

  @ParameterizedTest
  @DisplayName("a publisher that is blocked goes on when the one it waits for is gone")
  @ValueSource(booleans = {true, false})
  void aPublisherThatIsBlockedGoesOnWhenTheOneItWaitsForIsGone(boolean hangsUp) throws IOException {
    publishEight("block");
    awaitBlocked();
    slow.hears(3, messages(1, 2));
    if (hangsUp) {
      slow.peer().hangUp();
    } else {
      slow.send(close(3, 0x8000)).fence();
    }
    witness.hears(3, messages(1, 8));
  }

  @Test
  @DisplayName("a publisher that is blocked and leaves is not waited for")
  void aPublisherThatIsBlockedAndLeavesIsNotWaitedFor() throws IOException {
    publishEight("block");
    awaitBlocked();
    publisher.peer().hangUp();
    // What the others have open; what the slow one had no room for is dropped.
    TestServer.await(
        () -> server.channels().counts().open.get() == 2,
        () -> server.channels().counts().open.get() + " channels are open");
    slow.hears(3, messages(1, 2));
    slow.send(credit(3, 3 * COST)).missed(3, 3).hears(3, messages(3, 5));
  }

  @Test
  @DisplayName("a message of which a part has gone is never dropped")
  void aMessageOfWhichAPartHasGoneIsNeverDropped() throws IOException {
    slow.open(3, "oldest", 1024);
    publisher.open(3, "oldest");
    String large = textOfCost("large ", 1_500);
    publisher.say(3, large).say(3, "a").say(3, "b").say(3, "c").say(3, "d");
    awaitDropped(2);
    Frame.Data part = slow.expect(Frame.Data.class);
    assertThat(part.more()).isTrue();
    slow.send(credit(3, 4_096)).missed(3, 2);
    assertThat(new String(part.payload(), StandardCharsets.UTF_8) + slow.text(3)).isEqualTo(large);
    slow.hears(3, "c", "d").fence();
  }

  @Test
  @DisplayName("the bytes that wait are bounded by max-message, however few messages they are")
  void theBytesThatWaitAreBoundedByMaxMessage() throws IOException {
    publishEight("bytes");
    slow.hears(3, messages(1, 2));
    // Three payloads of 448 bytes fit exactly.
    awaitDropped(3);
    slow.send(credit(3, 3 * COST)).missed(3, 3).hears(3, messages(3, 5)).fence();
    restIsWell();
  }
}
