package io.heartbus.server.connection;

import io.heartbus.server.channel.ChannelRouter;
import io.heartbus.server.liveness.HeartbeatPolicy;
import io.heartbus.server.liveness.LivenessClock;
import io.heartbus.server.node.NodeTable;
import io.heartbus.server.node.Roster;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/** The connections of a server as a whole: its door, and how they all end. */
public final class Bus implements AutoCloseable {
  /** Any thread's generator, looked up at each call: nothing is kept per thread. */
  private static final RandomGenerator RANDOM = () -> ThreadLocalRandom.current().nextLong();

  private final ConnectionContext context;
  private final OwnNodes own;
  private final Acceptor acceptor;
  private final Drain drain;
  private final ReentrantLock draining = new ReentrantLock();

  /** Guarded by draining. */
  private boolean drained;

  private Bus(
      ConnectionContext context, OwnNodes own, Acceptor acceptor, DrainSettings drainSettings) {
    this.context = context;
    this.own = own;
    this.acceptor = acceptor;
    this.drain = new Drain(context, drainSettings);
  }

  /** What connections rest on. */
  public record Foundations(
      NodeTable table,
      Roster roster,
      LivenessClock clock,
      InstantSource wallClock,
      ChannelRouter router) {}

  /**
   * Listens, and lets nodes in.
   *
   * @throws IOException when the address cannot be had
   */
  public static Bus open(
      ListenSettings listen,
      ConnectionSettings settings,
      HeartbeatPolicy policy,
      DrainSettings drain,
      Foundations foundations)
      throws IOException {
    LivenessClock clock = foundations.clock();
    ConnectionContext context =
        new ConnectionContext(
            settings,
            Deadlines.of(settings),
            policy,
            foundations.table(),
            foundations.roster(),
            clock,
            foundations.wallClock(),
            new ConnectionCounts(),
            foundations.router(),
            new Doorkeeper(settings, clock.nowNanos(), RANDOM),
            RANDOM);
    OwnNodes own = OwnNodes.beside(context, RANDOM);
    return new Bus(context, own, Acceptor.start(context, own, listen), drain);
  }

  /** Where nodes connect to. */
  public InetSocketAddress address() {
    return acceptor.address();
  }

  public ConnectionCounts counts() {
    return context.counts();
  }

  /** The nodes that the server itself runs; they are in none of the counts. */
  public OwnNodes ownNodes() {
    return own;
  }

  /** Whether nobody is let in any more. */
  public boolean draining() {
    return context.doorkeeper().draining();
  }

  /**
   * Takes leave of all nodes: nobody is let in any more, everybody is asked to go, spread over
   * time, and what is left at the end is closed. Blocks until then, also when somebody else began
   * it.
   */
  public void drain() throws InterruptedException {
    context.doorkeeper().drain();
    acceptor.close();
    draining.lockInterruptibly();
    try {
      if (!drained) {
        drain.run();
        drained = true;
      }
    } finally {
      draining.unlock();
    }
  }

  /** Begins to take leave, as {@link #drain} does, and does not wait. */
  public void drainSoon() {
    context.doorkeeper().drain();
    Thread.startVirtualThread(() -> {
      try {
        drain();
      } catch (InterruptedException impossible) {
        // Nobody has this thread to interrupt.
        Thread.currentThread().interrupt();
      }
    });
  }

  /** Ends all connections at once. */
  @Override
  public void close() {
    context.doorkeeper().drain();
    own.context().doorkeeper().drain();
    acceptor.close();
    context.roster().forEach(link -> ((Connection) link).lost(CloseReason.DRAINING));
    own.roster().forEach(link -> ((Connection) link).lost(CloseReason.DRAINING));
  }
}
