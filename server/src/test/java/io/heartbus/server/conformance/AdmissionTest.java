package io.heartbus.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.server.connection.CloseReason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Tokens, what interval a node gets, and who is asked to come back later. */
class AdmissionTest {
  private static final long MOST_MS = 0xFFFF_FFFFL;

  @Test
  @DisplayName("row 18: only the token opens the door")
  void onlyTheTokenOpensTheDoor() throws IOException {
    try (TestServer server = TestServer.start("auth.token = \"pässword\"");
        Peer node = server.connect()) {
      for (String wrong : List.of("", "p", "pässwor", "pässwordx", "passwort", "PÄSSWORD")) {
        refuse(server, RawRegister.of("thief").auth(wrong), ErrorCode.AUTH_FAILED);
      }
      refuse(server, RawRegister.of("thief").auth(new byte[2048]), ErrorCode.AUTH_FAILED);
      refuse(server, RawRegister.of("thief").auth(new byte[2049]), ErrorCode.AUTH_FAILED);
      // The id is judged before the token, so that a typing error is not taken for a theft.
      refuse(server, RawRegister.of("a\nb").auth("no"), ErrorCode.NODE_ID_INVALID);
      assertThat(server.nodes().known()).isZero();
      node.register(RawRegister.of("owner").auth("pässword"));
    }
  }

  @Test
  @DisplayName("row 18: without a token in the settings any is welcome, but none over 2048 bytes")
  void withoutATokenInTheSettingsAnyIsWelcome() throws IOException {
    try (TestServer server = TestServer.start();
        Peer node = server.connect()) {
      refuse(server, RawRegister.of("heavy").auth(new byte[2049]), ErrorCode.AUTH_FAILED);
      node.register(RawRegister.of("light").auth(new byte[2048]));
    }
  }

  private static void refuse(TestServer server, RawRegister register, ErrorCode code)
      throws IOException {
    try (Peer stranger = server.connect()) {
      stranger.send(register.frame()).expectFatal(code);
    }
  }

  @Test
  @DisplayName("row 27: a node gets the interval and timeout it asks for, within floors and caps")
  void aNodeGetsTheIntervalAndTimeoutItAsksForWithinFloorsAndCaps() throws IOException {
    try (TestServer server =
        TestServer.start(
            "heartbeat { interval = 2 s, timeout = 7 s, min-interval = 100 ms, min-timeout = 1 s }",
            "heartbeat { max-interval = 1 m, max-timeout = 4 m }")) {
      assertThat(paceFor(server, 0, 0)).isEqualTo(new Frame.Pace(2_000, 7_000));
      assertThat(paceFor(server, 1, 1)).isEqualTo(new Frame.Pace(100, 1_000));
      assertThat(paceFor(server, MOST_MS, MOST_MS)).isEqualTo(new Frame.Pace(60_000, 240_000));
      assertThat(paceFor(server, 3_000, 0)).isEqualTo(new Frame.Pace(3_000, 9_000));
      assertThat(paceFor(server, 0, 10_000)).isEqualTo(new Frame.Pace(2_000, 10_000));
      assertThat(paceFor(server, 5_000, 5_000)).isEqualTo(new Frame.Pace(5_000, 15_000));
      assertThat(paceFor(server, 100, 0)).isEqualTo(new Frame.Pace(100, 7_000));
      assertThat(paceFor(server, MOST_MS, 1)).isEqualTo(new Frame.Pace(60_000, 180_000));
    }
  }

  private static Frame.Pace paceFor(TestServer server, long intervalMs, long timeoutMs)
      throws IOException {
    try (Peer node = server.connect()) {
      return node.register(
              RawRegister.of(intervalMs + "/" + timeoutMs).asking(intervalMs, timeoutMs))
          .pace();
    }
  }

  @Test
  @DisplayName("row 27: with more nodes than the server wants beats the interval grows")
  void withMoreNodesThanTheServerWantsBeatsTheIntervalGrows() throws IOException {
    try (TestServer server = TestServer.start("heartbeat.max-per-second = 2");
        Peer first = server.connect();
        Peer second = server.connect();
        Peer third = server.connect()) {
      first.register(RawRegister.of("first").asking(50, 0));
      second.register(RawRegister.of("second").asking(50, 0));
      Frame.Registered terms = third.register(RawRegister.of("third").asking(50, 150));
      assertThat(terms.pace().intervalMs()).isEqualTo(1_500);
      assertThat(terms.pace().timeoutMs()).isEqualTo(4_500);
    }
  }

  @Test
  @DisplayName("the phases of the first beats are spread over the interval")
  void thePhasesOfTheFirstBeatsAreSpreadOverTheInterval() throws IOException {
    try (TestServer server = TestServer.start()) {
      Set<Long> thirds = new HashSet<>();
      for (int i = 0; i < 60; i++) {
        try (Peer node = server.connect()) {
          long phaseMs = node.register("phase-" + i).heartbeatPhaseMs();
          assertThat(phaseMs).isBetween(0L, 9_999L);
          thirds.add(phaseMs / 3_334);
        }
      }
      assertThat(thirds).containsExactlyInAnyOrder(0L, 1L, 2L);
    }
  }

  @Test
  @DisplayName("row 58: over the limit on connections a newcomer is told when to come back")
  void overTheLimitOnConnectionsANewcomerIsToldWhenToComeBack() throws IOException {
    try (TestServer server = TestServer.start("limits.max-connections = 1");
        Peer first = server.connect()) {
      first.register("inside");
      assertThat(retriesMs(server)).hasSizeGreaterThan(1);
      first.fence().send(RawFrame.of(RawFrame.UNREGISTER)).expect(new Frame.Unregister(0));
      first.expectEnd();
      first.hangUp();
      // A place is free when the last of them is gone from the server's side, too.
      TestServer.await(() -> letIn(server, "next"), () -> "the place was never free again");
    }
  }

  private static boolean letIn(TestServer server, String id) {
    try (Peer node = server.connect()) {
      return node.send(RawRegister.of(id).frame()).next() instanceof Frame.Registered;
    } catch (IOException refused) {
      return false;
    }
  }

  /** What ten newcomers in a row are told. */
  private static Set<Long> retriesMs(TestServer server) throws IOException {
    Set<Long> retriesMs = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      try (Peer next = server.connect()) {
        Frame.Fault fault = next.expectFatal(ErrorCode.SERVER_BUSY);
        assertThat(fault.retryAfterMs()).isGreaterThanOrEqualTo(1_000);
        retriesMs.add(fault.retryAfterMs());
      }
    }
    return retriesMs;
  }

  @Test
  @DisplayName("row 58: who is over the limit is never let in, however fast its REGISTER comes")
  void whoIsOverTheLimitIsNeverLetInHoweverFastItsRegisterComes() throws IOException {
    try (TestServer server = TestServer.start("limits.max-connections = 1");
        Peer first = server.connect()) {
      first.register("inside");
      for (int i = 0; i < 300; i++) {
        try (Peer next = server.connect()) {
          next.send(RawRegister.of("inside").frame()).expectFatal(ErrorCode.SERVER_BUSY);
        }
      }
      first.fence();
      assertThat(server.nodes().registered.sum()).isEqualTo(1);
      assertThat(server.closed(CloseReason.SERVER_BUSY)).isEqualTo(300);
    }
  }

  @Test
  @DisplayName("row 58: of a crowd over the limit each is told why, also when too many linger")
  void ofACrowdOverTheLimitEachIsToldWhyAlsoWhenTooManyLinger() throws IOException {
    int crowd = 1_200;
    List<Peer> peers = new ArrayList<>();
    try (TestServer server = TestServer.start("limits.max-connections = 1")) {
      for (int i = 0; i <= crowd; i++) {
        peers.add(server.connect());
      }
      for (Peer peer : peers.subList(1, peers.size())) {
        peer.expectFatal(ErrorCode.SERVER_BUSY);
      }
      assertThat(server.counts().rejected(ErrorCode.SERVER_BUSY).sum()).isEqualTo(crowd);
      assertThat(server.counts().errors(ErrorCode.SERVER_BUSY).sum()).isEqualTo(crowd);
    } finally {
      for (Peer peer : peers) {
        peer.close();
      }
    }
  }

  @Test
  @DisplayName("row 58: over the limit of its address a newcomer is told when to come back")
  void overTheLimitOfItsAddressANewcomerIsToldWhenToComeBack() throws IOException {
    try (TestServer server = TestServer.start("limits.max-connections-per-ip = 2");
        Peer first = server.connect();
        Peer second = server.connect()) {
      first.register("one");
      second.register("two");
      retriesMs(server);
      second.hangUp();
      TestServer.await(() -> letIn(server, "three"), () -> "the place was never free again");
    }
  }

  @Test
  @DisplayName("row 58: registrations over the rate are told when to come back")
  void registrationsOverTheRateAreToldWhenToComeBack() throws IOException {
    try (TestServer server = TestServer.start("limits.registrations-per-second = 2")) {
      List<Frame> answers = new ArrayList<>();
      long startNanos = System.nanoTime();
      for (int i = 0; i < 20; i++) {
        try (Peer node = server.connect()) {
          answers.add(node.send(RawRegister.of("n" + i).frame()).next());
        }
      }
      long seconds = (System.nanoTime() - startNanos) / 1_000_000_000;
      List<Frame> let = answers.stream().filter(Frame.Registered.class::isInstance).toList();
      // A burst of one second's worth, and then what comes in per second.
      assertThat(let.size()).isBetween(2, 2 + 2 * (int) (seconds + 1));
      for (Frame answer : answers) {
        if (answer instanceof Frame.Fault fault) {
          assertThat(fault.error()).isEqualTo(ErrorCode.SERVER_BUSY);
          assertThat(fault.retryAfterMs()).isGreaterThanOrEqualTo(1_000);
        }
      }
      assertThat(server.counts().rejected(ErrorCode.SERVER_BUSY).sum()).isEqualTo(20 - let.size());
    }
  }
}
