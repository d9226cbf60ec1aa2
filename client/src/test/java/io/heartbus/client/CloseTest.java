package io.heartbus.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CloseTest extends OneClient {
  @Test
  void closeSendsWhatIsQueuedAndSaysGoodbye() throws Exception {
    client.send("last words".getBytes(UTF_8));
    client.close();
    assertThat(peer.expectText()).isEqualTo("last words");
    assertThat(peer.expect(Frame.Unregister.class).reason()).isZero();
    peer.expectEnd();
    assertThat(client.state()).isEqualTo(ClientState.CLOSED);
    events.expect("closed on purpose");
    client.close();
    assertThat(events.isEmpty()).isTrue();
  }

  @Test
  void everyCallAfterCloseSaysThatItIsClosed() throws Exception {
    Opened opened = opened("c");
    client.close();
    for (Action action :
        List.<Action>of(
            () -> client.send(new byte[1]),
            () -> client.receive(),
            () -> client.receive(Duration.ofSeconds(1)),
            () -> client.ping(Duration.ofSeconds(1)),
            () -> client.open("x"),
            () -> client.request("x", new byte[1], Duration.ofSeconds(1)),
            () -> opened.channel.send(new byte[1]),
            () -> opened.channel.trySend(new byte[1]),
            () -> opened.channel.receive())) {
      assertThatThrownBy(action::run)
          .isInstanceOf(ClientClosedException.class)
          .hasMessage("the client was closed");
    }
    opened.channel.end();
    opened.channel.close();
    opened.channel.reset(0x8001);
  }

  @Test
  void closeWakesEveryWait() throws Exception {
    Opened opened = opened("c");
    opened.channel.send(new byte[4032]);
    List<Await.Running<?>> waiting =
        List.of(
            Await.start(client::receive),
            sending(() -> opened.channel.send(new byte[1])),
            sending(() -> opened.channel.send(new byte[2])),
            Await.start(() -> client.open("never accepted")),
            Await.start(() -> client.request("never", new byte[1], ScriptedServer.PATIENCE)),
            Await.start(() -> client.ping(ScriptedServer.PATIENCE)));
    waiting.forEach(Await.Running::untilBlocked);
    client.close();
    for (Await.Running<?> call : waiting) {
      assertThat(call.failure()).isInstanceOf(ClientClosedException.class);
    }
  }

  @Test
  void aServerThatDoesNotAnswerTheGoodbyeIsNotWaitedForLong() throws Exception {
    peer.ignoreGoodbye();
    long beganNanos = System.nanoTime();
    client.close();
    assertThat(System.nanoTime() - beganNanos)
        .isBetween(TimeUnit.SECONDS.toNanos(1), TimeUnit.SECONDS.toNanos(10));
    peer.expect(Frame.Unregister.class);
    peer.expectEnd();
  }

  @Test
  void anInterruptedCallerDoesNotWait() throws Exception {
    peer.ignoreGoodbye();
    Await.Running<Boolean> closing =
        Await.start(() -> {
          client.close();
          return Thread.currentThread().isInterrupted();
        });
    closing.untilBlocked().interrupt();
    assertThat(closing.get()).as("the interrupt is kept").isTrue();
    peer.expectEnd();
  }

  @Test
  void closeWhileWaitingForTheNextAttemptIsImmediate() throws Exception {
    peer.send(
        new Frame.Fault(ErrorCode.KICKED.code(), Frame.Scope.CONNECTION, 0, 3_600_000, "out"));
    events.expect("sessionLost");
    events.expect("reconnecting");
    client.close();
    events.expect("closed on purpose");
  }

  @Test
  void closeWhileRegisteringAgainEndsThatConnection() throws Exception {
    peer.close();
    Peer next = server.accept();
    next.expect(Frame.Register.class);
    client.close();
    next.expectEnd();
    events.expect("sessionLost");
    events.expect("reconnecting");
    events.expect("closed on purpose");
  }

  @Test
  void aListenerMayClose() throws Exception {
    HeartbeatClient[] own = new HeartbeatClient[1];
    ClientListener closer =
        new ClientListener() {
          @Override
          public void sessionLost(Session session, IOException cause) {
            own[0].close();
          }
        };
    Await.Running<HeartbeatClient> connecting =
        Await.start(() -> HeartbeatClient.connect(server.options(), closer));
    Peer other = server.accept();
    other.admit();
    own[0] = connecting.get();
    other.close();
    Await.until("closed", () -> own[0].state() == ClientState.CLOSED);
  }

  @Test
  void everyWaitCanBeInterrupted() throws Exception {
    Opened opened = opened("c");
    opened.channel.send(new byte[4032]);
    for (Action action :
        List.<Action>of(
            () -> client.receive(),
            () -> client.receive(ScriptedServer.PATIENCE),
            () -> opened.channel.send(new byte[1]),
            () -> opened.channel.send(new byte[1], ScriptedServer.PATIENCE),
            () -> client.open("never"),
            () -> client.ping(ScriptedServer.PATIENCE),
            () -> client.request("never", new byte[1], ScriptedServer.PATIENCE))) {
      Await.Running<Boolean> running = sending(action).untilBlocked();
      running.interrupt();
      assertThat(running.failure()).isInstanceOf(InterruptedException.class);
    }
    assertThat(client.state()).isEqualTo(ClientState.CONNECTED);
    assertThat(opened.channel.isOpen()).isTrue();
  }

  @Test
  void anInterruptedSendThatHasBegunIsFinished() throws Exception {
    Await.Running<Boolean> sending = sending(() -> client.send(new byte[5000]));
    assertThat(peer.expect(Frame.Data.class).more()).isTrue();
    sending.untilBlocked().interrupt();
    assertThat(sending.failure()).isInstanceOf(InterruptedException.class);
    peer.send(new Frame.Credit(1, 4096));
    assertThat(peer.expect(Frame.Data.class).more()).isFalse();
  }

  @Test
  void aServerThatStopsReadingEndsTheConnectionAndNothingHangs() throws Exception {
    Limits impatient =
        new Limits(
            Duration.ofSeconds(10),
            Duration.ofMillis(200),
            Duration.ofSeconds(2),
            Duration.ofSeconds(3));
    ClientOptions options = server.options().withMessageBytesMax(50_000_000);
    Await.Running<HeartbeatClient> connecting =
        Await.start(
            () -> HeartbeatClient.connect(options, new ClientListener() {}, null, impatient));
    Terms generous = Terms.STANDARD.withCredit(2_000_000_000);
    Peer stalled = server.accept();
    stalled.admit(generous);
    try (HeartbeatClient stuck = connecting.get()) {
      stalled.stopReading();
      Await.Running<Boolean> sending = sending(() -> stuck.send(new byte[50_000_000]));
      // A peer whose thread gets no processor stops reading, too: as often as it takes.
      Await.Running<Boolean> admitting =
          sending(() -> {
            while (true) {
              server.accept().admit(generous);
            }
          });
      sending.get();
      admitting.interrupt();
      assertThat(stuck.stats().sessions()).isGreaterThanOrEqualTo(2);
    }
  }
}
