package io.heartbus.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReconnectTest {
  private final EventLog events = new EventLog();
  private ScriptedServer server;
  private Peer peer;
  private Frame.Register first;

  @BeforeEach
  void open() throws IOException {
    server = new ScriptedServer();
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private HeartbeatClient connect(ClientOptions options) throws Exception {
    Await.Running<HeartbeatClient> connecting =
        Await.start(() -> HeartbeatClient.connect(options, events));
    peer = server.accept();
    first = peer.admit(Terms.STANDARD.withEpoch(41));
    HeartbeatClient client = connecting.get();
    events.expect("connected epoch=41");
    return client;
  }

  @Test
  void comesBackAsTheSameProcessWithTheNextNumberAndItsLastEpoch() throws Exception {
    try (HeartbeatClient client = connect(server.options())) {
      peer.close();
      Frame.Register second = server.accept().admit(Terms.STANDARD.withEpoch(43));
      assertThat(second.instance()).isEqualTo(first.instance());
      assertThat(second.connectionSeq()).isEqualTo(2);
      assertThat(second.attributes().lastEpoch()).isEqualTo(41);
      events.expect("sessionLost the server closed the connection");
      events.expect("reconnecting in ");
      events.expect("connected epoch=43");
      events.expect("channelReopened default 0");
      assertThat(client.session().epoch()).isEqualTo(43);
    }
    events.expect("closed on purpose");
    assertThat(events.threads()).hasSize(1);
    assertThat(events.threads().getFirst().isVirtual()).isTrue();
  }

  @Test
  void everyClientIsAProcessOfItsOwn() throws Exception {
    connect(server.options()).close();
    long instance = first.instance();
    events.expect("closed");
    connect(server.options()).close();
    assertThat(first.instance()).isNotEqualTo(instance);
    assertThat(first.connectionSeq()).isEqualTo(1);
  }

  @Test
  void triesUntilItIsLetIn() throws Exception {
    try (HeartbeatClient client = connect(server.options())) {
      peer.close();
      events.expect("sessionLost");
      for (int i = 0; i < 5; i++) {
        events.expect("reconnecting");
        server.accept().close();
      }
      events.expect("reconnecting");
      server.accept().admit(Terms.STANDARD.withEpoch(44));
      events.expect("connected epoch=44");
      assertThat(client.stats().failedAttempts()).isEqualTo(5);
      assertThat(client.stats().sessions()).isEqualTo(2);
    }
  }

  @Test
  void aRefusalWithoutAWaitIsLeftAloneForThirtySeconds() throws Exception {
    try (HeartbeatClient _ = connect(server.options())) {
      peer.send(
          new Frame.Fault(
              ErrorCode.SESSION_TAKEN_OVER.code(), Frame.Scope.CONNECTION, 0, 0, "by another"));
      events.expect("sessionReplaced SESSION_TAKEN_OVER: by another");
      // Told a moment after the 30 s began.
      assertThat(EventLog.delayMs(events.expect("reconnecting in "))).isGreaterThan(25_000);
      assertThat(server.nobodyConnectsFor(Duration.ofMillis(100))).isTrue();
    }
    events.expect("closed on purpose");
  }

  @Test
  void theWaitThatTheServerNamesIsHonoured() throws Exception {
    try (HeartbeatClient _ = connect(server.options())) {
      long saidNanos = System.nanoTime();
      peer.send(
          new Frame.Fault(ErrorCode.KICKED.code(), Frame.Scope.CONNECTION, 0, 300, "go away"));
      events.expect("sessionLost KICKED: go away");
      assertThat(EventLog.delayMs(events.expect("reconnecting in "))).isBetween(200L, 305L);
      server.accept().admit();
      assertThat(System.nanoTime() - saidNanos)
          .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(300));
    }
  }

  @Test
  void givesUpAfterSoManyFailures() throws Exception {
    HeartbeatClient client = connect(server.options().withReconnectAttempts(2));
    Await.Running<byte[]> receiving = Await.start(client::receive);
    peer.close();
    server.accept().close();
    server.accept().close();
    events.expect("sessionLost");
    events.expect("reconnecting");
    events.expect("reconnecting");
    events.expect("channelLost default 0");
    events.expect("closed ");
    assertThat(client.state()).isEqualTo(ClientState.CLOSED);
    assertThat(receiving.failure())
        .isInstanceOf(ClientClosedException.class)
        .hasMessageContaining("the client gave up");
    assertThatThrownBy(() -> client.open("echo")).isInstanceOf(ClientClosedException.class);
    assertThat(server.nobodyConnectsFor(Duration.ofMillis(100))).isTrue();
    client.close();
  }

  @Test
  void withoutReconnectALostSessionIsTheEnd() throws Exception {
    HeartbeatClient client = connect(server.options().withReconnectEnabled(false));
    peer.close();
    events.expect("sessionLost");
    events.expect("channelLost default 0");
    events.expect("closed the server closed the connection");
    assertThatThrownBy(() -> client.send(new byte[1])).isInstanceOf(ClientClosedException.class);
    assertThatThrownBy(() -> client.ping(Duration.ofSeconds(1)))
        .isInstanceOf(ClientClosedException.class);
    client.close();
  }

  @Test
  void theOtherServersAreTriedWhenOneDies() throws Exception {
    try (ScriptedServer other = new ScriptedServer();
        HeartbeatClient client =
            connect(
                server
                    .options()
                    .withServers(server.address().toString(), other.address().toString()))) {
      server.close();
      peer.close();
      other.accept().admit();
      Await.until("back", () -> client.stats().sessions() == 2);
      assertThat(client.session().server()).isEqualTo(other.address());
    }
  }
}
