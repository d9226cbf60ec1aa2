package io.heartbus.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.server.connection.CloseReason;
import io.heartbus.server.node.Cause;
import io.heartbus.server.node.EventType;
import io.heartbus.server.node.Node;
import io.heartbus.server.node.NodeEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What keeps a legacy node out, and what ends its visit, in the numbers of HBP/1. */
class LegacyLimitsTest {
  private static final String QUICK = "heartbeat { interval = 100 ms, timeout = 600 ms }";

  @Test
  @DisplayName("silence is 408 at the timeout and not before, and no PING comes ahead of it")
  void silenceIs408AtTheTimeoutAndNotBefore() throws IOException {
    try (TestServer server = TestServer.start(QUICK);
        LegacyPeer php = LegacyPeer.connect(server)) {
      php.register("php-silent", "[]");
      long startNanos = System.nanoTime();
      php.send(RawFrame.HEARTBEAT_REQ, "{\"timestamp\":1}").expect(RawFrame.HEARTBEAT_RES);
      // HBP/1 does not know a PING from the server, so nothing may come in between.
      php.expectError(408).expectEnd();
      assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(600_000_000L);
      assertThat(server.status("php-silent").cause()).isEqualTo(Cause.TIMEOUT);
      assertThat(server.nodes().timedOut.sum()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("any frame of a legacy node is life")
  void anyFrameOfALegacyNodeIsLife() throws IOException {
    try (TestServer server = TestServer.start("heartbeat { interval = 150 ms, timeout = 60 s }");
        LegacyPeer php = LegacyPeer.connect(server)) {
      php.register("php-alive", "[]");
      List<EventType> told = new ArrayList<>(List.of(EventType.ONLINE, EventType.SUSPECT));
      awaitEvents(server, told);
      for (int type : new int[] {RawFrame.DATA, RawFrame.PING, RawFrame.HEARTBEAT_REQ}) {
        long startNanos = System.nanoTime();
        php.send(type, 1, "{}");
        // It is back, and two intervals pass before it is doubted again.
        told.addAll(List.of(EventType.ONLINE, EventType.SUSPECT));
        awaitEvents(server, told);
        assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(300_000_000L);
      }
    }
  }

  private static void awaitEvents(TestServer server, List<EventType> types) {
    TestServer.await(
        () -> server.events().stream().map(NodeEvent::type).toList().equals(types),
        () -> "the server told " + server.events() + ", not " + types);
  }

  @Test
  @DisplayName("a half-sent REGISTER of HBP/1 runs into the timeout, half a frame later into 408")
  void halfAFrameRunsIntoATimeout() throws IOException {
    try (TestServer server = TestServer.start("limits.frame-timeout = 150 ms");
        LegacyPeer php = LegacyPeer.connect(server)) {
      php.register("php-half", "[]");
      php.sendRaw(RawFrame.header(RawFrame.DATA, 100)).expectError(408).expectEnd();
      assertThat(server.closed(CloseReason.FRAME_TIMEOUT)).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("with HBP/1 turned off, a brace is an unsupported version")
  void withHbp1TurnedOffABraceIsAnUnsupportedVersion() throws IOException {
    try (TestServer server = TestServer.start("legacy.enabled = false");
        Peer php = server.connect();
        Peer node = server.connect()) {
      php.send(RawFrame.of(RawFrame.REGISTER, (byte) '{', (byte) '}'));
      assertThat(php.expectFatal(ErrorCode.UNSUPPORTED_VERSION).message()).contains("2");
      node.register("modern");
    }
  }

  @Test
  @DisplayName("the token comes as metadata, decides, and is never stored")
  void theTokenComesAsMetadataDecidesAndIsNeverStored() throws IOException {
    try (TestServer server = TestServer.start("auth.token = \"s3cret\"");
        LegacyPeer without = LegacyPeer.connect(server);
        LegacyPeer wrong = LegacyPeer.connect(server);
        LegacyPeer right = LegacyPeer.connect(server);
        Peer hbp2 = server.connect()) {
      without.sendRegister("php-out", "[]").expectError(401).expectEnd();
      wrong.sendRegister("php-out", "{\"token\":\"S3cret\"}").expectError(401).expectEnd();
      assertThat(server.find("php-out")).isNull();
      right.register("php-in", "{\"token\":\"s3cret\",\"os\":\"linux\"}");
      Node known = Objects.requireNonNull(server.find("php-in"));
      assertThat(known.metadata()).isEqualTo(Map.of("os", "linux"));
      hbp2.register(RawRegister.of("hbp2-in").auth("s3cret"));
    }
  }

  @Test
  @DisplayName("rows 44, 48: too many PINGs are warned with 429 once, and ended with it later")
  void tooManyPingsAreWarnedWith429OnceAndEndedWithItLater() throws IOException {
    int budget = 20 + 2 * 3;
    try (TestServer server = TestServer.start("limits.control-frames = 20");
        LegacyPeer php = LegacyPeer.connect(server)) {
      php.register("php-floods", "[]");
      for (int i = 0; i < budget; i++) {
        php.fence();
      }
      int pongs = 0;
      int warnings = 0;
      php.send(RawFrame.PING, "");
      for (int i = 0; i < 2; i++) {
        if (php.next().type() == RawFrame.PONG) {
          pongs++;
        } else {
          warnings++;
        }
      }
      assertThat(pongs).isEqualTo(1);
      assertThat(warnings).isEqualTo(1);
      for (int i = budget + 1; i < 2 * budget; i++) {
        php.fence();
      }
      php.send(RawFrame.PING, "").expectError(429).expectEnd();
    }
  }

  @Test
  @DisplayName("what no longer fits into the queue of its channel is dropped, and answered 429")
  void whatNoLongerFitsIntoTheQueueOfItsChannelIsDropped() throws IOException {
    try (TestServer server =
            TestServer.start(
                "channel.routes = [ { match = default, handler = hold, queue-size = 3 } ]");
        LegacyPeer php = LegacyPeer.connect(server)) {
      php.register("php-overflows", "[]");
      for (int i = 0; i < 3; i++) {
        php.send(RawFrame.DATA, 1, "kept").fence();
      }
      // One may have left the queue for the consumer's hands.
      php.send(RawFrame.DATA, 1, "kept or dropped");
      for (int i = 0; i < 5; i++) {
        php.send(RawFrame.DATA, 1, "dropped");
      }
      php.send(RawFrame.PING, "");
      int refusals = 0;
      LegacyPeer.Message answer = php.next();
      while (answer.type() == RawFrame.ERROR) {
        assertThat(answer.number("code")).isEqualTo(429);
        refusals++;
        answer = php.next();
      }
      assertThat(answer.type()).isEqualTo(RawFrame.PONG);
      assertThat(refusals).isBetween(5, 6);
      assertThat(server.channels().counts().dropped.sum()).isEqualTo(refusals);
      php.fence();
    }
  }

  @Test
  @DisplayName("an id that changes hands too often is 429")
  void anIdThatChangesHandsTooOftenIs429() throws IOException {
    try (TestServer server = TestServer.start("limits.takeovers = 1");
        LegacyPeer first = LegacyPeer.connect(server);
        LegacyPeer second = LegacyPeer.connect(server);
        LegacyPeer third = LegacyPeer.connect(server)) {
      first.register("php-flaps", "[]");
      second.register("php-flaps", "[]");
      third.sendRegister("php-flaps", "[]").expectError(429).expectEnd();
      second.fence();
    }
  }

  @Test
  @DisplayName("registrations over the rate are 503")
  void registrationsOverTheRateAre503() throws IOException {
    try (TestServer server = TestServer.start("limits.registrations-per-second = 1")) {
      LegacyPeer.Message answer;
      int tries = 0;
      do {
        try (LegacyPeer php = LegacyPeer.connect(server)) {
          answer = php.sendRegister("php-" + tries, "[]").next();
        }
        tries++;
      } while (answer.type() == RawFrame.REGISTER && tries < 100);
      assertThat(answer.type()).isEqualTo(RawFrame.ERROR);
      assertThat(answer.number("code")).isEqualTo(503);
    }
  }

  @Test
  @DisplayName("row 56: a drain says nothing to a legacy node until it is closed with 503")
  void aDrainSaysNothingToALegacyNodeUntilItIsClosedWith503() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        TestServer server = TestServer.start("drain.window = 300 ms");
        LegacyPeer php = LegacyPeer.connect(server);
        Peer node = server.connect()) {
      php.register("php-stays", "[]");
      node.register("hbp2-goes");
      long startNanos = System.nanoTime();
      Future<?> drained =
          threads.submit(() -> {
            server.server().drain();
            return null;
          });
      node.expect(Frame.GoAway.class);
      node.hangUp();
      php.expectError(503).expectEnd();
      assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(300_000_000L);
      php.hangUp();
      drained.get(Peer.PATIENCE_MS, TimeUnit.MILLISECONDS);
      assertThat(server.status("php-stays").cause()).isEqualTo(Cause.DRAINED);
    }
  }
}
