package io.heartbus.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GoAwayTest extends OneClient {
  @Test
  void aGoodbyeIsFollowedAndTheReturnSpread() throws Exception {
    long saidNanos = System.nanoTime();
    peer.send(new Frame.GoAway(ErrorCode.DRAINING.code(), 0xFFFF_FFFFL, 200, 100, 60_000, ""));
    String leaving = events.expect("serverLeaving DRAINING ");
    long comeBackMs = Long.parseLong(leaving.substring(leaving.lastIndexOf(' ') + 1));
    assertThat(comeBackMs).isBetween(200L, 300L);
    assertThat(client.state()).isEqualTo(ClientState.CONNECTED);
    peer.expectEnd();
    assertThat(System.nanoTime() - saidNanos)
        .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(comeBackMs));
    peer.close();
    server.accept().admit(Terms.STANDARD.withEpoch(50));
    events.expect("sessionLost DRAINING");
    events.expect("reconnecting in 0 ");
    events.expect("connected epoch=50");
  }

  @Test
  void theReturnWaitsAlsoWhenTheServerClosesFirst() throws Exception {
    long saidNanos = System.nanoTime();
    peer.send(new Frame.GoAway(ErrorCode.DRAINING.code(), 0, 400, 0, 0, ""));
    events.expect("serverLeaving DRAINING 400");
    peer.close();
    events.expect("sessionLost DRAINING");
    long delayMs = EventLog.delayMs(events.expect("reconnecting in "));
    long goneMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - saidNanos) + 1;
    assertThat(delayMs).isBetween(Math.max(0, 400 - goneMs), 400L);
    server.accept().admit();
    assertThat(System.nanoTime() - saidNanos)
        .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(400));
  }

  @Test
  void aRequestUnderWayIsFinishedFirst() throws Exception {
    Await.Running<byte[]> request =
        Await.start(() -> client.request("echo", new byte[3], Duration.ofSeconds(20)));
    long channel = peer.expect(Frame.ChannelOpen.class).channel();
    peer.expect(Frame.Data.class);
    peer.send(new Frame.GoAway(ErrorCode.DRAINING.code(), 0, 0, 0, 60_000, ""));
    events.expect("serverLeaving");
    assertThat(peer.silentFor(150)).isTrue();
    peer.send(new Frame.ChannelAccept(channel, 4096), Frame.Data.of(channel, 1, new byte[7]));
    assertThat(request.get()).hasSize(7);
    peer.expectEnd();
    peer.close();
    server.accept().admit();
  }

  @Test
  void theEndOfTheDrainIsNotWaitedFor() throws Exception {
    Await.Running<byte[]> request =
        Await.start(() -> client.request("echo", new byte[3], Duration.ofSeconds(20)));
    peer.expect(Frame.ChannelOpen.class);
    peer.send(new Frame.GoAway(ErrorCode.DRAINING.code(), 0, 0, 0, 200, ""));
    peer.expectEnd();
    peer.close();
    assertThat(request.failure()).isInstanceOf(ConnectionLostException.class);
    server.accept().admit();
  }

  @Test
  void aRedirectIsTriedFirst() throws Exception {
    try (ScriptedServer other = new ScriptedServer()) {
      peer.send(
          new Frame.GoAway(ErrorCode.SERVER_MOVED.code(), 0, 0, 0, 0, other.address().toString()));
      peer.expectEnd();
      peer.close();
      other.accept().admit();
      Await.until("back", () -> client.stats().sessions() == 2);
      assertThat(client.session().server()).isEqualTo(other.address());
    }
  }
}
