package io.heartbus.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChannelEndTest extends OneClient {
  @Test
  void endClosesOneDirectionBehindItsData() throws Exception {
    Opened opened = opened("c");
    opened.channel.send("last words".getBytes(UTF_8));
    opened.channel.end();
    opened.channel.end();
    assertThat(peer.expectText()).isEqualTo("last words");
    assertThat(peer.expect(Frame.ChannelClose.class))
        .isEqualTo(new Frame.ChannelClose(opened.id, 0));
    assertThatThrownBy(() -> opened.channel.send(new byte[1])).satisfies(closed(ErrorCode.NORMAL));
    peer.sendText(opened.id, 0, "still");
    assertThat(opened.channel.receive()).isEqualTo("still".getBytes(UTF_8));
    peer.send(new Frame.ChannelClose(opened.id, 0));
    assertThatThrownBy(opened.channel::receive).satisfies(closed(ErrorCode.NORMAL));
    assertThat(opened.channel.isOpen()).isFalse();
    assertThat(client.stats().openChannels()).isEqualTo(1);
    assertThat(peer.silentFor(30)).isTrue();
  }

  @Test
  void endWaitsForAMessageThatIsBeingSent() throws Exception {
    Opened opened = opened("c");
    Await.Running<Boolean> sending = sending(() -> opened.channel.send(new byte[5000]));
    assertThat(peer.expect(Frame.Data.class).more()).isTrue();
    sending.untilBlocked();
    opened.channel.end();
    assertThat(peer.silentFor(30)).isTrue();
    peer.send(new Frame.Credit(opened.id, 4096));
    sending.get();
    assertThat(peer.expect(Frame.Data.class).more()).isFalse();
    assertThat(peer.expect(Frame.ChannelClose.class).code()).isZero();
  }

  @Test
  void theOtherSidesEndComesAfterItsMessages() throws Exception {
    Opened opened = opened("c");
    peer.sendText(opened.id, 0, "one");
    peer.sendText(opened.id, Wire.DATA_END, "two");
    assertThat(opened.channel.receive()).isEqualTo("one".getBytes(UTF_8));
    assertThat(opened.channel.receive()).isEqualTo("two".getBytes(UTF_8));
    assertThatThrownBy(opened.channel::receive).satisfies(closed(ErrorCode.NORMAL));
    opened.channel.send("my turn".getBytes(UTF_8));
    assertThat(peer.expectText()).isEqualTo("my turn");
    opened.channel.sendLast("bye".getBytes(UTF_8), Duration.ofSeconds(20));
    assertThat(peer.expect(Frame.Data.class).end()).isTrue();
    assertThat(opened.channel.isOpen()).isFalse();
  }

  @Test
  void theOtherSidesEndWakesAReceiver() throws Exception {
    Opened opened = opened("c");
    Await.Running<byte[]> receiving = Await.start(opened.channel::receive).untilBlocked();
    peer.send(new Frame.ChannelClose(opened.id, 0));
    assertThat(receiving.failure()).satisfies(closed(ErrorCode.NORMAL));
  }

  @Test
  void dataAfterTheEndIsRefusedByItself() throws Exception {
    Opened opened = opened("c");
    peer.sendText(opened.id, Wire.DATA_END, "end");
    peer.sendText(opened.id, 0, "more");
    Frame.Fault refusal = peer.expect(Frame.Fault.class);
    assertThat(refusal.error()).isEqualTo(ErrorCode.CLOSED);
    assertThat(refusal.channel()).isEqualTo(opened.id);
    assertThat(opened.channel.receive()).isEqualTo("end".getBytes(UTF_8));
    opened.channel.send(new byte[1]);
    peer.expect(Frame.Data.class);
  }

  @Test
  void aResetFromTheOtherSideKeepsWhatHadComeWhole() throws Exception {
    Opened opened = opened("c");
    opened.channel.send(new byte[4032]);
    peer.expect(Frame.Data.class);
    Await.Running<Boolean> sending = sending(() -> opened.channel.send(new byte[1])).untilBlocked();
    peer.sendText(opened.id, 0, "whole");
    peer.sendText(opened.id, Wire.DATA_MORE, "half");
    peer.send(new Frame.ChannelClose(opened.id, 0x8123));
    assertThat(sending.failure())
        .isInstanceOfSatisfying(
            ChannelClosedException.class, e -> assertThat(e.code()).isEqualTo(0x8123));
    assertThat(opened.channel.receive()).isEqualTo("whole".getBytes(UTF_8));
    assertThatThrownBy(opened.channel::receive)
        .hasMessage("channel c: was reset by the other side, 0x8123");
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorCode.class,
      names = {"REFUSED", "LIMIT", "NOT_AUTHORIZED", "FLOW_CONTROL", "TOO_LARGE", "NO_ROUTE"})
  void anErrorOfTheChannelEndsIt(ErrorCode code) throws Exception {
    Opened opened = opened("c");
    peer.send(new Frame.Fault(code.code(), Frame.Scope.CHANNEL, opened.id, 0, "so"));
    assertThatThrownBy(opened.channel::receive).satisfies(closed(code));
    assertThat(client.ping(pong())).isPositive();
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorCode.class,
      names = {"BAD_ID", "IN_USE", "UNKNOWN", "CLOSED"})
  void anErrorAboutAFrameLeavesTheChannelOpen(ErrorCode code) throws Exception {
    Opened opened = opened("c");
    peer.send(new Frame.Fault(code.code(), Frame.Scope.CHANNEL, opened.id, 0, "so"));
    client.ping(pong());
    assertThat(opened.channel.isOpen()).isTrue();
  }

  @Test
  void resetDropsWhatHasNotLeftAndTellsTheCode() throws Exception {
    Opened opened = opened("c");
    peer.sendText(opened.id, 0, "unread");
    client.ping(pong());
    opened.channel.reset(0x8001);
    assertThat(peer.expect(Frame.ChannelClose.class))
        .isEqualTo(new Frame.ChannelClose(opened.id, 0x8001));
    assertThatThrownBy(opened.channel::receive)
        .isInstanceOfSatisfying(
            ChannelClosedException.class, e -> assertThat(e.code()).isEqualTo(0x8001));
    assertThatThrownBy(() -> opened.channel.trySend(new byte[1]))
        .isInstanceOf(ChannelClosedException.class);
    opened.channel.reset(0x8002);
    assertThat(peer.silentFor(30)).isTrue();
    assertThatThrownBy(() -> opened.channel.reset(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void resetMakesRoomForOthersThatWaitBehindIt() throws Exception {
    Opened opened = opened("c");
    peer.send(new Frame.Credit(opened.id, 1 << 30), new Frame.Credit(1, 1 << 20));
    client.ping(pong());
    peer.stopReading();
    int failures = 0;
    while (failures < 100) {
      failures = opened.channel.trySend(new byte[16_000]) ? 0 : failures + 1;
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
    assertThat(client.defaultChannel().trySend(new byte[16_000])).isFalse();
    opened.channel.reset(0x8001);
    assertThat(client.defaultChannel().trySend(new byte[16_000])).isTrue();
  }

  @Test
  void closeEndsBehindTheDataAndForgetsWhatWasNotReceived() throws Exception {
    Opened opened = opened("c");
    peer.sendText(opened.id, 0, "unread");
    client.ping(pong());
    Await.Running<byte[]> receiving =
        Await.start(() -> {
          opened.channel.receive();
          return opened.channel.receive();
        });
    receiving.untilBlocked();
    opened.channel.send("words".getBytes(UTF_8));
    opened.channel.close();
    opened.channel.close();
    assertThat(peer.expectText()).isEqualTo("words");
    assertThat(peer.expect(Frame.ChannelClose.class).code()).isZero();
    assertThat(receiving.failure()).satisfies(closed(ErrorCode.NORMAL));
    assertThatThrownBy(() -> opened.channel.send(new byte[1])).satisfies(closed(ErrorCode.NORMAL));
    peer.send(new Frame.ChannelClose(opened.id, 0));
    Await.until("gone", () -> client.stats().openChannels() == 1);
  }

  @Test
  void aClosedChannelThatTheOtherSideKeepsOpenIsResetInTheEnd() throws Exception {
    Opened opened = opened("c");
    opened.channel.close();
    assertThat(peer.expect(Frame.ChannelClose.class).code()).isZero();
    peer.sendText(opened.id, 0, "anybody there?");
    assertThat(peer.expect(Frame.ChannelClose.class))
        .isEqualTo(new Frame.ChannelClose(opened.id, Channel.CANCELLED));
    Await.until("gone", () -> client.stats().openChannels() == 1);
  }

  @Test
  void closeWakesASenderThatWaitsForCredit() throws Exception {
    Opened opened = opened("c");
    Await.Running<Boolean> sending =
        sending(() -> opened.channel.send(new byte[10_000])).untilBlocked();
    peer.expect(Frame.Data.class);
    opened.channel.close();
    assertThat(sending.failure()).satisfies(closed(ErrorCode.NORMAL));
    assertThat(peer.expect(Frame.ChannelClose.class).code()).isZero();
    peer.send(new Frame.Credit(opened.id, 4096));
    assertThat(peer.silentFor(30)).isTrue();
  }

  @Test
  void framesForChannelsThatAreOverAreSkippedAndCounted() throws Exception {
    Opened opened = opened("c");
    opened.channel.reset(0x8001);
    peer.expect(Frame.ChannelClose.class);
    peer.sendText(opened.id, 0, "x");
    peer.send(
        new Frame.Credit(opened.id, 5),
        new Frame.ChannelClose(opened.id, 0),
        new Frame.Fault(ErrorCode.REFUSED.code(), Frame.Scope.CHANNEL, opened.id, 0, ""));
    client.ping(pong());
    assertThat(client.stats().framesSkipped()).isEqualTo(4);
  }

  @Test
  void framesForChannelsThatNeverWereBreakTheProtocol() throws Exception {
    peer.send(new Frame.Credit(9, 5));
    assertThat(peer.expect(Frame.Fault.class).error()).isEqualTo(ErrorCode.UNKNOWN);
    peer.sendText(9, 0, "x");
    Frame.Fault last = peer.expect(Frame.Fault.class);
    assertThat(last.error()).isEqualTo(ErrorCode.PROTOCOL_ERROR);
    assertThat(last.scope()).isEqualTo(Frame.Scope.CONNECTION);
    peer.expectEnd();
  }

  @Test
  void anAcceptanceThatNobodyAskedForBreaksTheProtocol() throws Exception {
    peer.send(new Frame.ChannelAccept(1, 4096));
    assertThat(peer.expect(Frame.Fault.class).error()).isEqualTo(ErrorCode.UNEXPECTED_FRAME);
    peer.expectEnd();
  }

  private static ThrowingConsumer<Throwable> closed(ErrorCode code) {
    return e -> {
      assertThat(e).isInstanceOf(ChannelClosedException.class);
      assertThat(((ChannelClosedException) e).error()).isEqualTo(code);
    };
  }
}
