package io.heartbus.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import io.heartbus.server.connection.CloseReason;
import io.heartbus.server.node.Cause;
import io.heartbus.server.node.Node;
import io.heartbus.server.node.NodeState;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** One node id, several connections: who is the node, and what happens to the others. */
class SessionTest {
  private static final int CROWD = 100;
  private static final long LAST_EPOCH_MAX = (1L << 53) - (1L << 32);

  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.start("limits { takeovers = 3, control-frames = 0 }");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private long epoch(String id) {
    return Objects.requireNonNull(server.find(id)).epoch();
  }

  @Test
  @DisplayName("row 20: a second REGISTER is fatal, and ends the session once")
  void aSecondRegisterIsFatalAndEndsTheSessionOnce() throws IOException {
    try (Peer node = server.connect()) {
      node.register("twice");
      node.send(RawRegister.of("twice").frame()).expectFatal(ErrorCode.ALREADY_REGISTERED);
      server.awaitState("twice", NodeState.OFFLINE);
      assertThat(server.status("twice").cause()).isEqualTo(Cause.PROTOCOL_ERROR);
      assertThat(server.nodes().registered.sum()).isEqualTo(1);
      assertThat(server.nodes().known()).isEqualTo(1);
    }
    try (Peer node = server.connect()) {
      node.register("twice at once");
      // The state comes before the limit.
      node.send(RawFrame.header(RawFrame.REGISTER, 0xFFFF_FFFFL));
      node.expectFatal(ErrorCode.ALREADY_REGISTERED);
    }
  }

  @Test
  @DisplayName("row 21: a second connection takes the session over, with a higher epoch")
  void aSecondConnectionTakesTheSessionOverWithAHigherEpoch() throws IOException {
    try (Peer old = server.connect();
        Peer young = server.connect()) {
      Frame.Registered first = old.register("one");
      assertThat(first.flags()).isZero();
      Frame.Registered second = young.register("one");
      assertThat(second.flags()).isEqualTo(Wire.ANSWER_TOOK_OVER);
      assertThat(second.epoch()).isGreaterThan(first.epoch());
      old.expectFatal(ErrorCode.SESSION_TAKEN_OVER);
      young.fence();
      assertThat(epoch("one")).isEqualTo(second.epoch());
      assertThat(server.nodes().known()).isEqualTo(1);
      assertThat(server.nodes().replaced.sum()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("row 22: whatever the old connection does, the new session is not touched by it")
  void whateverTheOldConnectionDoesTheNewSessionIsNotTouchedByIt() throws IOException {
    List<Peer> past = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Peer old = server.connect();
      old.register("heir");
      past.add(old);
    }
    try (Peer young = server.connect()) {
      Frame.Registered terms = young.register("heir");
      past.get(0).hangUp();
      past.get(1).reset();
      // UNREGISTER on a connection that was taken over means nothing any more.
      past.get(2).send(RawFrame.of(RawFrame.UNREGISTER)).expectFatal(ErrorCode.SESSION_TAKEN_OVER);
      past.get(2).hangUp();
      TestServer.await(
          () -> server.closed(CloseReason.SESSION_TAKEN_OVER) == 3,
          () -> "three connections should have been taken over");
      young.fence();
      assertThat(server.status("heir").state()).isEqualTo(NodeState.ONLINE);
      assertThat(epoch("heir")).isEqualTo(terms.epoch());
      assertThat(server.nodes().in(NodeState.OFFLINE)).isZero();
      assertThat(server.nodes().live()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("row 22: the timeout of the old connection does not end the new session")
  void theTimeoutOfTheOldConnectionDoesNotEndTheNewSession() throws IOException {
    try (Peer old = server.connect();
        Peer young = server.connect()) {
      old.register(RawRegister.of("slow").asking(500, 1_000));
      young.register("slow");
      old.expectFatal(ErrorCode.SESSION_TAKEN_OVER);
      long startNanos = System.nanoTime();
      while (System.nanoTime() - startNanos < 1_300_000_000) {
        young.fence();
        TestServer.pause();
      }
      assertThat(server.status("slow").state()).isEqualTo(NodeState.ONLINE);
      assertThat(server.nodes().timedOut.sum()).isZero();
    }
  }

  @Test
  @DisplayName("row 23: of a hundred REGISTERs of one id at once one survives, the last epoch")
  void ofAHundredRegistersOfOneIdAtOnceOneSurvives() throws Exception {
    try (TestServer open = TestServer.start("limits.takeovers = 0");
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CyclicBarrier together = new CyclicBarrier(CROWD);
      List<Callable<Visit>> visits =
          Stream.generate(() -> visit(open, together)).limit(CROWD).toList();
      List<Visit> ended = new ArrayList<>();
      for (Future<Visit> visit : threads.invokeAll(visits, 60, TimeUnit.SECONDS)) {
        ended.add(visit.get());
      }
      assertThat(ended.stream().map(Visit::epoch)).doesNotHaveDuplicates();
      long last = ended.stream().mapToLong(Visit::epoch).max().orElseThrow();
      for (Visit visit : ended) {
        assertThat(visit.survived()).isEqualTo(visit.epoch() == last);
      }
      assertThat(ended.stream().filter(visit -> !visit.tookOver())).hasSize(1);
      assertThat(Objects.requireNonNull(open.find("popular")).epoch()).isEqualTo(last);
      assertThat(open.nodes().registered.sum()).isEqualTo(CROWD);
      assertThat(open.nodes().replaced.sum()).isEqualTo(CROWD - 1);
      assertThat(open.closed(CloseReason.SESSION_TAKEN_OVER)).isEqualTo(CROWD - 1);
      // The survivor has hung up by the end of its visit.
      open.awaitState("popular", NodeState.OFFLINE);
      assertThat(open.nodes().known()).isEqualTo(1);
    }
  }

  private record Visit(long epoch, boolean tookOver, boolean survived) {}

  private static Callable<Visit> visit(TestServer server, CyclicBarrier together) {
    return () -> {
      try (Peer node = server.connect()) {
        together.await(30, TimeUnit.SECONDS);
        Frame.Registered terms = node.register("popular");
        TestServer.await(
            () -> server.nodes().registered.sum() == CROWD, () -> "not all were let in");
        Node current = Objects.requireNonNull(server.find("popular"));
        boolean survived = current.epoch() == terms.epoch();
        if (survived) {
          node.fence();
        } else {
          node.expectFatal(ErrorCode.SESSION_TAKEN_OVER);
        }
        // Nobody may leave before the last has seen who is there.
        together.await(30, TimeUnit.SECONDS);
        return new Visit(terms.epoch(), (terms.flags() & Wire.ANSWER_TOOK_OVER) != 0, survived);
      }
    };
  }

  @Test
  @DisplayName("row 25: an id that changes hands too often is kept by the one who has it")
  void anIdThatChangesHandsTooOftenIsKeptByTheOneWhoHasIt() throws IOException {
    try (Peer first = server.connect();
        Peer second = server.connect();
        Peer third = server.connect();
        Peer fourth = server.connect()) {
      for (Peer owner : List.of(first, second, third, fourth)) {
        owner.register("contested");
      }
      for (int i = 0; i < 5; i++) {
        try (Peer newcomer = server.connect()) {
          newcomer.send(RawRegister.of("contested").frame());
          Frame.Fault fault = newcomer.expectFatal(ErrorCode.FLAP_SUPPRESSED);
          assertThat(fault.retryAfterMs()).isBetween(1_000L, 60_000L);
        }
      }
      fourth.fence();
      assertThat(server.status("contested").state()).isEqualTo(NodeState.ONLINE);
      // It is that id's own trouble.
      try (Peer other = server.connect()) {
        other.register("uncontested");
      }
    }
  }

  @Test
  @DisplayName("a REGISTER that comes late changes nothing, whether the session is live or over")
  void aRegisterThatComesLateChangesNothing() throws IOException {
    try (Peer current = server.connect()) {
      Frame.Registered terms = current.register(RawRegister.of("process").process(7, 5));
      comesLate(RawRegister.of("process").process(7, 4));
      current.fence();
      current.hangUp();
      server.awaitState("process", NodeState.OFFLINE);
      comesLate(RawRegister.of("process").process(7, 4));
      comesLate(RawRegister.of("process").process(7, 0));
      assertThat(epoch("process")).isEqualTo(terms.epoch());
      assertThat(server.status("process").state()).isEqualTo(NodeState.OFFLINE);
    }
    for (RawRegister newer :
        List.of(
            RawRegister.of("process").process(7, 5),
            RawRegister.of("process").process(7, 6),
            RawRegister.of("process").process(8, 1),
            // The number is unsigned, and was at 1 a moment ago.
            RawRegister.of("process").process(8, 0xFFFF_FFFFL))) {
      try (Peer node = server.connect()) {
        node.register(newer);
        node.send(RawFrame.of(RawFrame.UNREGISTER)).expect(new Frame.Unregister(0));
      }
    }
    comesLate(RawRegister.of("process").process(8, 0x7FFF_FFFFL));
  }

  private void comesLate(RawRegister late) throws IOException {
    try (Peer ghost = server.connect()) {
      ghost.send(late.frame()).expectFatal(ErrorCode.SESSION_TAKEN_OVER);
    }
  }

  @Test
  @DisplayName("epochs rise with every registration, and over what the node remembers")
  void epochsRiseWithEveryRegistrationAndOverWhatTheNodeRemembers() throws IOException {
    long before = leave("fenced", RawRegister.of("fenced"));
    assertThat(leave("fenced", RawRegister.of("fenced"))).isGreaterThan(before);
    long claimed = 1L << 52;
    assertThat(leave("fenced", RawRegister.of("fenced").lastEpoch(claimed))).isEqualTo(claimed + 1);
    assertThat(leave("fenced", RawRegister.of("fenced"))).isEqualTo(claimed + 2);
    assertThat(leave("fenced", RawRegister.of("fenced").lastEpoch(5))).isEqualTo(claimed + 3);
    assertThat(leave("fenced", RawRegister.of("fenced").lastEpoch(LAST_EPOCH_MAX)))
        .isEqualTo(LAST_EPOCH_MAX + 1);
    // Another id has nothing to do with it.
    assertThat(leave("other", RawRegister.of("other"))).isLessThan(claimed);
  }

  private long leave(String id, RawRegister register) throws IOException {
    try (Peer node = server.connect()) {
      long epoch = node.register(register).epoch();
      node.send(RawFrame.of(RawFrame.UNREGISTER)).expect(new Frame.Unregister(0));
      server.awaitState(id, NodeState.OFFLINE);
      return epoch;
    }
  }

  @Test
  @DisplayName("an epoch is the wall clock in microseconds when nothing asks for more")
  void anEpochIsTheWallClockInMicroseconds() throws IOException {
    long beforeMicros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    long epoch = leave("plain", RawRegister.of("plain"));
    long afterMicros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    assertThat(epoch).isBetween(beforeMicros, afterMicros);
  }
}
