package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawChannel.END;
import static io.heartbus.server.conformance.RawChannel.MORE;
import static io.heartbus.server.conformance.RawChannel.data;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import java.io.IOException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages and the fragments they travel in. */
class DataTest {
  private static final int MESSAGE_MAX = 10_000;
  private static final int FRAGMENT = 1_000;

  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server =
        TestServer.start(
            "limits { max-message = " + MESSAGE_MAX + ", control-frames = 0 }",
            """
            channel.routes = [
              { match = "echo", handler = echo }
              { match = "small", handler = echo, max-message = 100 }
              { match = "discard", handler = discard }
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

  /** Sends the first message of a channel in fragments, as the credit comes. */
  private static void sendInFragments(Member node, long id, byte[] message) throws IOException {
    long sent = 0;
    for (int from = 0; from < message.length; from += FRAGMENT) {
      int bytes = Math.min(FRAGMENT, message.length - from);
      sent += bytes + RawChannel.COST;
      while (node.granted(id) < sent) {
        // Nothing but CREDIT can come: the message is not complete.
        node.fence();
      }
      int flags = from + bytes < message.length ? MORE : 0;
      node.send(data(id, flags, RawFrame.head(RawFrame.tail(message, from), bytes)));
    }
  }

  private static byte[] noise(int bytes, long seed) {
    byte[] noise = new byte[bytes];
    new SplittableRandom(seed).nextBytes(noise);
    return noise;
  }

  @Test
  @DisplayName("fragments are one message, larger than the grant and up to max-message")
  void fragmentsAreOneMessage() throws IOException {
    try (Member node = join("fragments")) {
      node.open(3, "echo");
      byte[] largest = noise(MESSAGE_MAX, 1);
      sendInFragments(node, 3, largest);
      assertThat(node.message(3)).isEqualTo(largest);
    }
  }

  @Test
  @DisplayName("an empty message is a message, and an empty fragment may complete one")
  void anEmptyMessageIsAMessage() throws IOException {
    try (Member node = join("empty")) {
      node.open(3, "echo").send(data(3, "")).hears(3, "");
      node.send(data(3, MORE, ""), data(3, MORE, "ab"), data(3, MORE, ""), data(3, MORE, "c"));
      node.send(data(3, "")).hears(3, "abc");
      node.send(data(3, MORE, ""), data(3, "")).hears(3, "");
      node.send(data(3, END, "")).hears(3, "").closed(3);
    }
  }

  @Test
  @DisplayName("beside END, MORE means nothing")
  void besideEndMoreMeansNothing() throws IOException {
    try (Member node = join("end-and-more")) {
      node.open(3, "echo").send(data(3, MORE, "half "), data(3, END | MORE, "whole"));
      node.hears(3, "half whole").closed(3).fence();
    }
  }

  @Test
  @DisplayName("row 42: fragments that are never finished are no message, also at the end")
  void fragmentsThatAreNeverFinishedAreNoMessage() throws IOException {
    try (Member node = join("unfinished")) {
      long bufferedBefore = server.channels().bufferedBytes();
      node.open(3, "echo").send(data(3, "one"), data(3, MORE, "two"), RawChannel.close(3));
      node.hears(3, "one").closed(3).fence();
      TestServer.await(
          () -> server.channels().bufferedBytes() == bufferedBefore,
          () -> "what was assembled is still held");
    }
  }

  @Test
  @DisplayName("row 42: the fragments of two channels may alternate")
  void theFragmentsOfTwoChannelsMayAlternate() throws IOException {
    try (Member node = join("alternating")) {
      node.open(3, "echo").open(5, "echo");
      for (int i = 0; i < 5; i++) {
        node.send(data(3, MORE, "a" + i), data(5, MORE, "b" + i));
      }
      node.send(data(5, "!")).hears(5, "b0b1b2b3b4!");
      node.send(data(3, "?")).hears(3, "a0a1a2a3a4?");
    }
  }

  @Test
  @DisplayName("row 42: a message over max-message ends its channel, TOO_LARGE, and no other")
  void aMessageOverMaxMessageEndsItsChannelAndNoOther() throws IOException {
    try (Member node = join("too-large")) {
      node.open(3, "echo").open(7, "small");
      long resetsBefore = server.channels().counts().resets.sum();
      node.send(data(7, new String(new char[100]))).message(7);
      node.send(data(7, new String(new char[101]))).refused(7, ErrorCode.TOO_LARGE);
      node.send(data(7, "behind"), RawChannel.close(7));
      node.say(3, "lives").hears(3, "lives").fence();
      assertThat(server.channels().counts().resets.sum()).isEqualTo(resetsBefore + 1);
    }
  }

  @Test
  @DisplayName("row 42: a message that grows over max-message is cut off before it is complete")
  void aMessageThatGrowsOverMaxMessageIsCutOff() throws IOException {
    try (Member node = join("growing")) {
      long bufferedBefore = server.channels().bufferedBytes();
      node.open(3, "discard").open(5, "echo");
      sendInFragments(node, 3, new byte[MESSAGE_MAX + 1]);
      node.refused(3, ErrorCode.TOO_LARGE);
      node.say(5, "lives").hears(5, "lives");
      TestServer.await(
          () -> server.channels().bufferedBytes() == bufferedBefore,
          () -> "what was assembled is still held");
    }
  }

  @ParameterizedTest
  @DisplayName("the server cuts what it sends at the node's max_frame, and flags all but the last")
  @ValueSource(ints = {4096, 5000})
  void theServerCutsWhatItSendsAtTheNodesMaxFrame(int frameBytesMax) throws IOException {
    try (Member node = Member.join(server, RawRegister.of("narrow").frameBytesMax(frameBytesMax))) {
      node.open(3, "echo");
      byte[] message = noise(9_500, 2);
      sendInFragments(node, 3, message);
      int left = message.length;
      while (left > 0) {
        Frame.Data data = node.expect(Frame.Data.class);
        int bytes = Math.min(left, frameBytesMax - 5);
        left -= bytes;
        assertThat(data.payload()).hasSize(bytes);
        assertThat(data.flags()).isEqualTo(left > 0 ? MORE : 0);
      }
    }
  }

  @Test
  @DisplayName("the default channel is open from the start, both ways, under the name default")
  void theDefaultChannelIsOpenFromTheStart() throws IOException {
    try (TestServer echoes =
            TestServer.start("channel.routes = [ { match = \"default\", handler = echo } ]");
        Member node = Member.join(echoes, RawRegister.of("default").initialCredit(1024))) {
      assertThat(node.terms().defaultChannel()).isEqualTo(1);
      assertThat(node.terms().initialCredit()).isEqualTo(Member.GRANT);
      // The node's own grant is that of its REGISTER.
      String text = RawChannel.textOfCost("a", 1024);
      node.say(1, text).hears(1, text).say(1, "no credit").fence();
      node.send(RawChannel.credit(1, 2000)).hears(1, "no credit");
      node.send(data(1, END, "bye")).hears(1, "bye").closed(1).fence();
    }
  }

  @Test
  @DisplayName("discard takes all there is, gives credit back, and says nothing")
  void discardTakesAllThereIs() throws IOException {
    try (Member node = join("discards")) {
      node.open(3, "discard");
      for (int i = 1; i <= 20; i++) {
        node.say(3, RawChannel.textOfCost("x", Member.GRANT / 2));
        node.awaitGranted(3, Member.GRANT + (long) i * Member.GRANT / 2);
      }
      node.send(RawChannel.close(3)).closed(3).fence();
    }
  }
}
