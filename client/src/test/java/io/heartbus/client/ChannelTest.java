package io.heartbus.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChannelTest extends OneClient {
  private static final Duration MOMENT = Duration.ofMillis(30);

  @Test
  void messagesOfTheDefaultChannelGoBothWays() throws Exception {
    client.send("hello".getBytes(UTF_8));
    client.send(new byte[0], Duration.ofSeconds(20));
    assertThat(peer.expectText()).isEqualTo("hello");
    Frame.Data empty = peer.expect(Frame.Data.class);
    assertThat(empty).isEqualTo(Frame.Data.of(1, 0, new byte[0]));
    peer.sendText(1, 0, "one");
    peer.sendText(1, 0, "two");
    assertThat(client.receive()).isEqualTo("one".getBytes(UTF_8));
    assertThat(client.receive(Duration.ofSeconds(20))).contains("two".getBytes(UTF_8));
    assertThat(client.receive(MOMENT)).isEmpty();
    assertThat(client.stats().messagesSent()).isEqualTo(2);
    assertThat(client.stats().messagesReceived()).isEqualTo(2);
  }

  @Test
  void theBytesOfAMessageMayBeChangedAfterSend() throws Exception {
    byte[] message = "before".getBytes(UTF_8);
    client.send(message);
    Arrays.fill(message, (byte) 'x');
    assertThat(peer.expectText()).isEqualTo("before");
  }

  @Test
  void openWaitsForTheAcceptance() throws Exception {
    Await.Running<Channel> opening = Await.start(() -> client.open("topic/alerts"));
    Frame.ChannelOpen open = peer.expect(Frame.ChannelOpen.class);
    assertThat(open).isEqualTo(new Frame.ChannelOpen(3, 65_536, 0, "topic/alerts"));
    opening.untilBlocked();
    peer.send(new Frame.ChannelAccept(3, 4096));
    Channel channel = opening.get();
    assertThat(channel.name()).isEqualTo("topic/alerts");
    assertThat(channel.isOpen()).isTrue();
    assertThat(client.stats().openChannels()).isEqualTo(2);
    assertThat(opened("next").id).isEqualTo(5);
  }

  @Test
  void aChannelOnlyToSendGrantsNothing() throws Exception {
    Await.Running<Channel> opening =
        Await.start(() -> client.openToSend("topic/t", Duration.ofSeconds(20)));
    Frame.ChannelOpen open = peer.expect(Frame.ChannelOpen.class);
    assertThat(open.initialCredit()).isZero();
    peer.send(new Frame.ChannelAccept(3, 4096));
    opening.get().send(new byte[5]);
    assertThat(peer.expect(Frame.Data.class).payload()).hasSize(5);
  }

  @Test
  void aRefusedChannelSaysWhy() throws Exception {
    Await.Running<Channel> opening = Await.start(() -> client.open("node/x"));
    peer.expect(Frame.ChannelOpen.class);
    peer.send(
        new Frame.Fault(ErrorCode.NO_ROUTE.code(), Frame.Scope.CHANNEL, 3, 0, "x is offline"));
    assertThat(opening.failure())
        .isInstanceOfSatisfying(
            ChannelClosedException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.NO_ROUTE))
        .hasMessage("channel node/x: NO_ROUTE x is offline");
    assertThat(client.stats().openChannels()).isEqualTo(1);
  }

  @Test
  void anOpenThatIsNotAnsweredInTimeIsGivenUp() throws Exception {
    assertThatThrownBy(() -> client.open("slow", MOMENT)).isInstanceOf(TimedOutException.class);
    peer.expect(Frame.ChannelOpen.class);
    assertThat(peer.expect(Frame.ChannelClose.class))
        .isEqualTo(new Frame.ChannelClose(3, Channel.CANCELLED));
    peer.send(new Frame.ChannelAccept(3, 4096));
    peer.sendText(3, 0, "too late");
    Await.until("skipped", () -> client.stats().framesSkipped() == 2);
  }

  @Test
  void namesThatSpecForbidsAreTheCallersFault() {
    for (String name : new String[] {"", "a\nb", "x".repeat(256)}) {
      assertThatThrownBy(() -> client.open(name)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aLongMessageIsCutByCreditAndGoesOnWithEveryGrant() throws Exception {
    byte[] message = new byte[20_000];
    new Random(1).nextBytes(message);
    Await.Running<Boolean> sending = sending(() -> client.send(message));
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    Frame.Data part = peer.expect(Frame.Data.class);
    assertThat(part.payload()).hasSize(4096 - 64);
    while (part.more()) {
      assertThat(sending.isDone()).isFalse();
      joined.writeBytes(part.payload());
      peer.send(new Frame.Credit(1, part.payload().length + Wire.DATA_COST_BYTES));
      part = peer.expect(Frame.Data.class);
    }
    joined.writeBytes(part.payload());
    assertThat(joined.toByteArray()).isEqualTo(message);
    sending.get();
  }

  @Test
  void aMessageOverTheFrameSizeIsCutThoughCreditAbounds() throws Exception {
    peer.send(new Frame.Credit(1, 1 << 20));
    client.ping(pong());
    client.send(new byte[40_000]);
    assertThat(peer.expect(Frame.Data.class).payload()).hasSize(Limits.FRAGMENT_BYTES_MAX);
    assertThat(peer.expect(Frame.Data.class).more()).isTrue();
    Frame.Data end = peer.expect(Frame.Data.class);
    assertThat(end.more()).isFalse();
    assertThat(end.payload()).hasSize(40_000 - 2 * Limits.FRAGMENT_BYTES_MAX);
  }

  @Test
  void withoutCreditNothingIsSent() throws Exception {
    client.send(new byte[4096 - 64]);
    assertThat(client.defaultChannel().trySend(new byte[0])).isFalse();
    assertThatThrownBy(() -> client.send(new byte[1], MOMENT))
        .isInstanceOf(TimedOutException.class)
        .hasMessageContaining("nothing was sent");
    peer.expect(Frame.Data.class);
    assertThat(peer.silentFor(50)).isTrue();
    Await.Running<Boolean> sending = sending(() -> client.send("late".getBytes(UTF_8)));
    sending.untilBlocked();
    peer.send(new Frame.Credit(1, 4096));
    assertThat(peer.expectText()).isEqualTo("late");
    sending.get();
    assertThat(client.defaultChannel().trySend("now".getBytes(UTF_8))).isTrue();
    assertThat(peer.expectText()).isEqualTo("now");
  }

  @Test
  void aMessageThatHasBegunIsFinishedThoughTheCallerGaveUp() throws Exception {
    byte[] message = "0123456789".repeat(500).getBytes(UTF_8);
    assertThatThrownBy(() -> client.send(message, MOMENT))
        .isInstanceOf(TimedOutException.class)
        .hasMessageContaining("the rest follows");
    assertThat(peer.expect(Frame.Data.class).more()).isTrue();
    Await.Running<Boolean> next = sending(() -> client.send("next".getBytes(UTF_8)));
    next.untilBlocked();
    peer.send(new Frame.Credit(1, 4096));
    Frame.Data rest = peer.expect(Frame.Data.class);
    assertThat(rest.more()).isFalse();
    assertThat(rest.payload()).hasSize(5000 - 4032);
    assertThat(peer.expectText()).isEqualTo("next");
    next.get();
  }

  @Test
  void trySendOfManyFramesIsAllOrNothing() throws Exception {
    assertThat(client.defaultChannel().trySend(new byte[4033])).isFalse();
    assertThat(peer.silentFor(30)).isTrue();
    peer.send(new Frame.Credit(1, 100_000));
    client.ping(pong());
    assertThat(client.defaultChannel().trySend(new byte[20_000])).isTrue();
    assertThat(peer.expect(Frame.Data.class).more()).isTrue();
    assertThat(peer.expect(Frame.Data.class).more()).isFalse();
  }

  @Test
  void aMessageOverTheOptionsIsTheCallersFault() {
    assertThatThrownBy(() -> client.send(new byte[100_001]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("message: 100001 bytes, at most 100000");
  }

  @Test
  void whatIsTakenIsGrantedAgainInHalves() throws Exception {
    Opened opened = opened("in");
    peer.send(Frame.Data.of(opened.id, 0, new byte[20_000]));
    assertThat(opened.channel.receive()).hasSize(20_000);
    assertThat(peer.silentFor(30)).isTrue();
    peer.send(Frame.Data.of(opened.id, 0, new byte[20_000]));
    assertThat(opened.channel.receive()).hasSize(20_000);
    assertThat(peer.expect(Frame.Credit.class)).isEqualTo(new Frame.Credit(opened.id, 40_128));
  }

  @Test
  void fragmentsAreGrantedAsTheyAreJoinedSoThatAnyMessagePassesAnyWindow() throws Exception {
    Await.Running<byte[]> receiving = Await.start(client::receive);
    for (int i = 0; i < 2; i++) {
      peer.send(Frame.Data.of(1, Wire.DATA_MORE, new byte[32_768]));
      assertThat(peer.expect(Frame.Credit.class).delta()).isEqualTo(32_768 + 64);
    }
    peer.send(Frame.Data.of(1, 0, new byte[1]));
    assertThat(receiving.get()).hasSize(65_537);
  }

  @Test
  void aMessageOverTheMostResetsItsChannel() throws Exception {
    Opened opened = opened("big");
    Await.Running<byte[]> receiving = Await.start(opened.channel::receive);
    for (int i = 0; i < 4; i++) {
      peer.send(Frame.Data.of(opened.id, Wire.DATA_MORE, new byte[33_000]));
      peer.expect(Frame.Credit.class);
    }
    assertThat(peer.expect(Frame.Fault.class).error()).isEqualTo(ErrorCode.TOO_LARGE);
    assertThat(receiving.failure())
        .isInstanceOfSatisfying(
            ChannelClosedException.class,
            e -> assertThat(e.error()).isEqualTo(ErrorCode.TOO_LARGE));
  }

  @Test
  void dataWithoutCreditResetsItsChannelAndTheThirdTimeTheConnection() throws Exception {
    for (int i = 0; i < 2; i++) {
      Opened opened = opened("c" + i);
      peer.send(
          Frame.Data.of(opened.id, 0, new byte[65_472]), Frame.Data.of(opened.id, 0, new byte[1]));
      Frame.Fault complaint = peer.expect(Frame.Fault.class);
      assertThat(complaint.error()).isEqualTo(ErrorCode.FLOW_CONTROL);
      assertThat(complaint.scope()).isEqualTo(Frame.Scope.CHANNEL);
      assertThatThrownBy(() -> opened.channel.send(new byte[1]))
          .isInstanceOf(ChannelClosedException.class);
      assertThat(client.ping(pong())).isPositive();
    }
    peer.send(new Frame.Credit(1, 0));
    Frame.Fault last = peer.expect(Frame.Fault.class);
    assertThat(last.error()).isEqualTo(ErrorCode.FLOOD);
    assertThat(last.scope()).isEqualTo(Frame.Scope.CONNECTION);
    peer.expectEnd();
  }

  @Test
  void tooMuchCreditBreaksFlowControl() throws Exception {
    Opened opened = opened("c");
    peer.send(new Frame.Credit(opened.id, Wire.CREDIT_MAX));
    assertThat(peer.expect(Frame.Fault.class).error()).isEqualTo(ErrorCode.FLOW_CONTROL);
  }
}
