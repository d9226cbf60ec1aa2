package io.heartbus.loadtest;

import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens sockets: those that are on time on the fleet's thread, and those that are late beside it.
 * Most of what a connect costs is the kernel's work, for both ends when the server is on this
 * machine; in a storm one thread would be at it for seconds, and all that is due would wait.
 *
 * <p>Owns a few platform threads, which never wait for a server. All methods belong to the fleet's
 * thread. Times are nanoseconds since the run began.
 */
final class Openers implements AutoCloseable {
  /** Whoever is later than this finds others waiting before it. */
  static final long LATE_NANOS = 1_000_000;

  /** More would have to share what processors are left with the fleet's thread. */
  private static final int THREADS_MAX = 8;

  /**
   * So many late ones may be on their way in at once; those on time wait for nobody. A server's
   * kernel queues a few thousand; what it has no room for it forgets, and is told again a second
   * later.
   */
  static final int UNDER_WAY_MAX = 1_024;

  /** A connection whose socket is to be opened, and when it was meant to be. */
  private record Wish(Connection connection, long dueNanos) {}

  /** What came of that: a socket that connects, or a failure. */
  final class Outcome {
    private final Wish wish;
    private final long begunNanos = clock.getAsLong();
    private @Nullable SocketChannel channel;
    private IOException failure = new IOException("not opened");

    private Outcome(Wish wish) {
      this.wish = wish;
      try {
        channel = Link.dial(routes, wish.connection().node().index());
      } catch (IOException e) {
        failure = e;
      }
    }

    /** The socket, in the hands of its owner, whom the selector calls from now on. */
    Link link(Connection owner) throws IOException {
      if (channel == null) {
        throw failure;
      }
      return new Link(channel, selector, owner);
    }

    /** Nobody wants it any more. */
    void discard() {
      if (channel != null) {
        Link.discard(channel);
      }
    }
  }

  private final Routes routes;
  private final Selector selector;
  private final Measurements measurements;
  private final LongSupplier clock;

  /** In their order; at most one of each node has not ended. */
  private final Deque<Wish> waiting = new ArrayDeque<>();

  private final BlockingQueue<Wish> wishes = new ArrayBlockingQueue<>(UNDER_WAY_MAX);

  private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();

  /** Wishes that the threads have, and outcomes that nobody was told: bounds both queues. */
  private int untold;

  /** The late ones that have begun, and are neither in nor over. */
  private final Set<Connection> underWay = new HashSet<>();

  private final List<Thread> threads = new ArrayList<>();

  /**
   * No thread yet; when the first is late, as many as there are processors, within reason.
   *
   * @param selector is woken for what the threads have done
   * @param clock the time of the run, for any thread
   */
  Openers(Routes routes, Selector selector, Measurements measurements, LongSupplier clock) {
    this.routes = routes;
    this.selector = selector;
    this.measurements = measurements;
    this.clock = clock;
  }

  /** Has the socket of the connection opened, which hears of it now or later. */
  void open(Connection connection, long dueNanos, long nowNanos) {
    Wish wish = new Wish(connection, dueNanos);
    if (nowNanos - dueNanos >= LATE_NANOS) {
      waiting.add(wish);
      handOver();
    } else if (connection.begin()) {
      tell(new Outcome(wish));
    }
  }

  /** The connection is in, or over. */
  void settled(Connection connection) {
    underWay.remove(connection);
  }

  /** Tells at most so many connections what the threads did for them. Returns how many. */
  int tell(int max) {
    int told = 0;
    for (Outcome outcome; told < max && (outcome = outcomes.poll()) != null; told++) {
      untold--;
      tell(outcome);
    }
    if (told == max) {
      // The rest has called already, and has to be heard once more.
      selector.wakeup();
    }
    handOver();
    return told;
  }

  /** Opens nothing any more, and closes what nobody asked about. */
  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    outcomes.forEach(Outcome::discard);
  }

  private void handOver() {
    while (Math.max(underWay.size(), untold) < UNDER_WAY_MAX && !waiting.isEmpty()) {
      Wish wish = waiting.remove();
      if (wish.connection().begin()) {
        underWay.add(wish.connection());
        untold++;
        wishes.add(wish);
      }
    }
    if (threads.isEmpty() && !wishes.isEmpty()) {
      start();
    }
  }

  private void tell(Outcome outcome) {
    // Also of those that have ended meanwhile: they had to wait.
    measurements.done(outcome.wish.dueNanos(), outcome.begunNanos);
    outcome.wish.connection().opened(outcome);
  }

  private void start() {
    int count = Math.min(THREADS_MAX, Runtime.getRuntime().availableProcessors());
    for (int i = 0; i < count; i++) {
      threads.add(Thread.ofPlatform().name("opener-" + i).daemon().start(this::work));
    }
  }

  private void work() {
    try {
      while (true) {
        outcomes.add(new Outcome(wishes.take()));
        selector.wakeup();
      }
    } catch (InterruptedException closed) {
      // Wishes that are left have nobody behind them.
      return;
    }
  }
}
