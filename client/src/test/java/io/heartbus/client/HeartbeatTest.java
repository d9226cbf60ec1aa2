package io.heartbus.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
  private ScriptedServer server;
  private Peer peer;

  @BeforeEach
  void open() throws IOException {
    server = new ScriptedServer();
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private HeartbeatClient connect(Terms terms, ChannelHandler handler) throws Exception {
    Await.Running<HeartbeatClient> connecting =
        Await.start(
            () -> HeartbeatClient.connect(server.options(), new ClientListener() {}, handler));
    peer = server.accept();
    peer.admit(terms);
    return connecting.get();
  }

  private HeartbeatClient connect(Terms terms) throws Exception {
    return connect(terms, channel -> {});
  }

  @Test
  void beatsByItselfAndMeasuresRoundTrips() throws Exception {
    // Not faster: an answer that is sixteen beats late measures nothing.
    try (HeartbeatClient client = connect(Terms.beating(200, 60_000))) {
      Frame.Stats first = beat();
      assertThat(first).isEqualTo(new Frame.Stats(1, Wire.NO_ROUND_TRIP));
      peer.send(new Frame.HeartbeatResponse(first, null));
      Await.until("measured", () -> client.stats().lastRoundTrip().isPresent());
      Frame.Stats later = beat();
      while (later.lastRttMicros() == Wire.NO_ROUND_TRIP && later.seq() < 100) {
        later = beat();
      }
      Duration measured = client.stats().lastRoundTrip().orElseThrow();
      assertThat(later.lastRttMicros()).isEqualTo(measured.toNanos() / 1000);
      assertThat(client.stats().heartbeatsAnswered()).isEqualTo(1);
      assertThat(client.stats().heartbeatsSent()).isGreaterThanOrEqualTo(later.seq());
    }
  }

  @Test
  void theFirstBeatWaitsForThePhase() throws Exception {
    long beganNanos = System.nanoTime();
    Terms terms = new Terms(60_000, 180_000, 300, 1, 4096, 1);
    try (HeartbeatClient _ = connect(terms)) {
      beat();
      assertThat(System.nanoTime() - beganNanos)
          .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(300));
    }
  }

  @Test
  void aServerWithoutTheCapabilityGetsPlainBeats() throws Exception {
    Frame.Registered all = Terms.beating(20, 60_000).answer();
    Await.Running<HeartbeatClient> connecting =
        Await.start(() -> HeartbeatClient.connect(server.options()));
    peer = server.accept();
    peer.expect(Frame.Register.class);
    peer.send(
        new Frame.Registered(
            2,
            0,
            0,
            Wire.CAPABILITY_CREDIT,
            all.pace(),
            0,
            4096,
            65_536,
            10,
            1,
            65_536,
            1,
            all.sessionToken()));
    try (HeartbeatClient client = connecting.get()) {
      assertThat(peer.expect(Frame.HeartbeatRequest.class).stats()).isNull();
      peer.send(Frame.HeartbeatResponse.PLAIN);
      Await.until("counted", () -> client.stats().heartbeatsAnswered() == 1);
    }
  }

  @Test
  void obeysAnotherPace() throws Exception {
    try (HeartbeatClient _ = connect(Terms.beating(200, 60_000))) {
      Frame.Stats stats = beat();
      peer.send(new Frame.HeartbeatResponse(stats, new Frame.Pace(5, 60_000)));
      long beganNanos = System.nanoTime();
      for (int i = 0; i < 20; i++) {
        beat();
      }
      // Twenty intervals of the old pace would be four seconds.
      assertThat(System.nanoTime() - beganNanos).isLessThan(TimeUnit.SECONDS.toNanos(3));
      peer.send(new Frame.HeartbeatResponse(null, new Frame.Pace(60_000, 180_000)));
      Await.until("quiet", this::noBeatForAMoment);
    }
  }

  @Test
  void dataCountsAsABeat() throws Exception {
    long heardNanos = System.nanoTime();
    try (HeartbeatClient client = connect(Terms.beating(1_000, 60_000).withCredit(1 << 20))) {
      beat();
      long excused = 0;
      long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2_200);
      while (System.nanoTime() - untilNanos < 0) {
        client.send(new byte[1]);
        peer.expect(Frame.Data.class);
        assertThat(peer.silentFor(5)).isTrue();
        // Without data for 0.9 s a beat is due: then a third of that passes here at least once.
        excused += TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - heardNanos) / 300;
        heardNanos = System.nanoTime();
      }
      assertThat(client.stats().heartbeatsSent()).isLessThanOrEqualTo(1 + excused);
    }
  }

  @Test
  void answersProbesWithTheirOwnBytes() throws Exception {
    try (HeartbeatClient _ = connect(Terms.STANDARD)) {
      peer.send(new Frame.Ping(0x1234_5678_9ABC_DEF0L), new Frame.Ping(null));
      assertThat(peer.expect(Frame.Pong.class).opaque()).isEqualTo(0x1234_5678_9ABC_DEF0L);
      assertThat(peer.expect(Frame.Pong.class).opaque()).isNull();
    }
  }

  @Test
  void silenceOfTheServerIsProbedAndThenEndsTheSession() throws Exception {
    long beganNanos = System.nanoTime();
    try (HeartbeatClient client = connect(Terms.beating(100, 600))) {
      peer.expect(Frame.Ping.class);
      long probedNanos = System.nanoTime() - beganNanos;
      assertThat(probedNanos).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(300));
      peer.expectEnd();
      assertThat(System.nanoTime() - beganNanos)
          .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(600));
      server.accept().admit();
      Await.until("back", () -> client.stats().sessions() == 2);
    }
  }

  @Test
  void anAnsweredProbeKeepsTheSession() throws Exception {
    try (HeartbeatClient client = connect(Terms.beating(100, 2_000))) {
      // Without the first answer there would be no second question.
      for (int i = 0; i < 2; i++) {
        Frame.Ping ping = peer.expect(Frame.Ping.class);
        peer.send(new Frame.Pong(ping.opaque()));
      }
      assertThat(client.stats().sessions()).isEqualTo(1);
      assertThat(client.stats().lastRoundTrip()).isPresent();
    }
  }

  @Test
  void pingMeasuresARoundTrip() throws Exception {
    try (HeartbeatClient client = connect(Terms.STANDARD)) {
      Await.Running<Duration> ping = Await.start(() -> client.ping(Duration.ofSeconds(20)));
      peer.send(new Frame.Pong(peer.expect(Frame.Ping.class).opaque()));
      assertThat(ping.get()).isPositive().isLessThan(Duration.ofSeconds(20));
      assertThat(client.stats().lastRoundTrip()).contains(ping.get());
    }
  }

  @Test
  void pingWithoutAnAnswerTimesOut() throws Exception {
    try (HeartbeatClient client = connect(Terms.STANDARD)) {
      assertThatThrownBy(() -> client.ping(Duration.ofMillis(30)))
          .isInstanceOf(TimedOutException.class);
    }
  }

  @Test
  void pingEndsWithItsConnection() throws Exception {
    try (HeartbeatClient client = connect(Terms.STANDARD)) {
      Await.Running<Duration> ping = Await.start(() -> client.ping(Duration.ofSeconds(20)));
      peer.expect(Frame.Ping.class);
      peer.close();
      assertThat(ping.failure()).isInstanceOf(ConnectionLostException.class);
    }
  }

  @Test
  void aSlowHandlerDelaysNoBeatAndNoOtherChannel() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    try (HeartbeatClient client = connect(Terms.beating(20, 60_000), channel -> stuck.await())) {
      peer.send(new Frame.ChannelOpen(2, 4096, 0, "slow"));
      peer.expect(Frame.ChannelAccept.class);
      for (int i = 0; i < 5; i++) {
        peer.send(Frame.Data.of(2, 0, new byte[10_000]));
      }
      for (int i = 0; i < 20; i++) {
        beat();
      }
      peer.sendText(1, 0, "hello");
      assertThat(client.receive(ScriptedServer.PATIENCE))
          .hasValueSatisfying(message -> assertThat(message).hasSize(5));
      assertThat(stuck.getCount()).isEqualTo(1);
      stuck.countDown();
    }
  }

  @Test
  void aFrameThatNeverGetsCompleteEndsTheConnection() throws Exception {
    Limits limits =
        new Limits(
            Duration.ofMillis(100),
            Duration.ofSeconds(10),
            Duration.ofSeconds(2),
            Duration.ofSeconds(3));
    Await.Running<HeartbeatClient> connecting =
        Await.start(
            () -> HeartbeatClient.connect(server.options(), new ClientListener() {}, null, limits));
    peer = server.accept();
    peer.admit();
    try (HeartbeatClient client = connecting.get()) {
      peer.sendBytes((byte) 0xAB, (byte) 0x12, (byte) 0x03);
      peer.expectEnd();
      server.accept().admit();
      Await.until("back", () -> client.stats().sessions() == 2);
    }
  }

  @Test
  void theServersComplaintEndsTheSessionWithItsCode() throws Exception {
    try (HeartbeatClient client = connect(Terms.STANDARD)) {
      Await.Running<byte[]> request =
          Await.start(() -> client.request("echo", new byte[1], Duration.ofSeconds(20)));
      peer.expect(Frame.ChannelOpen.class);
      peer.send(
          new Frame.Fault(
              ErrorCode.HEARTBEAT_TIMEOUT.code(), Frame.Scope.CONNECTION, 0, 0, "silent"));
      assertThat(request.failure())
          .isInstanceOf(ConnectionLostException.class)
          .hasMessageContaining("HEARTBEAT_TIMEOUT: silent")
          .hasCauseInstanceOf(RejectedException.class);
    }
  }

  private Frame.Stats beat() throws InterruptedException {
    return peer.expect(Frame.HeartbeatRequest.class).stats();
  }

  private boolean noBeatForAMoment() {
    try {
      return peer.beatsWithin(100) == 0;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
