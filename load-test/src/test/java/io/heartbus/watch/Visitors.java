package io.heartbus.watch;

import io.heartbus.client.ClientOptions;
import io.heartbus.client.HeartbeatClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Nodes that come and go for as long as this is open, each of them once. */
final class Visitors implements AutoCloseable {
  private final InetSocketAddress server;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong number = new AtomicLong();
  private volatile boolean over;

  Visitors(InetSocketAddress server, int atOnce) {
    this.server = server;
    for (int i = 0; i < atOnce; i++) {
      threads.add(Thread.ofVirtual().start(this::comeAndGo));
    }
  }

  /** How many have come so far. */
  long came() {
    return number.get();
  }

  private void comeAndGo() {
    ClientOptions options = ClientOptions.defaults().withServers("127.0.0.1:" + server.getPort());
    try {
      while (!over) {
        HeartbeatClient.connect(options.withNodeId("visitor-" + number.incrementAndGet())).close();
      }
    } catch (IOException | InterruptedException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** The last ones leave. */
  @Override
  public void close() {
    over = true;
    Ledger.await("all visitors leave", () -> threads.stream().noneMatch(Thread::isAlive));
  }
}
