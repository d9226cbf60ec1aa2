package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawFrame.u32;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Frame;
import io.heartbus.server.node.Cause;
import io.heartbus.server.node.EventType;
import io.heartbus.server.node.Node;
import io.heartbus.server.node.NodeEvent;
import io.heartbus.server.node.NodeState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What is told of nodes, and when, over real connections. */
class PresenceTest {
  private static final int TLV_OFFLINE_DELAY = 4;
  private static final int TLV_GROUP = 5;

  /** What the answer to an empty beat echoes when it has to say more. */
  private static final Frame.Stats NOTHING = new Frame.Stats(0, 0);

  private static RawRegister inGroup(String id, String group) {
    return RawRegister.of(id).tlv(TLV_GROUP, group.getBytes(StandardCharsets.UTF_8));
  }

  private static List<EventType> typesOf(TestServer server, String id) {
    return server.events().stream()
        .filter(event -> id.equals(event.node()))
        .map(NodeEvent::type)
        .toList();
  }

  private static List<NodeEvent> ofType(TestServer server, EventType type) {
    return server.events().stream().filter(event -> event.type() == type).toList();
  }

  @Test
  void anotherPaceIsToldWithTheNextBeatAndBindsFromTheOneAfter() throws IOException {
    try (TestServer server = TestServer.start();
        Peer node = server.connect()) {
      node.register("tuned");
      Node session = Objects.requireNonNull(server.find("tuned"));
      assertThat(server.table().retune(session, 2_000, null)).isTrue();
      Frame.Stats stats = new Frame.Stats(7, 0xFFFF_FFFFL);
      node.send(new Frame.HeartbeatRequest(stats))
          .expect(new Frame.HeartbeatResponse(stats, new Frame.Pace(2_000, 30_000)));
      assertThat(session.intervalMs()).isEqualTo(10_000);
      node.send(Frame.HeartbeatRequest.PLAIN).expect(Frame.HeartbeatResponse.PLAIN);
      assertThat(session.intervalMs()).isEqualTo(2_000);
      assertThat(server.table().retune(session, 20_000, null)).isTrue();
      node.send(Frame.HeartbeatRequest.PLAIN)
          .expect(new Frame.HeartbeatResponse(NOTHING, new Frame.Pace(20_000, 60_000)));
    }
  }

  @Test
  void aPaceIsToldEvenIfBeatsAreNotAnswered() throws IOException {
    try (TestServer server = TestServer.start("heartbeat.ack-every = 0");
        Peer node = server.connect()) {
      node.register("quiet");
      Node session = Objects.requireNonNull(server.find("quiet"));
      node.send(Frame.HeartbeatRequest.PLAIN).fence();
      server.table().retune(session, 1_000, 9_000);
      node.send(Frame.HeartbeatRequest.PLAIN)
          .expect(new Frame.HeartbeatResponse(NOTHING, new Frame.Pace(1_000, 9_000)));
    }
  }

  @Test
  void aLossThatIsHealedInTimeIsNoEvent() throws IOException {
    try (TestServer server = TestServer.start("presence.offline-grace = 1 h")) {
      for (int i = 0; i < 3; i++) {
        try (Peer node = server.connect()) {
          Frame.Registered terms = node.register("wobbly");
          assertThat(terms.flags()).isZero();
          node.hangUp();
        }
        server.awaitState("wobbly", NodeState.SUSPECT);
      }
      assertThat(typesOf(server, "wobbly")).containsExactly(EventType.ONLINE);
      assertThat(server.nodes().healed.sum()).isEqualTo(2);
    }
  }

  @Test
  void aLossThatIsNotHealedInTimeIsToldThen() throws IOException {
    try (TestServer server = TestServer.start("presence.offline-grace = 300 ms")) {
      try (Peer node = server.connect()) {
        node.register("gone");
        node.reset();
      }
      server.awaitState("gone", NodeState.OFFLINE);
      NodeEvent told = server.events().getLast();
      assertThat(told.type()).isEqualTo(EventType.OFFLINE);
      assertThat(told.cause()).isEqualTo(Cause.DISCONNECTED);
      assertThat(told.silenceMs()).isGreaterThanOrEqualTo(300);
    }
  }

  @Test
  void aGroupHasAGraceOfItsOwnAndANodeMayAskForLess() throws IOException {
    try (TestServer server =
        TestServer.start("presence.groups { \"rack 7\" { offline-grace = 1 h } }")) {
      try (Peer patient = server.connect();
          Peer hasty = server.connect();
          Peer other = server.connect()) {
        patient.register(inGroup("patient", "rack 7"));
        hasty.register(inGroup("hasty", "rack 7").tlv(TLV_OFFLINE_DELAY, u32(0)));
        other.register(RawRegister.of("other").tlv(TLV_OFFLINE_DELAY, u32(3_600)));
      }
      server.awaitState("patient", NodeState.SUSPECT);
      server.awaitState("hasty", NodeState.OFFLINE);
      server.awaitState("other", NodeState.OFFLINE);
      assertThat(typesOf(server, "patient")).containsExactly(EventType.ONLINE);
    }
  }

  @Test
  void aTakeoverIsOneEventOfTheNewSession() throws IOException {
    try (TestServer server = TestServer.start();
        Peer first = server.connect();
        Peer second = server.connect()) {
      first.register("twin");
      Frame.Registered terms = second.register("twin");
      assertThat(typesOf(server, "twin")).containsExactly(EventType.ONLINE, EventType.REPLACED);
      assertThat(server.events().getLast().session()).isEqualTo(terms.epoch());
    }
  }

  @Test
  void sixtyPerCentOfAGroupThatFallSilentAreOneEventAndTheRestIsUnaffected() throws Exception {
    try (TestServer server =
        TestServer.start(
            "heartbeat.interval = 1 s",
            "heartbeat.timeout = 3 s",
            "presence.mass-loss.nodes = 1000000")) {
      List<Peer> silent = new ArrayList<>();
      List<Peer> well = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        Peer node = server.connect();
        node.register(inGroup("n" + i, i < 80 ? "rack" : "other"));
        (i < 60 ? silent : well).add(node);
      }
      Thread beats = beat(well);
      TestServer.await(
          () -> server.nodes().in(NodeState.OFFLINE) == 60,
          () -> "states " + server.table().groups());
      beats.interrupt();
      beats.join();
      List<NodeEvent> losses = ofType(server, EventType.MASS_LOSS);
      assertThat(losses).hasSize(1);
      assertThat(losses.getFirst().group()).isEqualTo("rack");
      assertThat(losses.getFirst().cause()).isEqualTo(Cause.TIMEOUT);
      assertThat(losses.getFirst().detail()).contains("rack ").contains("DISCONNECTED: 0");
      assertThat(server.nodes().held.sum()).isEqualTo(60);
      assertThat(server.nodes().timedOut.sum()).isEqualTo(60);
      // The few that were suspect before it was clear that it is a loss of many; then no more.
      assertThat(ofType(server, EventType.SUSPECT).size()).isLessThanOrEqualTo(55);
      for (int i = 60; i < 100; i++) {
        assertThat(server.status("n" + i).state()).isEqualTo(NodeState.ONLINE);
      }
      Map<NodeState, Long> rack = server.table().groups().get("rack");
      assertThat(rack).containsEntry(NodeState.OFFLINE, 60L).containsEntry(NodeState.ONLINE, 20L);
      for (Peer node : silent) {
        node.close();
      }
      for (Peer node : well) {
        node.close();
      }
    }
  }

  private static Thread beat(List<Peer> nodes) {
    return Thread.startVirtualThread(() -> {
      try {
        while (!Thread.currentThread().isInterrupted()) {
          for (Peer node : nodes) {
            node.send(Frame.HeartbeatRequest.PLAIN);
          }
          LockSupport.parkNanos(200_000_000);
        }
      } catch (IOException over) {
        // The test is.
      }
    });
  }

  @Test
  void theHeldThatAreHeardAgainAreOnlineAndNobodyIsLost() throws Exception {
    try (TestServer server =
        TestServer.start(
            "heartbeat.interval = 1 s",
            "heartbeat.timeout = 3 s",
            "presence.mass-loss { nodes = 10, hold = 10, release = 10 }")) {
      List<Peer> nodes = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        Peer node = server.connect();
        node.register("n" + i);
        nodes.add(node);
      }
      TestServer.await(
          () -> server.nodes().in(NodeState.HELD) == 40,
          () -> "held " + server.nodes().in(NodeState.HELD));
      for (Peer node : nodes) {
        node.send(Frame.HeartbeatRequest.PLAIN);
      }
      TestServer.await(
          () -> server.nodes().in(NodeState.ONLINE) == 40,
          () -> "online " + server.nodes().in(NodeState.ONLINE));
      assertThat(ofType(server, EventType.MASS_LOSS)).hasSize(1);
      assertThat(ofType(server, EventType.OFFLINE)).isEmpty();
      assertThat(ofType(server, EventType.ONLINE)).hasSize(80);
      for (Peer node : nodes) {
        node.close();
      }
    }
  }
}
