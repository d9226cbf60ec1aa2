package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawChannel.END;
import static io.heartbus.server.conformance.RawChannel.close;
import static io.heartbus.server.conformance.RawChannel.credit;
import static io.heartbus.server.conformance.RawChannel.data;
import static io.heartbus.server.conformance.RawChannel.error;
import static io.heartbus.server.conformance.RawChannel.open;
import static io.heartbus.server.conformance.RawChannel.textOfCost;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Node to node: what one end of a relay does, and what the other sees of it. */
class RelayTest {
  private static final int APPLICATION = 0x8001;

  private TestServer server;
  private Member near;
  private Member far;

  @BeforeEach
  void start() throws IOException {
    server =
        TestServer.start(
            """
            channel.routes = [
              { match = "echo", handler = echo }
              { match = "node/*", handler = node }
            ]
            """);
    near = Member.join(server, "near");
    far = Member.join(server, Member.openTo("far"));
  }

  @AfterEach
  void stop() throws IOException {
    far.close();
    near.close();
    server.close();
  }

  private void connect() throws IOException {
    connect(Member.PLENTY, Member.PLENTY);
  }

  private void connect(long nearGrant, long farGrant) throws IOException {
    near.open(3, "node/far", nearGrant);
    far.accept(2, "node/near", farGrant);
  }

  /** The next frame resets that channel, in either of the two ways. */
  private static void isReset(Member member, long id, int code) throws IOException {
    Frame frame = member.next();
    if (frame instanceof Frame.Fault fault) {
      assertThat(fault.scope()).isEqualTo(Frame.Scope.CHANNEL);
      assertThat(fault.channel()).isEqualTo(id);
      assertThat(fault.code()).as(fault.toString()).isEqualTo(code);
    } else {
      assertThat(frame).isEqualTo(new Frame.ChannelClose(id, code));
    }
    member.fence();
  }

  @Test
  @DisplayName("what one end sends the other gets, both ways, under the name of the opener")
  void whatOneEndSendsTheOtherGets() throws IOException {
    connect();
    near.say(3, "hello").say(3, "again");
    far.hears(2, "hello", "again").say(2, "hello yourself");
    near.hears(3, "hello yourself");
    // The other way round it is another pair.
    try (Member third = Member.join(server, Member.openTo("third"))) {
      third.open(3, "node/far");
      far.accept(4, "node/third", Member.PLENTY);
      third.say(3, "from the third");
      far.hears(4, "from the third").say(2, "still near");
      near.hears(3, "still near");
    }
  }

  @Test
  @DisplayName("what the opener sends at once, before the other accepts, is passed on")
  void whatTheOpenerSendsAtOnceIsPassedOn() throws IOException {
    near.send(open(3, Member.PLENTY, "node/far"), data(3, "first"), data(3, END, "last"));
    assertThat(near.next()).isInstanceOf(Frame.ChannelAccept.class);
    far.accept(2, "node/near", 65_536).hears(2, "first", "last").closed(2);
    far.send(data(2, END, "answer"));
    near.hears(3, "answer").closed(3);
  }

  @Test
  @DisplayName("a node can be its own other end")
  void aNodeCanBeItsOwnOtherEnd() throws IOException {
    far.open(3, "node/far").accept(2, "node/far", 65_536);
    far.say(3, "to myself").hears(2, "to myself").say(2, "and back").hears(3, "and back");
    far.send(close(2, APPLICATION));
    isReset(far, 3, APPLICATION);
  }

  @Test
  @DisplayName("the end of one side is the end for the other, and the way back stays open")
  void theEndOfOneSideIsTheEndForTheOther() throws IOException {
    connect();
    near.send(data(3, END, "question"));
    far.hears(2, "question").closed(2).say(2, "half an answer");
    near.hears(3, "half an answer");
    far.send(close(2));
    near.closed(3).fence();
    TestServer.await(
        () -> server.channels().counts().open.get() == 0,
        () -> server.channels().counts().open.get() + " channels are open");
  }

  @Test
  @DisplayName("what waits for credit is delivered with its end, also when the way back has ended")
  void whatWaitsForCreditIsDeliveredWithItsEnd() throws IOException {
    connect(Member.PLENTY, 65_536);
    String last = textOfCost("last", 2_048);
    for (int i = 0; i < 32; i++) {
      near.say(3, last).fence();
      far.hears(2, last);
    }
    near.send(data(3, END, last)).fence();
    far.send(close(2));
    near.closed(3).fence();
    far.fence().send(credit(2, 2_048)).hears(2, last).closed(2).fence();
  }

  @ParameterizedTest
  @DisplayName("a reset goes through with its code, from either end and in either form")
  @ValueSource(strings = {"near", "far", "near error", "far error"})
  void aResetGoesThroughWithItsCode(String how) throws IOException {
    connect();
    switch (how) {
      case "near" -> near.send(close(3, APPLICATION));
      case "far" -> far.send(close(2, APPLICATION));
      case "near error" -> near.send(error(3, 1, APPLICATION));
      default -> far.send(error(2, 1, APPLICATION));
    }
    if (how.startsWith("near")) {
      isReset(far, 2, APPLICATION);
    } else {
      isReset(near, 3, APPLICATION);
    }
    assertThat(server.channels().counts().open.get()).isZero();
  }

  @Test
  @DisplayName("credit goes through: the sender gets as much as the other end takes")
  void creditGoesThrough() throws IOException {
    connect(Member.PLENTY, 65_536);
    far.fence();
    near.open(5, "node/far").open(7, "echo");
    far.accept(4, "node/near", 65_536);
    // All that the far end granted, and then what the server holds for the near one.
    String text = textOfCost("x", 1024);
    int sent = 0;
    for (; sent < 64; sent++) {
      near.say(3, text);
      far.hears(2, text);
    }
    near.fence();
    while (near.granted(3) - sent * 1024L >= 1024) {
      near.say(3, text).fence();
      sent++;
      TestServer.pause();
      assertThat(sent).as("messages that nobody took").isLessThanOrEqualTo(64 + 4 + 2);
    }
    near.say(7, "not blocked").hears(7, "not blocked").say(5, "neither");
    far.hears(4, "neither").fence();
    far.send(credit(2, Member.PLENTY));
    for (int i = 64; i < sent; i++) {
      far.hears(2, text);
    }
    // It is given back by halves of the grant.
    near.awaitGranted(3, Member.GRANT + sent / 2 * 2048L);
  }

  @Test
  @DisplayName("there is no route to a node that is offline or unknown")
  void thereIsNoRouteToANodeThatIsOfflineOrUnknown() throws IOException {
    near.send(open(3, 4096, "node/nobody")).refused(3, ErrorCode.NO_ROUTE);
    near.send(open(5, 4096, "node/")).refused(5, ErrorCode.NO_ROUTE);
    far.peer().hangUp();
    TestServer.await(() -> !server.find("far").live(), () -> "it is still here");
    near.send(open(7, 4096, "node/far")).refused(7, ErrorCode.NO_ROUTE);
    near.open(9, "echo").say(9, "lives").hears(9, "lives");
  }

  @Test
  @DisplayName("a node without SERVER_OPEN, or of HBP/1, is not to be had: REFUSED")
  void aNodeWithoutServerOpenIsNotToBeHad() throws IOException {
    near.send(open(3, 4096, "node/near")).refused(3, ErrorCode.REFUSED);
    try (LegacyPeer php = LegacyPeer.connect(server)) {
      php.register("php", "[]");
      far.send(open(3, 4096, "node/php")).refused(3, ErrorCode.REFUSED);
      php.fence();
    }
    near.fence();
  }

  @ParameterizedTest
  @DisplayName("when the other node goes offline there is no route any more")
  @ValueSource(strings = {"hang up", "reset", "unregister", "fatal"})
  void whenTheOtherNodeGoesOfflineThereIsNoRouteAnyMore(String how) throws IOException {
    connect();
    near.say(3, "hello");
    far.hears(2, "hello");
    leave(far, how);
    near.refused(3, ErrorCode.NO_ROUTE);
    near.fence();
  }

  @ParameterizedTest
  @DisplayName("a question whose answerer goes offline is told that, and not that it was answered")
  @ValueSource(strings = {"hang up", "reset", "unregister", "fatal"})
  void aQuestionWhoseAnswererGoesOfflineIsToldThat(String how) throws IOException {
    connect();
    near.send(data(3, END, "question"));
    far.hears(2, "question").closed(2);
    leave(far, how);
    near.refused(3, ErrorCode.NO_ROUTE);
    near.fence();
  }

  private static void leave(Member member, String how) throws IOException {
    switch (how) {
      case "hang up" -> member.peer().hangUp();
      case "reset" -> member.peer().reset();
      case "unregister" -> member.send(RawFrame.of(RawFrame.UNREGISTER));
      default -> member.send(RawFrame.of(0xFF));
    }
  }

  @Test
  @DisplayName("when the opener goes offline the other end is told the same")
  void whenTheOpenerGoesOfflineTheOtherEndIsToldTheSame() throws IOException {
    connect();
    near.say(3, "last words");
    far.hears(2, "last words");
    near.peer().hangUp();
    far.refused(2, ErrorCode.NO_ROUTE);
    far.fence();
  }

  @Test
  @DisplayName("a node that refuses the channel refuses it to its opener")
  void aNodeThatRefusesTheChannelRefusesItToItsOpener() throws IOException {
    near.open(3, "node/far");
    far.expect(Frame.ChannelOpen.class);
    far.send(error(2, 1, ErrorCode.REFUSED.code()));
    isReset(near, 3, ErrorCode.REFUSED.code());
    far.fence();
  }

  @Test
  @DisplayName("row 46: ACCEPT is for what the server opened, once, and grants what REGISTER did")
  void acceptIsForWhatTheServerOpenedOnce() throws IOException {
    connect(Member.PLENTY, 70_000);
    far.send(RawChannel.accept(2, 70_000)).peer().expectFatal(ErrorCode.UNEXPECTED_FRAME);
    far = Member.join(server, Member.openTo("far"));
    near.refused(3, ErrorCode.NO_ROUTE);
    near.open(5, "node/far");
    far.accept(2, "node/near", 65_535).peer().expectFatal(ErrorCode.PROTOCOL_ERROR);
    far = Member.join(server, Member.openTo("far"));
    near.refused(5, ErrorCode.NO_ROUTE);
    near.open(7, "node/far");
    far.expect(Frame.ChannelOpen.class);
    far.send(close(2, APPLICATION), RawChannel.accept(2, 65_536)).fence();
    isReset(near, 7, APPLICATION);
  }

  @Test
  @DisplayName("the server's ids are even and rise; a node cannot open them")
  void theServersIdsAreEvenAndRise() throws IOException {
    for (int i = 1; i <= 3; i++) {
      near.open(2 * i + 1, "node/far");
      far.accept(2L * i, "node/near", 65_536).send(close(2L * i, APPLICATION));
      isReset(near, 2 * i + 1, APPLICATION);
    }
    near.open(9, "node/far");
    far.accept(8, "node/near", 65_536);
    far.send(open(8, 4096, "echo")).refused(8, ErrorCode.IN_USE);
    far.send(open(6, 4096, "echo")).refused(6, ErrorCode.BAD_ID);
    far.send(open(10, 4096, "echo")).refused(10, ErrorCode.BAD_ID);
    near.say(9, "lives");
    far.hears(8, "lives");
  }
}
