package io.heartbus.server.node;

import io.heartbus.server.liveness.Liveness;
import io.heartbus.server.liveness.LivenessClock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scheduled pass over all connections that finds those that fell silent. It alone makes nodes
 * suspect, and it alone says TIMEOUT. The reader brings a suspect back, and so does the sweep, when
 * the two had missed each other.
 *
 * <p>Owns one platform thread: a virtual one would hold a carrier for the length of a pass. Passes
 * follow each other with a fixed delay, so that a stall is not followed by a burst of them.
 */
public final class Sweeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
  private static final long NANOS_PER_MS = 1_000_000;

  private final NodeTable table;
  private final Roster roster;
  private final LivenessClock clock;

  /** How many nodes this pass found late. Only the sweep's thread uses it. */
  private int late;

  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("sweeper").daemon().factory());

  public Sweeper(NodeTable table, Roster roster, LivenessClock clock) {
    this.table = table;
    this.roster = roster;
    this.clock = clock;
  }

  /** Begins, with that much time between two passes. */
  public Sweeper start(long checkIntervalMs) {
    // A pass catches what it throws, so nothing would ever be told by the future.
    ScheduledFuture<?> _ =
        executor.scheduleWithFixedDelay(
            this::pass, checkIntervalMs, checkIntervalMs, TimeUnit.MILLISECONDS);
    return this;
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }

  private void pass() {
    long startNanos = System.nanoTime();
    late = 0;
    try {
      long nowNanos = clock.nowNanos();
      roster.forEach(link -> judgeApart(link, nowNanos));
      table.counts().lateNodes(late);
      table.forgetExpired();
    } catch (Throwable surprise) {
      // The executor would end all further passes.
      LOG.warn("a pass of the sweep failed; the next one goes on", surprise);
    }
    table.counts().sweepDuration.record(System.nanoTime() - startNanos);
  }

  /** A fault about one connection keeps no other from being judged. */
  private void judgeApart(Link link, long nowNanos) {
    try {
      judge(link, nowNanos);
    } catch (Throwable surprise) {
      LOG.warn("{} cannot be judged; the others are", link.address(), surprise);
    }
  }

  private void judge(Link link, long nowNanos) {
    link.checkDeadlines(nowNanos);
    Node node = link.node();
    if (node == null || !node.live()) {
      return;
    }
    long heardNanos = link.lastSeenNanos();
    long silenceNanos = nowNanos - heardNanos;
    long timeoutNanos = node.timeoutMs() * NANOS_PER_MS;
    switch (Liveness.judge(silenceNanos, node.intervalMs() * NANOS_PER_MS, timeoutNanos)) {
      case ONLINE -> table.turn(node, NodeState.ONLINE);
      case LATE -> {
        table.turn(node, NodeState.ONLINE);
        late++;
      }
      case SUSPECT -> suspect(node, link);
      case OFFLINE -> convict(node, link, heardNanos, silenceNanos - timeoutNanos);
    }
  }

  private void suspect(Node node, Link link) {
    if (node.status().state() == NodeState.ONLINE && table.turn(node, NodeState.SUSPECT)) {
      link.probe();
    }
  }

  private void convict(Node node, Link link, long heardNanos, long overdueNanos) {
    if (node.status().state() == NodeState.ONLINE) {
      // The clock may have made a step; nobody is gone who was not suspect a pass before.
      suspect(node, link);
      return;
    }
    if (link.hasUnreadBytes()) {
      // It did speak; we have not listened yet.
      table.counts().postponed.increment();
      return;
    }
    if (table.timeOut(node, link, heardNanos) != null) {
      table.counts().detectionDelay.record(overdueNanos);
      link.sessionOver(Cause.TIMEOUT);
    }
  }
}
