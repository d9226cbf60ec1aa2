package io.heartbus.loadtest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
      Measured measured = run(Scenarios.heartbeat(server.port()).nodes(50));

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
  void nodesRegisterAsTheProtocolWantsIt() throws IOException {
    try (FakeServer server = FakeServer.honest(100)) {
      run(Scenarios.connect(server.port()).nodes(20));

      Set<String> ids = new HashSet<>();
      Set<Long> instances = new HashSet<>();
      for (Frame.Register register : server.registrations) {
        ids.add(register.nodeId());
        instances.add(register.instance());
        assertThat(register.connectionSeq()).isEqualTo(1);
        assertThat(register.asked()).isEqualTo(new Frame.Pace(100, 300));
        assertThat(register.capabilities())
            .isEqualTo(Wire.CAPABILITY_CREDIT | Wire.CAPABILITY_HEARTBEAT_STATS);
      }
      assertThat(ids).hasSize(20).allMatch(id -> id.startsWith("test-"));
      assertThat(instances).hasSize(20);
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
      Measured measured = run(Scenarios.connect(server.port()).nodes(20));

      assertThat(goodbyes).hasValue(20);
      assertThat(measured.nodes().lost()).isZero();
    }
  }

  @Test
  void nodesAreSpreadOverAllTargetsAndSources() throws IOException, UsageException {
    Set<String> pairs = ConcurrentHashMap.newKeySet();
    FakeServer.Script script =
        peer -> {
          pairs.add(peer.sourceAddress() + ">" + peer.targetAddress());
          peer.letIn(100);
          peer.serve();
        };
    try (FakeServer server = FakeServer.playing(script)) {
      List<InetAddress> sources = SourceAddresses.parse("127.0.0.11-127.0.0.12");
      run(
          Scenarios.connect(server.port())
              .nodes(8)
              .sources(sources)
              .targets(TargetAddresses.parse("127.0.0.1-127.0.0.2:" + server.port())));

      assertThat(pairs)
          .containsExactlyInAnyOrder(
              "127.0.0.11>127.0.0.1",
              "127.0.0.12>127.0.0.1",
              "127.0.0.11>127.0.0.2",
              "127.0.0.12>127.0.0.2");
    }
  }

  @Test
  void aBusyServerIsAskedAgainWhenItSaidSo() throws IOException {
    FakeServer.Script script =
        peer -> {
          if (peer.awaitRegister().connectionSeq() == 1) {
            peer.refuse(ErrorCode.SERVER_BUSY, 300, "later");
            peer.linger();
          } else {
            peer.accept(100, 1);
            peer.serve();
          }
        };
    try (FakeServer server = FakeServer.playing(script)) {
      Measured measured = run(Scenarios.connect(server.port()).nodes(10));

      assertThat(measured.nodes().connected()).isEqualTo(10);
      assertThat(measured.connect().busy()).isEqualTo(10);
      // The wait is part of how long it took to get in.
      assertThat(measured.connect().latencies().maxMs()).isGreaterThanOrEqualTo(300);
      assertThat(server.registrations.stream().filter(r -> r.connectionSeq() == 2)).hasSize(10);
    }
  }

  @Test
  void aServerThatStaysBusyFailsTheNodeInTime() throws IOException {
    FakeServer.Script script =
        peer -> {
          peer.awaitRegister();
          peer.refuse(ErrorCode.SERVER_BUSY, 50, "later");
          peer.linger();
        };
    try (FakeServer server = FakeServer.playing(script)) {
      Duration patience = Duration.ofMillis(400);
      Measured measured = run(Scenarios.connect(server.port()).nodes(2).connectTimeout(patience));

      assertThat(measured.nodes().failed()).isEqualTo(2);
      assertThat(measured.nodes().refusals())
          .isEqualTo(Map.of("SERVER_BUSY until the connect timeout", 2L));
      assertThat(measured.connect().busy()).isBetween(2L, 20L);
    }
  }

  @Test
  void aRefusalIsCountedUnderItsReasonAndNotRepeated() throws IOException {
    FakeServer.Script script =
        peer -> {
          peer.awaitRegister();
          peer.refuse(ErrorCode.AUTH_FAILED, 0, "who\nare you");
          peer.linger();
        };
    try (FakeServer server = FakeServer.playing(script)) {
      Measured measured = run(Scenarios.connect(server.port()).nodes(5));

      assertThat(measured.nodes().failed()).isEqualTo(5);
      assertThat(measured.nodes().refusals())
          .isEqualTo(Map.of("ERROR AUTH_FAILED: who\\u000Aare you", 5L));
      assertThat(server.registrations).hasSize(5);
    }
  }

  @Test
  void aServerThatNeverAnswersFailsTheNodesInTime() throws IOException {
    try (FakeServer server = FakeServer.playing(FakeServer.Peer::linger)) {
      Duration patience = Duration.ofMillis(300);
      Measured measured = run(Scenarios.heartbeat(server.port()).nodes(5).connectTimeout(patience));

      assertThat(measured.nodes().failed()).isEqualTo(5);
      assertThat(measured.nodes().refusals()).isEqualTo(Map.of("no answer", 5L));
    }
  }

  @Test
  void aHopelessRunEndsBeforeEveryNodeHasTried() throws IOException {
    try (FakeServer server = FakeServer.playing(peer -> {})) {
      Measured measured = run(Scenarios.heartbeat(server.port()).nodes(20_000));

      assertThat(measured.nodes().connected()).isZero();
      assertThat(measured.nodes().failed()).isBetween(HeartbeatScript.REFUSALS_MAX, 10_000);
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
      run(Scenarios.heartbeat(server.port()).nodes(1));

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
      Measured measured = run(Scenarios.heartbeat(server.port()).nodes(1));

      assertThat(grants).containsExactly(new Frame.Credit(Wire.DEFAULT_CHANNEL, 2_128));
      assertThat(measured.messages().received()).isEqualTo(2);
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
      Measured measured = run(Scenarios.heartbeat(server.port()).nodes(5));

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
      Measured measured = run(scenarios.nodes(3).givingUp());

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
      Measured measured = run(scenarios.lasting(Duration.ofSeconds(50)));
      killer.join();

      assertThat(measured.nodes().lost()).isEqualTo(20);
      assertThat(measured.seconds()).isLessThan(40);
      assertThat(Verdict.judge(scenarios.scenario(), measured).passed()).isFalse();
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
      Measured measured = run(Scenarios.heartbeat(server.port()).nodes(2));

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
      Measured measured = run(fleet, scenario);
      stopper.join();

      assertThat(measured.interrupted()).isTrue();
      assertThat(measured.nodes().lost()).isZero();
      assertThat(measured.heartbeats().acked()).isPositive();
      assertThat(measured.heartbeats().missing()).isZero();
    }
  }

  private static Measured run(Scenarios scenarios) throws IOException {
    Scenario scenario = scenarios.scenario();
    HeartbeatScript script = new HeartbeatScript("test-");
    return run(new Fleet(scenario, script, RandomGenerator.getDefault()), scenario);
  }

  private static Measured run(Fleet fleet, Scenario scenario) throws IOException {
    PrintStream nobody = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
    try (Progress progress = new Progress(nobody, false, scenario)) {
      return fleet.run(progress);
    }
  }
}
