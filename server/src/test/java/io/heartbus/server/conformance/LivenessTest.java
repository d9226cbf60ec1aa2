package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawFrame.join;
import static io.heartbus.server.conformance.RawFrame.u32;
import static io.heartbus.server.conformance.RawFrame.u64;
import static io.heartbus.server.conformance.RawFrame.u8;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.server.connection.CloseReason;
import io.heartbus.server.node.Cause;
import io.heartbus.server.node.NodeState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Silence, from the outside. A verdict must never come early, so that is asserted to the
 * nanosecond; how late it comes depends on the machine, and is asserted on the server's own clock.
 */
class LivenessTest {
  private static final long NANOS_PER_MS = 1_000_000;
  private static final int NODES = 60;

  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.start("limits.control-frames = 0");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  @DisplayName("row 49: the silent are offline at their timeout, never before, and once")
  void theSilentAreOfflineAtTheirTimeoutNeverBeforeAndOnce() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Void>> visits = new ArrayList<>();
      for (int i = 0; i < NODES; i++) {
        String id = "silent-" + i;
        long timeoutMs = 150 + 10L * i;
        visits.add(() -> fallSilent(id, timeoutMs));
      }
      for (Future<Void> visit : threads.invokeAll(visits, 60, TimeUnit.SECONDS)) {
        visit.get();
      }
    }
    assertThat(server.nodes().in(NodeState.OFFLINE)).isEqualTo(NODES);
    assertThat(server.nodes().timedOut.sum()).isEqualTo(NODES);
    assertThat(server.closed(CloseReason.HEARTBEAT_TIMEOUT)).isEqualTo(NODES);
    // A check interval of 20 ms; the rest is the machine's.
    assertThat(server.nodes().detectionDelay.quantileMs(0.5)).isLessThanOrEqualTo(500);
    assertThat(server.nodes().detectionDelay.quantileMs(1)).isLessThanOrEqualTo(2_500);
  }

  private Void fallSilent(String id, long timeoutMs) throws IOException {
    try (Peer node = server.connect()) {
      long startNanos = System.nanoTime();
      // The beat comes with it: this thread may have to wait for a processor in between.
      node.send(
          RawRegister.of(id).asking(50, timeoutMs).frame(), RawFrame.of(RawFrame.HEARTBEAT_REQ));
      Frame.Registered terms = node.expect(Frame.Registered.class);
      assertThat(terms.pace().timeoutMs()).isEqualTo(timeoutMs);
      Frame last = node.nextButProbes();
      assertThat(last).isEqualTo(Frame.HeartbeatResponse.PLAIN);
      last = node.nextButProbes();
      long silenceNanos = System.nanoTime() - startNanos;
      assertThat(last).isInstanceOf(Frame.Fault.class);
      assertThat(((Frame.Fault) last).error()).isEqualTo(ErrorCode.HEARTBEAT_TIMEOUT);
      node.expectEnd();
      assertThat(silenceNanos).isGreaterThanOrEqualTo(timeoutMs * NANOS_PER_MS);
      assertThat(server.status(id).cause()).isEqualTo(Cause.TIMEOUT);
      return null;
    }
  }

  @Test
  @DisplayName("row 49: a suspect is probed once, after two intervals, and a PONG brings it back")
  void aSuspectIsProbedOnceAfterTwoIntervalsAndAPongBringsItBack() throws IOException {
    try (Peer node = server.connect()) {
      for (int i = 0; i < 3; i++) {
        long startNanos = System.nanoTime();
        if (i == 0) {
          node.register(RawRegister.of("suspect").asking(150, 60_000));
        } else {
          node.send(RawFrame.of(RawFrame.PONG));
        }
        // Only who was back is probed again; for how long it was nobody needs to have seen.
        Frame.Ping probe = node.expect(Frame.Ping.class);
        assertThat(probe.opaque()).isNull();
        assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(300 * NANOS_PER_MS);
        assertThat(server.status("suspect").state()).isEqualTo(NodeState.SUSPECT);
      }
      assertThat(server.nodes().live()).isEqualTo(1);
      // Had it been probed more often, there would be more than the answer to read.
      node.fence();
      assertThat(server.nodes().timedOut.sum()).isZero();
    }
  }

  @ParameterizedTest
  @DisplayName("row 47: any frame is life: only DATA, only PONGs, only skipped ones, only ACKs")
  @ValueSource(strings = {"DATA", "PONG", "skipped", "ACK"})
  void anyFrameIsLife(String kind) throws IOException {
    byte[] frame =
        switch (kind) {
          case "DATA" -> RawFrame.of(RawFrame.DATA, join(u32(1), u8(0), u8('x')));
          case "PONG" -> RawFrame.of(RawFrame.PONG, u64(1));
          case "skipped" -> RawFrame.of(0x66, u8(1));
          default -> RawFrame.of(RawFrame.ACK, join(u32(1), u64(1)));
        };
    try (Peer node = server.connect()) {
      node.register(RawRegister.of("lives").asking(150, 60_000));
      node.expect(Frame.Ping.class);
      long startNanos = System.nanoTime();
      node.send(frame);
      // It is back, and two intervals pass before it is probed again.
      node.expect(Frame.Ping.class);
      assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(300 * NANOS_PER_MS);
    }
  }

  @Test
  @DisplayName("bytes of a frame that is never whole are no life")
  void bytesOfAFrameThatIsNeverWholeAreNoLife() throws IOException {
    try (Peer node = server.connect()) {
      long startNanos = System.nanoTime();
      node.register(RawRegister.of("dribbles").asking(50, 300));
      node.send(RawFrame.header(0x55, 60_000));
      while (server.closed(CloseReason.HEARTBEAT_TIMEOUT) == 0) {
        node.send(u8(0));
        TestServer.pause();
        assertThat(System.nanoTime() - startNanos).isLessThan(Peer.PATIENCE_MS * NANOS_PER_MS);
      }
      assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(300 * NANOS_PER_MS);
      Frame fault = node.nextButProbes();
      assertThat(((Frame.Fault) fault).error()).isEqualTo(ErrorCode.HEARTBEAT_TIMEOUT);
    }
  }

  @Test
  @DisplayName("row 50: a node whose beat races the verdict has exactly one outcome")
  void aNodeWhoseBeatRacesTheVerdictHasExactlyOneOutcome() throws Exception {
    List<Cause> causes = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Cause>> visits = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        String id = "racing-" + i;
        // The verdict falls between T + 20 ms and T + 60 ms mostly, and so do many of these.
        long waitNanos = (200 + i * 90 / 200) * NANOS_PER_MS;
        visits.add(() -> race(id, waitNanos));
      }
      for (Future<Cause> visit : threads.invokeAll(visits, 60, TimeUnit.SECONDS)) {
        causes.add(visit.get());
      }
    }
    assertThat(List.of(Cause.LEFT, Cause.TIMEOUT)).containsAll(causes);
    assertThat(server.nodes().left.sum()).isEqualTo(Collections.frequency(causes, Cause.LEFT));
    assertThat(server.nodes().timedOut.sum())
        .isEqualTo(Collections.frequency(causes, Cause.TIMEOUT));
    assertThat(server.nodes().live()).isZero();
    assertThat(server.nodes().in(NodeState.OFFLINE)).isEqualTo(causes.size());
  }

  /** Beats once around its timeout, and leaves. Returns what the server says of it then. */
  private Cause race(String id, long waitNanos) throws IOException {
    try (Peer node = server.connect()) {
      node.register(RawRegister.of(id).asking(50, 200));
      long startNanos = System.nanoTime();
      while (System.nanoTime() - startNanos < waitNanos) {
        TestServer.pause();
      }
      try {
        node.send(
            RawFrame.of(RawFrame.HEARTBEAT_REQ, join(u32(1), u32(2))),
            RawFrame.of(RawFrame.UNREGISTER));
      } catch (IOException closed) {
        // The verdict has been spoken; what it was is still to be read.
        assertThat(server.status(id).cause()).isEqualTo(Cause.TIMEOUT);
      }
      Frame frame = node.nextButProbes();
      Cause cause = server.status(id).cause();
      if (frame instanceof Frame.HeartbeatResponse response) {
        assertThat(response.echo()).isEqualTo(new Frame.Stats(1, 2));
        node.expect(new Frame.Unregister(0)).expectEnd();
        assertThat(cause).as("of one who was answered").isEqualTo(Cause.LEFT);
      } else {
        assertThat(frame).isInstanceOf(Frame.Fault.class);
        assertThat(((Frame.Fault) frame).error()).isEqualTo(ErrorCode.HEARTBEAT_TIMEOUT);
        node.expectEnd();
        assertThat(cause).isEqualTo(Cause.TIMEOUT);
      }
      return cause;
    }
  }

  @Test
  @DisplayName("who was offline comes back as a new session")
  void whoWasOfflineComesBackAsANewSession() throws IOException {
    try (Peer first = server.connect();
        Peer second = server.connect()) {
      Frame.Registered old = first.register(RawRegister.of("phoenix").asking(50, 150));
      server.awaitState("phoenix", NodeState.OFFLINE);
      Frame.Registered terms = second.register("phoenix");
      assertThat(terms.flags()).as("nothing was taken over").isZero();
      assertThat(terms.epoch()).isGreaterThan(old.epoch());
      assertThat(server.status("phoenix").state()).isEqualTo(NodeState.ONLINE);
      assertThat(server.nodes().known()).isEqualTo(1);
    }
  }
}
