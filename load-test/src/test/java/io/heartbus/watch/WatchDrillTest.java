package io.heartbus.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.heartbus.client.ClientOptions;
import io.heartbus.client.HeartbeatClient;
import io.heartbus.client.Watch;
import io.heartbus.client.WatchOptions;
import io.heartbus.client.WatchPosition;
import io.heartbus.server.HeartbeatServer;
import io.heartbus.server.ServerConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A watch against a real server, while connections, clients and servers end. */
class WatchDrillTest {
  /** How long the drill takes; more by {@code -Dheartbus.watch.seconds=600}. */
  private static final long SECONDS = Long.getLong("heartbus.watch.seconds", 5);

  private static final long SEED = Long.getLong("heartbus.watch.seed", 1);

  private final Random random = new Random(SEED);
  private final Ledger ledger = new Ledger();
  private WatchPosition position;
  private int lives;
  private int cuts;

  private static HeartbeatServer start(int port) throws IOException {
    return HeartbeatServer.start(
        ServerConfig.of(
            ConfigFactory.parseString(
                """
                heartbus.server {
                  listen { host = "127.0.0.1", port = %d }
                  http.port = 0
                  limits.takeovers = 0
                  presence.log { events = 1000000, bytes = 512 MiB }
                  # A pause of this machine would be an event more.
                  presence.stall { gap = 1 h, canary-timeout = 1 h }
                }
                """
                    .formatted(port))));
  }

  private static ClientOptions options(String address) {
    return ClientOptions.defaults()
        .withServers(address)
        .withNodeId("consumer")
        .withReconnectDelays(Duration.ofMillis(5), Duration.ofMillis(50));
  }

  @Test
  void aConsumerThatIsKilledAndResumedAtRandomMissesNothing() throws Exception {
    long startNanos = System.nanoTime();
    try (HeartbeatServer server = start(0);
        BreakableLine line = new BreakableLine(server.busAddress())) {
      try (Visitors visitors = new Visitors(server.busAddress(), 4)) {
        while (System.nanoTime() - startNanos < TimeUnit.SECONDS.toNanos(SECONDS)) {
          beConsumer(line);
        }
        assertThat(visitors.came()).isPositive();
      }
      long last = last(server);
      try (HeartbeatClient client = HeartbeatClient.connect(options(line.address()));
          Watch watch = client.watch(resumed(), ledger)) {
        Ledger.await("all is told", () -> watch.position().seq() >= last);
      }
      ledger.isComplete(ledger.size());
      assertThat(ledger.size()).isGreaterThanOrEqualTo((int) last);
    }
    System.out.printf(
        "seed %d: %d events, %d cuts, %d lives, %.1f s%n",
        SEED, ledger.size(), cuts, lives, (System.nanoTime() - startNanos) / 1e9);
  }

  private WatchOptions resumed() {
    return position == null ? WatchOptions.fromOldest() : WatchOptions.after(position);
  }

  /** A client that watches a few times in its life, over a line that breaks now and then. */
  private void beConsumer(BreakableLine line) throws Exception {
    Watch watch;
    try (HeartbeatClient client = HeartbeatClient.connect(options(line.address()))) {
      watch = client.watch(resumed(), ledger);
      while (true) {
        lives++;
        for (int left = random.nextInt(4); left > 0; left--) {
          LockSupport.parkNanos(random.nextInt(100_000_000));
          line.cut();
          cuts++;
        }
        LockSupport.parkNanos(random.nextInt(100_000_000));
        if (random.nextBoolean()) {
          // The client goes, and takes the watch with it.
          break;
        }
        watch.close();
        position = watch.position();
        watch = client.watch(resumed(), ledger);
      }
    }
    watch.close();
    position = watch.position();
  }

  /** The newest event, as somebody else learns it who begins to watch now. */
  private static long last(HeartbeatServer server) throws IOException, InterruptedException {
    String address = "127.0.0.1:" + server.busAddress().getPort();
    try (HeartbeatClient other = HeartbeatClient.connect(options(address).withNodeId("other"));
        Watch watch = other.watch(WatchOptions.fromNow(), _ -> {})) {
      return watch.position().seq();
    }
  }

  @Test
  void aServerThatIsStartedAnewIsToldAsSuch() throws Exception {
    int port;
    HeartbeatClient client;
    Watch watch;
    try (HeartbeatServer server = start(0)) {
      port = server.busAddress().getPort();
      client = HeartbeatClient.connect(options("127.0.0.1:" + port));
      watch = client.watch(0, ledger);
      Ledger.await("itself", () -> ledger.news().contains("online consumer"));
    }
    try (client;
        HeartbeatServer _ = start(port)) {
      // The server that ends may get to say that the consumer is offline.
      Ledger.await(
          "news",
          () -> ledger.news().size() >= 3 && ledger.news().getLast().equals("online consumer"));
      List<String> news = new ArrayList<>(ledger.news());
      assertThat(news.removeFirst()).isEqualTo("online consumer");
      news.remove("offline consumer");
      int heard = ledger.news().size() - news.size();
      assertThat(news).containsExactly("restarted " + heard, "online consumer");
      assertThat(watch.position().epoch()).isNotEmpty();
    }
  }
}
