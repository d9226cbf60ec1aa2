package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AdmissionTest {
  @Test
  void nodesRegisterAsTheProtocolWantsIt() throws IOException {
    try (FakeServer server = FakeServer.honest(100)) {
      Scenarios.connect(server.port()).nodes(20).run();

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
      Scenarios.connect(server.port())
          .nodes(8)
          .sources(sources)
          .targets(TargetAddresses.parse("127.0.0.1-127.0.0.2:" + server.port()))
          .run();

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
      Measured measured = Scenarios.connect(server.port()).nodes(10).run();

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
          peer.refuse(ErrorCode.SERVER_BUSY, 1_500, "later");
          peer.linger();
        };
    try (FakeServer server = FakeServer.playing(script)) {
      Duration patience = Duration.ofMillis(2_500);
      Measured measured = Scenarios.connect(server.port()).nodes(2).connectTimeout(patience).run();

      assertThat(measured.nodes().failed()).isEqualTo(2);
      assertThat(measured.nodes().refusals())
          .isEqualTo(Map.of("SERVER_BUSY until the connect timeout", 2L));
      assertThat(measured.connect().busy()).isBetween(2L, 4L);
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
      Measured measured = Scenarios.connect(server.port()).nodes(5).run();

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
      Measured measured =
          Scenarios.heartbeat(server.port()).nodes(5).connectTimeout(patience).run();

      assertThat(measured.nodes().failed()).isEqualTo(5);
      assertThat(measured.nodes().refusals()).isEqualTo(Map.of("no answer", 5L));
    }
  }

  @Test
  void aHopelessRunEndsBeforeEveryNodeHasTried() throws IOException {
    try (FakeServer server = FakeServer.playing(peer -> {})) {
      Measured measured = Scenarios.heartbeat(server.port()).nodes(20_000).run();

      assertThat(measured.nodes().connected()).isZero();
      assertThat(measured.nodes().failed()).isBetween(HeartbeatScript.REFUSALS_MAX, 10_000);
    }
  }
}
