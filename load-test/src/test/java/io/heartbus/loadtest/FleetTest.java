package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FleetTest {
  @Test
  void everyNodeConnectsBeatsAndIsAnswered() throws IOException {
    try (FakeServer server = FakeServer.honest(100)) {
      Measured measured = Scenarios.heartbeat(server.port()).nodes(50).run();

      assertThat(measured.nodes().connected()).isEqualTo(50);
      assertThat(measured.nodes().lost()).isZero();
      // A node beats five times or so in half a second.
      assertThat(measured.heartbeats().sent()).isGreaterThan(50);
      assertThat(measured.heartbeats().acked()).isEqualTo(measured.heartbeats().sent());
      assertThat(measured.heartbeats().missing()).isZero();
      assertThat(measured.heartbeats().stray()).isZero();
      assertThat(measured.heartbeats().latencies().p99Ms()).isNotNull();
      assertThat(measured.generator().lagP99Ms()).isNotNull();
    }
  }

  @Test
  void nodesSayGoodbyeAtTheEnd() throws IOException {
    AtomicInteger goodbyes = new AtomicInteger();
    FakeServer.Script script =
        peer -> {
          peer.letIn(100);
          while (peer.answer(peer.read())) {
            // A beat.
          }
          goodbyes.incrementAndGet();
        };
    try (FakeServer server = FakeServer.playing(script)) {
      Measured measured = Scenarios.connect(server.port()).nodes(20).run();

      assertThat(goodbyes).hasValue(20);
      assertThat(measured.nodes().lost()).isZero();
    }
  }

  @Test
  void pingsAreAnsweredWithTheirOwnBytes() throws IOException {
    ConcurrentLinkedQueue<Frame> pongs = new ConcurrentLinkedQueue<>();
    FakeServer.Script script =
        peer -> {
          peer.letIn(100);
          peer.send(new Frame.Ping(0x0102030405060708L));
          peer.send(new Frame.Ping(null));
          Frame frame;
          do {
            frame = peer.read();
            if (frame instanceof Frame.Pong) {
              pongs.add(frame);
            }
          } while (peer.answer(frame));
        };
    try (FakeServer server = FakeServer.playing(script)) {
      Scenarios.heartbeat(server.port()).nodes(1).run();

      assertThat(pongs).containsExactly(new Frame.Pong(0x0102030405060708L), new Frame.Pong(null));
    }
  }

  @Test
  void whatWasReceivedIsGrantedAgain() throws IOException {
    ConcurrentLinkedQueue<Frame> grants = new ConcurrentLinkedQueue<>();
    FakeServer.Script script =
        peer -> {
          peer.letIn(100);
          peer.send(Frame.Data.of(Wire.DEFAULT_CHANNEL, 0, new byte[1_000]));
          peer.send(Frame.Data.of(Wire.DEFAULT_CHANNEL, 0, new byte[1_000]));
          Frame frame;
          do {
            frame = peer.read();
            if (frame instanceof Frame.Credit) {
              grants.add(frame);
            }
          } while (peer.answer(frame));
        };
    try (FakeServer server = FakeServer.playing(script)) {
      Measured measured = Scenarios.heartbeat(server.port()).nodes(1).run();

      assertThat(grants).containsExactly(new Frame.Credit(Wire.DEFAULT_CHANNEL, 2_128));
      assertThat(measured.messages().counts().received()).isEqualTo(2);
    }
  }

  @Test
  void beatsWithoutAnAnswerAreMissing() throws IOException {
    FakeServer.Script script =
        peer -> {
          peer.letIn(100);
          Frame frame;
          do {
            frame = peer.read();
          } while (frame instanceof Frame.HeartbeatRequest || peer.answer(frame));
        };
    try (FakeServer server = FakeServer.playing(script)) {
      Measured measured = Scenarios.heartbeat(server.port()).nodes(5).run();

      assertThat(measured.nodes().lost()).isZero();
      assertThat(measured.heartbeats().acked()).isZero();
      assertThat(measured.heartbeats().missing()).isEqualTo(measured.heartbeats().sent());
      assertThat(measured.heartbeats().missing()).isPositive();
    }
  }

  @Test
  void aNodeThatGivesUpProbesASilentServerFirst() throws IOException {
    AtomicInteger probes = new AtomicInteger();
    FakeServer.Script script =
        peer -> {
          peer.letIn(500);
          while (true) {
            if (peer.read() instanceof Frame.Ping) {
              probes.incrementAndGet();
            }
          }
        };
    try (FakeServer server = FakeServer.playing(script)) {
      Scenarios scenarios = Scenarios.heartbeat(server.port()).lasting(Duration.ofSeconds(20));
      Measured measured = scenarios.nodes(3).givingUp().run();

      assertThat(measured.nodes().losses()).isEqualTo(Map.of("the server fell silent", 3L));
      assertThat(probes).hasValue(3);
      assertThat(measured.seconds()).isLessThan(10);
    }
  }

  @Test
  void aServerThatDiesEndsTheRunEarlyWithAllNodesLost() throws IOException, InterruptedException {
    CountDownLatch beating = new CountDownLatch(200);
    FakeServer.Script script =
        peer -> {
          peer.letIn(100);
          while (peer.answer(peer.read())) {
            beating.countDown();
          }
        };
    try (FakeServer server = FakeServer.playing(script)) {
      Scenarios scenarios = Scenarios.heartbeat(server.port()).nodes(20);
      Thread killer =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  beating.await();
                  server.die();
                } catch (IOException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      Measured measured = scenarios.lasting(Duration.ofSeconds(50)).run();
      killer.join();

      assertThat(measured.nodes().lost()).isEqualTo(20);
      assertThat(measured.seconds()).isLessThan(40);
      assertThat(Notes.of(scenarios.scenario(), measured))
          .anyMatch(note -> note.matches("at \\d+\\.\\d s the server ended 20 of 20 connections"));
      assertThat(Verdict.judge(scenarios.scenario(), measured).passed()).isFalse();
    }
  }

  @Test
  void aNodeThatComesLateHasNothingToDoubtYet() throws IOException {
    AtomicInteger early = new AtomicInteger();
    FakeServer.Script script =
        peer -> {
          peer.awaitRegister();
          long inNanos = System.nanoTime();
          peer.accept(600, 1);
          Frame frame;
          do {
            frame = peer.read();
            // Before half the timeout is over.
            if (frame instanceof Frame.Ping && System.nanoTime() - inNanos < 900_000_000) {
              early.incrementAndGet();
            }
          } while (peer.answer(frame));
        };
    try (FakeServer server = FakeServer.playing(script)) {
      // The last one comes a second after the first, which is longer than half the timeout.
      Measured measured =
          Scenarios.heartbeat(server.port()).nodes(3).connectsPerSecond(2).givingUp().run();

      assertThat(measured.nodes().connected()).isEqualTo(3);
      assertThat(measured.nodes().losses()).isEmpty();
      assertThat(early).hasValue(0);
    }
  }

  @Test
  void anEndThatTheServerExplainedIsCountedUnderItsReason() throws IOException {
    FakeServer.Script script =
        peer -> {
          peer.letIn(100);
          if (peer.registered().nodeId().endsWith("0")) {
            peer.send(new Frame.GoAway(ErrorCode.DRAINING.code(), 0, 10, 10, 10, ""));
          } else {
            peer.refuse(ErrorCode.KICKED, 0, "out");
            peer.linger();
          }
        };
    try (FakeServer server = FakeServer.playing(script)) {
      Measured measured = Scenarios.heartbeat(server.port()).nodes(2).run();

      assertThat(measured.nodes().losses())
          .isEqualTo(Map.of("GOAWAY DRAINING", 1L, "ERROR KICKED", 1L));
    }
  }

  @Test
  void aStoppedRunReportsWhatItMeasured() throws IOException, InterruptedException {
    CountDownLatch beating = new CountDownLatch(50);
    FakeServer.Script script =
        peer -> {
          peer.letIn(100);
          while (peer.answer(peer.read())) {
            beating.countDown();
          }
        };
    try (FakeServer server = FakeServer.playing(script)) {
      Scenario scenario =
          Scenarios.heartbeat(server.port()).lasting(Duration.ofMinutes(10)).scenario();
      Fleet fleet = new Fleet(scenario, new HeartbeatScript("test-"), RandomGenerator.getDefault());
      Thread stopper =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  assertThat(beating.await(50, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                fleet.stop();
              });
      Measured measured = Scenarios.run(fleet, scenario);
      stopper.join();

      assertThat(measured.interrupted()).isTrue();
      assertThat(measured.nodes().lost()).isZero();
      assertThat(measured.heartbeats().acked()).isPositive();
      assertThat(measured.heartbeats().missing()).isZero();
    }
  }
}
