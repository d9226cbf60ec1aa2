package io.heartbus.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class IncomingTest extends OneClient {
  private final BlockingQueue<Exception> failures = new LinkedBlockingQueue<>();
  private final CountDownLatch stuck = new CountDownLatch(1);

  @Override
  void handle(Channel channel) throws IOException, InterruptedException {
    switch (channel.name()) {
      case "echo" -> channel.sendLast(channel.receive(), ScriptedServer.PATIENCE);
      case "fails" -> throw new IllegalStateException("a fault of the handler");
      case "stuck" -> stuck.await();
      case "sender" -> {
        try {
          channel.send(new byte[1]);
        } catch (IOException e) {
          failures.add(e);
        }
      }
      default -> {
        try {
          while (true) {
            channel.receive();
          }
        } catch (IOException e) {
          failures.add(e);
        }
      }
    }
  }

  @Test
  void aRequestFromTheServerIsAnswered() throws Exception {
    peer.send(new Frame.ChannelOpen(2, 4096, 0, "echo"));
    assertThat(peer.expect(Frame.ChannelAccept.class))
        .isEqualTo(new Frame.ChannelAccept(2, 65_536));
    peer.sendText(2, Wire.DATA_END, "question");
    Frame.Data answer = peer.expect(Frame.Data.class);
    assertThat(answer).isEqualTo(Frame.Data.of(2, Wire.DATA_END, "question".getBytes(UTF_8)));
    assertThat(peer.silentFor(30)).isTrue();
    assertThat(client.stats().openChannels()).isEqualTo(1);
  }

  @Test
  void dataMayComeBeforeTheAcceptance() throws Exception {
    peer.send(
        new Frame.ChannelOpen(2, 4096, 0, "echo"), Frame.Data.of(2, Wire.DATA_END, new byte[3]));
    peer.expect(Frame.ChannelAccept.class);
    assertThat(peer.expect(Frame.Data.class).payload()).hasSize(3);
  }

  @Test
  void aHandlerThatReturnsEndsTheChannelAndOneThatThrowsResetsIt() throws Exception {
    peer.send(new Frame.ChannelOpen(2, 4096, 0, "reader"), new Frame.ChannelClose(2, 0));
    peer.expect(Frame.ChannelAccept.class);
    assertThat(peer.expect(Frame.ChannelClose.class)).isEqualTo(new Frame.ChannelClose(2, 0));
    peer.send(new Frame.ChannelOpen(4, 4096, 0, "fails"));
    peer.expect(Frame.ChannelAccept.class);
    assertThat(peer.expect(Frame.ChannelClose.class))
        .isEqualTo(new Frame.ChannelClose(4, ErrorCode.INTERNAL.code()));
    assertThat(peer.silentFor(30)).isTrue();
  }

  @Test
  void oneThatOnlySendsCannotBeAnswered() throws Exception {
    peer.send(new Frame.ChannelOpen(2, 0, 0, "sender"));
    peer.expect(Frame.ChannelAccept.class);
    assertThat(failure()).hasMessageContaining("was opened by the other side only to send");
  }

  @Test
  void idsAreEvenAndRise() throws Exception {
    peer.send(new Frame.ChannelOpen(4, 4096, 0, "stuck"));
    peer.expect(Frame.ChannelAccept.class);
    peer.send(
        new Frame.ChannelOpen(2, 4096, 0, "late"),
        new Frame.ChannelOpen(4, 4096, 0, "twice"),
        new Frame.ChannelOpen(7, 4096, 0, "odd"));
    assertThat(peer.expect(Frame.Fault.class).error()).isEqualTo(ErrorCode.BAD_ID);
    assertThat(peer.expect(Frame.Fault.class).error()).isEqualTo(ErrorCode.IN_USE);
    assertThat(peer.expect(Frame.Fault.class).error()).isEqualTo(ErrorCode.BAD_ID);
    stuck.countDown();
  }

  @Test
  void aNameThatIsNoneIsRefused() throws Exception {
    byte[] open = {(byte) 0xAB, 0x12, 9, 0, 0, 0, 11, 0, 0, 0, 2, 0, 0, 16, 0, 0, 1, (byte) 0xFF};
    peer.sendBytes(open);
    Frame.Fault refusal = peer.expect(Frame.Fault.class);
    assertThat(refusal.error()).isEqualTo(ErrorCode.REFUSED);
    assertThat(refusal.channel()).isEqualTo(2);
  }

  @Test
  void tooManyAtATimeAreRefused() throws Exception {
    int max = ChannelOptions.defaults().incomingMax();
    for (int i = 1; i <= max; i++) {
      peer.send(new Frame.ChannelOpen(2L * i, 4096, 0, "stuck"));
      peer.expect(Frame.ChannelAccept.class);
    }
    peer.send(new Frame.ChannelOpen(2L * max + 2, 4096, 0, "stuck"));
    assertThat(peer.expect(Frame.Fault.class).error()).isEqualTo(ErrorCode.LIMIT);
    stuck.countDown();
    for (int i = 1; i <= max; i++) {
      peer.expect(Frame.ChannelClose.class);
    }
    peer.send(new Frame.ChannelOpen(2L * max + 4, 4096, 0, "reader"));
    peer.expect(Frame.ChannelAccept.class);
  }

  @Test
  void theHandlerLearnsThatTheConnectionIsGone() throws Exception {
    peer.send(new Frame.ChannelOpen(2, 4096, 0, "reader"));
    peer.expect(Frame.ChannelAccept.class);
    peer.close();
    assertThat(failure()).isInstanceOf(ConnectionLostException.class);
    events.expect("sessionLost");
    events.expect("channelLost reader 0");
  }

  @Test
  void withoutAHandlerChannelsAreRefused() throws Exception {
    Await.Running<HeartbeatClient> connecting =
        Await.start(() -> HeartbeatClient.connect(server.options()));
    Peer other = server.accept();
    other.admit();
    try (HeartbeatClient _ = connecting.get()) {
      other.send(new Frame.ChannelOpen(2, 4096, 0, "echo"));
      assertThat(other.expect(Frame.Fault.class).error()).isEqualTo(ErrorCode.REFUSED);
    }
  }

  @Test
  void aRequestOfOursIsOneMessageEachWay() throws Exception {
    Await.Running<byte[]> asking =
        Await.start(
            () -> client.request("service", "ask".getBytes(UTF_8), ScriptedServer.PATIENCE));
    assertThat(peer.expect(Frame.ChannelOpen.class).name()).isEqualTo("service");
    assertThat(peer.expect(Frame.Data.class))
        .isEqualTo(Frame.Data.of(3, Wire.DATA_END, "ask".getBytes(UTF_8)));
    peer.send(new Frame.ChannelAccept(3, 4096));
    peer.sendText(3, Wire.DATA_END, "answer");
    assertThat(asking.get()).isEqualTo("answer".getBytes(UTF_8));
    assertThat(peer.silentFor(30)).isTrue();
    assertThat(client.stats().openChannels()).isEqualTo(1);
  }

  @Test
  void aRequestThatIsRefusedOrNotAnsweredSaysSo() throws Exception {
    Await.Running<byte[]> refused =
        Await.start(() -> client.request("s", new byte[1], ScriptedServer.PATIENCE));
    peer.expect(Frame.ChannelOpen.class);
    peer.send(new Frame.Fault(ErrorCode.REFUSED.code(), Frame.Scope.CHANNEL, 3, 0, "no"));
    assertThat(refused.failure()).hasMessage("channel s: REFUSED no");
    Await.Running<byte[]> unanswered =
        Await.start(() -> client.request("s", new byte[1], ScriptedServer.PATIENCE));
    while (!(peer.expect(Frame.class) instanceof Frame.ChannelOpen)) {
      // The first request's DATA may or may not have left.
    }
    peer.expect(Frame.Data.class);
    peer.send(new Frame.ChannelAccept(5, 4096), new Frame.ChannelClose(5, 0));
    assertThat(unanswered.failure()).isInstanceOf(ChannelClosedException.class);
    assertThatThrownBy(() -> client.request("s", new byte[1], Duration.ofMillis(20)))
        .isInstanceOf(TimedOutException.class);
    peer.expect(Frame.ChannelOpen.class);
    Frame last = peer.expect(Frame.class);
    if (last instanceof Frame.Data) {
      // It may or may not have left before it was given up.
      last = peer.expect(Frame.class);
    }
    assertThat(last).isEqualTo(new Frame.ChannelClose(7, Channel.CANCELLED));
  }

  private Exception failure() throws InterruptedException {
    return failures.poll(ScriptedServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }
}
