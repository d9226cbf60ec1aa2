package io.heartbus.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Processes of their own, with nodes that beat every 50 ms. */
@Timeout(120)
class OutpostTest {
  private static final int INTERVAL_MS = 50;
  private static final int FIRST = 100;
  private static final int NODES = 3;

  private final PresenceBook book = new PresenceBook("test-", FIRST + NODES);

  /** Beats by node, and connections that have ended. */
  private final Map<String, AtomicInteger> beats = new ConcurrentHashMap<>();

  private final AtomicInteger ended = new AtomicInteger();

  @Test
  void itsNodesBeatUntilItIsStoppedAndItsConnectionsEndWhenItIsKilled() throws Exception {
    try (FakeServer server = FakeServer.playing(this::count);
        Outpost outpost = Outpost.start(List.of(), FIRST, settings(server.target()), book)) {
      assertThat(server.registrations).as("before it was told to begin").isEmpty();
      outpost.begin();
      assertThat(server.registrations.stream().map(Frame.Register::nodeId))
          .containsExactlyInAnyOrder("test-100", "test-101", "test-102");
      await(() -> beats("test-100") > 3 && beats("test-101") > 3 && beats("test-102") > 3);
      assertThat(book.figures(System.nanoTime(), true).feed().absent()).isEqualTo(NODES);

      outpost.stop();
      awaitSilence(this::all);
      assertThat(ended).hasValue(0);

      outpost.kill();
      await(() -> ended.get() == NODES);
    }
  }

  @Test
  void aNodeThatIsCutOffIsNotHeardAndItsConnectionStaysOpen() throws Exception {
    try (FakeServer server = FakeServer.playing(this::count)) {
      InetSocketAddress loopback =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
      // Not assumeThat, whose proxies make the JVM warn of a method that is to go.
      String obstacle = Namespace.obstacle(List.of(loopback));
      assumeTrue(obstacle == null, obstacle);
      Namespace namespace = Namespace.unused(new Random());
      Map<Setting, String> settings = settings(namespace.hostAddress() + ":" + server.port());
      settings.put(Setting.SOURCES, namespace.nodeAddresses(NODES));
      try (Outpost outpost = Outpost.start(Namespace.WRAPPER, FIRST, settings, book);
          namespace) {
        namespace.join(outpost.pid(), NODES);
        outpost.begin();
        await(() -> beats("test-100") > 3 && beats("test-101") > 3);

        namespace.drop(1);
        awaitSilence(() -> beats("test-101"));
        int before = beats("test-101");
        int others = beats("test-100");
        await(() -> beats("test-100") > others + 20);
        assertThat(beats("test-101")).isEqualTo(before);
        assertThat(ended).hasValue(0);
      }
    }
  }

  @Test
  void aRefusalIsToldWithItsReason() throws Exception {
    FakeServer.Script script =
        peer -> {
          peer.awaitRegister();
          peer.refuse(ErrorCode.AUTH_FAILED, 0, "no");
          peer.linger();
        };
    try (FakeServer server = FakeServer.playing(script);
        Outpost outpost = Outpost.start(List.of(), FIRST, settings(server.target()), book)) {
      assertThatThrownBy(outpost::begin)
          .isInstanceOf(IOException.class)
          .hasMessage("ERROR AUTH_FAILED: no");
    }
  }

  @Test
  void aProcessThatCannotStartIsToldWithItsLastWords() {
    Map<Setting, String> settings = settings("127.0.0.1:1");
    assertThatThrownBy(() ->
            Outpost.start(
                List.of("sh", "-c", "echo no namespaces here; exit 1", "--"), 0, settings, book))
        .isInstanceOf(IOException.class)
        .hasMessage("no namespaces here");
  }

  @Test
  void linesAreReadAsTheyAreWritten() {
    List<OutpostLine> lines =
        List.of(
            new OutpostLine.Ready(-7),
            new OutpostLine.In(3, 99, 1_000, 3_000),
            new OutpostLine.Speaking(3, 100),
            new OutpostLine.Refused("ERROR AUTH_FAILED: no way"));

    for (OutpostLine line : lines) {
      assertThat(OutpostLine.parse(line.text())).isEqualTo(line);
    }
    for (String other : List.of("", "ready", "ready soon", "in 1 2 3", "speaking 1 2 3")) {
      assertThat(OutpostLine.parse(other)).as(other).isNull();
    }
  }

  private void count(FakeServer.Peer peer) throws IOException {
    peer.letIn(INTERVAL_MS);
    AtomicInteger own = beats.computeIfAbsent(peer.registered().nodeId(), _ -> new AtomicInteger());
    try {
      while (peer.answer(peer.read())) {
        own.incrementAndGet();
      }
    } finally {
      ended.incrementAndGet();
    }
  }

  private int beats(String node) {
    AtomicInteger own = beats.get(node);
    return own == null ? 0 : own.get();
  }

  private int all() {
    return beats.values().stream().mapToInt(AtomicInteger::get).sum();
  }

  private static Map<Setting, String> settings(String target) {
    Map<Setting, String> settings = new EnumMap<>(Setting.class);
    settings.put(Setting.TARGET, target);
    settings.put(Setting.NODES, Integer.toString(NODES));
    settings.put(Setting.NODE_PREFIX, "test-");
    settings.put(Setting.INTERVAL, INTERVAL_MS + " ms");
    settings.put(Setting.DURATION, "1 h");
    return settings;
  }

  /** Waits for ten intervals without a beat: what was on its way at first may still come. */
  private static void awaitSilence(IntSupplier beats) {
    int before = beats.getAsInt();
    long sinceNanos = System.nanoTime();
    while (System.nanoTime() - sinceNanos < 10L * INTERVAL_MS * 1_000_000) {
      LockSupport.parkNanos(1_000_000);
      int now = beats.getAsInt();
      sinceNanos = now == before ? sinceNanos : System.nanoTime();
      before = now;
    }
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(1_000_000);
    }
  }
}
