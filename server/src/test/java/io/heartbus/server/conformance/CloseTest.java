package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawChannel.END;
import static io.heartbus.server.conformance.RawChannel.close;
import static io.heartbus.server.conformance.RawChannel.data;
import static io.heartbus.server.conformance.RawChannel.error;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How channels end: one direction at a time, or both at once. */
class CloseTest {
  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server =
        TestServer.start(
            """
            channel.routes = [
              { match = "echo", handler = echo }
              { match = "hold", handler = hold }
              { match = "topic/*", handler = topic }
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

  private static void awaitOpen(Member node, String id, int channels) throws IOException {
    node.fence();
    TestServer.await(
        () -> server.find(id).link().channels() == channels,
        () -> server.find(id).link().channels() + " channels are open");
  }

  @ParameterizedTest
  @DisplayName("row 40: DATA behind the END is CLOSED, and the other direction still works")
  @ValueSource(booleans = {true, false})
  void dataBehindTheEndIsClosed(boolean withMessage) throws IOException {
    try (Member listener = join("listener");
        Member speaker = join("speaker")) {
      listener.open(3, "topic/a");
      speaker.open(3, "topic/a");
      listener.send(withMessage ? data(3, END, "my last") : close(3));
      if (withMessage) {
        speaker.hears(3, "my last");
      }
      listener.say(3, "one more").refused(3, ErrorCode.CLOSED);
      speaker.say(3, "to you").fence();
      listener.hears(3, "to you");
      // An end is an end, however often it is said.
      listener.send(close(3)).fence().send(data(3, END, "")).refused(3, ErrorCode.CLOSED);
      speaker.say(3, "still");
      listener.hears(3, "still");
      speaker.send(close(3, 0x8000)).fence();
    }
  }

  @Test
  @DisplayName("row 41: a channel whose directions have both ended is over, and frames are skipped")
  void aChannelWhoseDirectionsHaveBothEndedIsOver() throws IOException {
    try (Member node = join("both-ways")) {
      node.open(3, "echo").open(5, "echo");
      node.send(data(3, "a"), data(3, END, "b")).hears(3, "a", "b").closed(3);
      node.send(data(5, "c"), close(5)).hears(5, "c").closed(5);
      awaitOpen(node, "both-ways", 1);
      long skippedBefore = server.counts().skipped.sum();
      node.send(close(3), close(3), close(5, 0x8000), data(5, "late")).fence();
      assertThat(server.counts().skipped.sum()).isEqualTo(skippedBefore + 4);
      node.open(7, "echo").say(7, "lives").hears(7, "lives");
    }
  }

  @Test
  @DisplayName("row 41: the server's end leaves behind all its messages, when credit allows")
  void theServersEndLeavesBehindAllItsMessages() throws IOException {
    try (Member node = join("patient")) {
      node.open(3, "echo", 1024);
      String text = RawChannel.textOfCost("x", 1000);
      node.send(data(3, text), data(3, text), data(3, END, text));
      node.hears(3, text).fence();
      node.send(RawChannel.credit(3, 1000)).hears(3, text).fence();
      node.send(RawChannel.credit(3, 1000)).hears(3, text).closed(3).fence();
    }
  }

  @Test
  @DisplayName("row 41: a reset ends both directions, whatever waits in them")
  void aResetEndsBothDirections() throws IOException {
    try (Member node = join("resets")) {
      long bufferedBefore = server.channels().bufferedBytes();
      node.open(3, "hold").open(5, "echo", 1024).open(7, "echo");
      node.say(3, "held").say(3, "waits").say(5, RawChannel.textOfCost("a", 1024));
      node.say(5, "no credit").say(5, "nor for this");
      node.hears(5, RawChannel.textOfCost("a", 1024));
      node.send(close(3, 0x8000), close(5, 0x0309)).fence();
      node.say(3, "late").say(5, "late").send(RawChannel.credit(5, 5000));
      node.say(7, "lives").hears(7, "lives");
      awaitOpen(node, "resets", 2);
      TestServer.await(
          () -> server.channels().bufferedBytes() == bufferedBefore,
          () -> server.channels().bufferedBytes() + " bytes are still held");
    }
  }

  @Test
  @DisplayName("row 41: resets race with messages in flight, and the connection lives")
  void resetsRaceWithMessagesInFlight() throws IOException {
    try (Member node = join("races")) {
      for (long id = 3; id < 103; id += 2) {
        node.send(RawChannel.open(id, Member.PLENTY, "echo"), data(id, "a"), data(id, "b"));
        node.send(data(id, END, "c"), close(id, 0x8000), data(id, "d"));
      }
      // Of each channel all, some or nothing came back, in order, and nothing behind the fence.
      long opaque = 77;
      node.peer().send(new Frame.Ping(opaque));
      Frame frame = node.next();
      while (!frame.equals(new Frame.Pong(opaque))) {
        assertThat(frame)
            .isInstanceOfAny(Frame.ChannelAccept.class, Frame.Data.class, Frame.ChannelClose.class);
        frame = node.next();
      }
      node.send(RawChannel.open(103, Member.PLENTY, "echo"), data(103, "last"));
      frame = node.next();
      while (!frame.equals(Frame.Data.of(103, 0, new byte[] {'l', 'a', 's', 't'}))) {
        frame = node.next();
      }
      awaitOpen(node, "races", 2);
    }
  }

  @Test
  @DisplayName("an ERROR about a channel ends it, but those that refuse a frame do not")
  void anErrorAboutAChannelEndsIt() throws IOException {
    try (Member node = join("errors")) {
      node.open(3, "echo");
      for (int code : new int[] {0x0301, 0x0302, 0x0304, 0x0306}) {
        node.send(error(3, 1, code)).say(3, "lives").hears(3, "lives");
      }
      node.send(error(3, 2, 0x0309)).say(3, "advisory").hears(3, "advisory");
      node.send(error(3, 0, 0x0309)).say(3, "of the whole").hears(3, "of the whole");
      node.send(error(3, 1, 0x8001)).say(3, "late").fence();
      // Even one without a code.
      node.open(5, "echo").send(error(5, 1, 0)).say(5, "late").fence();
      awaitOpen(node, "errors", 1);
    }
  }

  @Test
  @DisplayName("the default channel can be ended and reset like any other, and does not come back")
  void theDefaultChannelCanBeReset() throws IOException {
    try (Member node = join("no-default")) {
      node.say(1, "x").fence();
      awaitOpen(node, "no-default", 1);
      node.send(close(1, 0x8000)).fence();
      awaitOpen(node, "no-default", 0);
      long skippedBefore = server.counts().skipped.sum();
      node.say(1, "late").fence();
      assertThat(server.counts().skipped.sum()).isEqualTo(skippedBefore + 1);
      node.send(RawChannel.open(1, 4096, "echo")).refused(1, ErrorCode.BAD_ID);
      node.open(3, "echo").say(3, "lives").hears(3, "lives");
    }
  }

  @ParameterizedTest
  @DisplayName("what was open ends with its connection, however that ends")
  @ValueSource(strings = {"end", "hang up", "reset", "unregister", "fatal"})
  void whatWasOpenEndsWithItsConnection(String how) throws IOException {
    try (TestServer own =
            TestServer.start(
                """
                channel.routes = [
                  { match = "echo", handler = echo }
                  { match = "hold", handler = hold }
                  { match = "default", handler = discard }
                ]
                """);
        Member node = Member.join(own, "goes")) {
      node.open(3, "hold").open(5, "echo", 1024).say(3, "held").say(3, "waits").say(1, "x");
      node.say(5, RawChannel.textOfCost("a", 1024)).say(5, "waits for credit");
      node.text(5);
      assertThat(own.channels().counts().open.get()).isEqualTo(3);
      switch (how) {
        case "end" -> node.peer().halfClose();
        case "hang up" -> node.peer().hangUp();
        case "reset" -> node.peer().reset();
        case "unregister" -> node.send(RawFrame.of(RawFrame.UNREGISTER));
        default -> node.send(RawFrame.of(0xFF));
      }
      TestServer.await(
          () ->
              own.channels().counts().open.get() == 0
                  && own.channels().counts().queuedMessages.sum() == 0
                  && own.channels().bufferedBytes() == 0,
          () ->
              "%s: %d channels and %d bytes are left"
                  .formatted(
                      how, own.channels().counts().open.get(), own.channels().bufferedBytes()));
    }
  }
}
