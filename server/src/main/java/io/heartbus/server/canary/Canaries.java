package io.heartbus.server.canary;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.server.connection.OwnNodes;
import io.heartbus.server.liveness.LivenessClock;
import io.heartbus.server.metrics.DurationHistogram;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's own nodes: one that beats and tells the liveness clock of every answer in time, and
 * some that register, fall silent until they are called offline, and come again, so that detection
 * is measured always. They come back from everything, for ever; the server is none the worse when
 * they cannot.
 *
 * <p>Owns a virtual thread for each, so that a server that does not get round to running those has
 * no answers either.
 */
public final class Canaries implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Canaries.class);
  private static final String PULSE = "$pulse";
  private static final long NANOS_PER_MS = 1_000_000;
  private static final long COMPLAINT_NANOS = 60_000_000_000L;

  /** Between two visits, at least, and as much again at random. */
  private static final long PAUSE_NANOS = 500_000_000;

  /** How long after its timeout a silent one waits to hear that it is offline. */
  private static final long VERDICT_MS_MAX = 300_000;

  /** What nobody keeps up; the server makes the longest or the shortest of it that it agrees to. */
  private static final Frame.Pace SLOWEST = new Frame.Pace(0, Integer.MAX_VALUE);

  private static final Frame.Pace QUICKEST = new Frame.Pace(1, 1);

  /** What a node does from its registration to its end. */
  private interface Visit {
    void run(CanaryConnection connection) throws IOException;
  }

  private final OwnNodes own;
  private final InetSocketAddress listening;
  private final LivenessClock clock;
  private final long answerNanosMax;
  private final DurationHistogram detectionDelay =
      new DurationHistogram(0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.5, 1, 2.5, 10);
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  /** Used by the thread of the one that beats. */
  private long complainedNanos;

  /**
   * Nodes that are not there yet.
   *
   * @param listening where the server does
   * @param answerMsMax an answer that takes longer says nothing good about the server
   */
  public Canaries(
      OwnNodes own, InetSocketAddress listening, LivenessClock clock, long answerMsMax) {
    this.own = own;
    this.listening = listening;
    this.clock = clock;
    this.answerNanosMax = answerMsMax * NANOS_PER_MS;
  }

  /** Sends the one that beats on its way, and so many that fall silent. Once. */
  public Canaries start(int silent) {
    keep(PULSE, () -> visitForEver(PULSE, this::beat));
    for (int i = 1; i <= silent; i++) {
      String id = "$canary-" + i;
      keep(id, () -> visitForEver(id, connection -> fallSilent(id, connection)));
    }
    return this;
  }

  /** Sends others through all that nodes do, once, and none of them stays. Any thread. */
  public void rehearse() {
    keep("$rehearsal", () -> Rehearsal.run(own, listening, Rehearsal.VISITS));
  }

  private void keep(String name, Runnable task) {
    Thread thread = Thread.ofVirtual().name(name).inheritInheritableThreadLocals(false).start(task);
    threads.add(thread);
    if (closed) {
      thread.interrupt();
    }
  }

  /** From a timeout to the farewell, as the silent ones saw it on their own clock. */
  public DurationHistogram detectionDelay() {
    return detectionDelay;
  }

  /** Takes all of them away, without a word. */
  @Override
  public void close() {
    closed = true;
    clock.canaryLeft();
    threads.forEach(Thread::interrupt);
  }

  private void visitForEver(String id, Visit visit) {
    while (!closed) {
      try (CanaryConnection connection = CanaryConnection.open(own, listening)) {
        visit.run(connection);
      } catch (IOException failed) {
        complain(id, failed);
      } catch (Throwable surprise) {
        LOG.warn("{} fails; it comes again", id, surprise);
      }
      pause(PAUSE_NANOS + ThreadLocalRandom.current().nextLong(PAUSE_NANOS));
    }
  }

  private void beat(CanaryConnection connection) throws IOException {
    Frame.Registered _ = connection.register(PULSE, SLOWEST);
    while (!closed) {
      long sentNanos = System.nanoTime();
      connection.send(Frame.HeartbeatRequest.PLAIN);
      connection.awaitAnswer();
      long tookNanos = System.nanoTime() - sentNanos;
      if (tookNanos <= answerNanosMax) {
        clock.canaryAnswered();
      }
      pause(LivenessClock.CANARY_BEAT_NANOS - tookNanos);
    }
  }

  private void fallSilent(String id, CanaryConnection connection) throws IOException {
    long spokeNanos = System.nanoTime();
    long timeoutMs = connection.register(id, QUICKEST).pace().timeoutMs();
    connection.patience(timeoutMs + VERDICT_MS_MAX);
    while (!(connection.next() instanceof Frame.Fault fault
        && fault.error() == ErrorCode.HEARTBEAT_TIMEOUT)) {
      // A probe, which it would be life to answer.
    }
    long lateNanos = System.nanoTime() - spokeNanos - timeoutMs * NANOS_PER_MS;
    detectionDelay.record(lateNanos);
    if (lateNanos < 0) {
      LOG.warn("{} was called offline {} ns before its timeout", id, -lateNanos);
    }
  }

  /** Without the one that beats, stalls are told by gaps alone; that is worth a line a minute. */
  private void complain(String id, Exception failed) {
    LOG.debug("{} could not stay", id, failed);
    if (closed || !id.equals(PULSE)) {
      return;
    }
    long nowNanos = System.nanoTime();
    if (complainedNanos == 0 || nowNanos - complainedNanos > COMPLAINT_NANOS) {
      complainedNanos = nowNanos;
      LOG.warn("no answer from this server at its own {}: {}", listening, failed.getMessage());
    }
  }

  /** For so long, or until it is closed. */
  private static void pause(long nanos) {
    LockSupport.parkNanos(nanos);
  }
}
