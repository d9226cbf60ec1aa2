package io.heartbus.server.conformance;

import static io.heartbus.server.conformance.RawFrame.join;
import static io.heartbus.server.conformance.RawFrame.u16;
import static io.heartbus.server.conformance.RawFrame.u32;
import static io.heartbus.server.conformance.RawFrame.u64;
import static io.heartbus.server.conformance.RawFrame.u8;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Frame;
import io.heartbus.server.connection.CloseReason;
import io.heartbus.server.node.NodeState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Peers that say anything, in any order, and leave in any way, many at a time. Whatever they do is
 * answered with a typed error or not at all, and when they are gone every count is back where it
 * was.
 */
class ChaosTest {
  private static final int PEERS = 30;
  private static final int VISITS = 12;

  private static final String[] NAMES = {"echo", "discard", "nowhere", "default", ""};

  @ParameterizedTest
  @DisplayName("whatever peers say, it ends in a typed error, and the counts balance")
  @ValueSource(longs = {1, 2})
  void whateverPeersSayItEndsInATypedErrorAndTheCountsBalance(long seed) throws Exception {
    try (Log log = new Log();
        TestServer server =
            TestServer.start(
                "limits { register-timeout = 500 ms, frame-timeout = 500 ms, takeovers = 0 }");
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Void>> peers = new ArrayList<>();
      SplittableRandom random = new SplittableRandom(seed);
      for (int i = 0; i < PEERS; i++) {
        SplittableRandom own = random.split();
        peers.add(() -> visits(server, own));
      }
      for (Future<Void> peer : threads.invokeAll(peers, 60, TimeUnit.SECONDS)) {
        peer.get();
      }
      TestServer.await(
          () -> server.connections() == 0, () -> server.connections() + " connections are left");
      assertThat(server.nodes().live()).as("seed %d", seed).isZero();
      assertThat(server.nodes().in(NodeState.SUSPECT)).isZero();
      assertThat(closed(server)).as("seed %d", seed).isEqualTo(server.counts().accepted.sum());
      assertThat(server.closed(CloseReason.INTERNAL)).as("seed %d", seed).isZero();
      TestServer.await(() -> server.channels().counts().open.get() == 0, () -> "channels are left");
      TestServer.await(
          () ->
              server.channels().counts().queuedMessages.sum() == 0
                  && server.channels().bufferedBytes() == 0,
          () -> server.channels().bufferedBytes() + " bytes are left in queues");
      assertThat(log.alarms()).as("seed %d", seed).isEmpty();
      try (Peer sane = server.connect()) {
        sane.register("sane");
        sane.send(Frame.HeartbeatRequest.PLAIN).expect(Frame.HeartbeatResponse.PLAIN);
      }
    }
  }

  private static long closed(TestServer server) {
    long sum = 0;
    for (CloseReason reason : CloseReason.values()) {
      sum += server.closed(reason);
    }
    return sum;
  }

  private static Void visits(TestServer server, SplittableRandom random) throws IOException {
    for (int i = 0; i < VISITS; i++) {
      try (Peer peer = server.connect()) {
        talk(peer, random);
        leave(peer, random);
      }
    }
    return null;
  }

  private static void talk(Peer peer, SplittableRandom random) throws IOException {
    try {
      if (random.nextInt(10) > 0) {
        peer.send(RawRegister.of("n" + random.nextInt(20)).asking(100, 300).frame());
      }
      int frames = random.nextInt(30);
      for (int i = 0; i < frames; i++) {
        byte[] frame = frame(random);
        if (random.nextInt(40) == 0) {
          frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
        }
        peer.send(random.nextInt(60) == 0 ? RawFrame.head(frame, frame.length / 2) : frame);
      }
    } catch (IOException cutOff) {
      // The server has had enough already; why, is still to be read.
    }
  }

  private static byte[] frame(SplittableRandom random) {
    byte[] payload = new byte[random.nextInt(300)];
    random.nextBytes(payload);
    byte[] channel = u32(random.nextInt(12));
    byte[] name = NAMES[random.nextInt(NAMES.length)].getBytes(StandardCharsets.UTF_8);
    return switch (random.nextInt(14)) {
      case 0 -> RawFrame.of(RawFrame.HEARTBEAT_REQ);
      case 1 -> RawFrame.of(RawFrame.HEARTBEAT_REQ, u64(random.nextLong()));
      case 2, 3, 4 -> RawFrame.of(RawFrame.DATA, join(channel, u8(random.nextInt(8) & 5), payload));
      case 5 -> RawFrame.of(RawFrame.PING, u64(random.nextLong()));
      case 6, 7, 8 ->
          RawFrame.of(
              RawFrame.CHANNEL_OPEN,
              join(channel, u32(random.nextBoolean() ? 0 : 4096), u8(0), u8(name.length), name));
      case 9 -> RawFrame.of(RawFrame.CHANNEL_CLOSE, join(channel, u16(random.nextInt(2))));
      case 10 -> RawFrame.of(RawFrame.CREDIT, join(channel, u32(random.nextInt(5_000))));
      case 11 -> RawFrame.of(0x40 + random.nextInt(64), payload);
      case 12 ->
          RawFrame.of(
              RawFrame.ERROR,
              join(u16(0x0306), u8(random.nextInt(3)), u8(0), channel, u32(0), u16(0)));
      default -> RawFrame.of(RawFrame.ACK, join(channel, u64(random.nextLong())));
    };
  }

  private static void leave(Peer peer, SplittableRandom random) throws IOException {
    switch (random.nextInt(5)) {
      case 0 -> peer.hangUp();
      case 1 -> peer.reset();
      case 2 -> {
        peer.halfClose();
        listenToTheEnd(peer);
      }
      case 3 -> {
        try {
          peer.send(RawFrame.of(RawFrame.UNREGISTER));
        } catch (IOException cutOff) {
          // As above.
        }
        listenToTheEnd(peer);
      }
      default -> {
        // Silence, until the server is tired of it.
        listenToTheEnd(peer);
      }
    }
  }

  /** Every frame is a legal one, and behind a fatal error there is none. */
  private static void listenToTheEnd(Peer peer) throws IOException {
    try {
      Frame frame = peer.next();
      boolean fatal = false;
      while (frame != null) {
        assertThat(fatal).as("%s came behind a fatal error", frame).isFalse();
        fatal = frame instanceof Frame.Fault fault && fault.scope() == Frame.Scope.CONNECTION;
        frame = peer.next();
      }
    } catch (IOException reset) {
      // It sent on while the server closed.
      assertThat(reset).hasMessageContaining("reset");
    }
  }
}
