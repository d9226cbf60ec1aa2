package io.heartbus.server.node;

import io.heartbus.server.liveness.LivenessClock;
import io.heartbus.server.liveness.MassLossSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scheduled pass over all connections that finds those that fell silent. It alone makes nodes
 * suspect or holds them, and it alone says TIMEOUT. The reader brings a doubted node back, and so
 * does the sweep, when the two had missed each other.
 *
 * <p>Owns one platform thread: a virtual one would hold a carrier for the length of a pass. Passes
 * begin at even times, but each is scheduled by the one before it, so that a stall is not followed
 * by a burst of them. Between two passes it looks closer, at those who are about to time out.
 */
public final class Sweeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

  private static final long NANOS_PER_MS = 1_000_000;

  /** What is added to every limit because a stamp may be older than true. */
  private static final long STALE_MS = LivenessClock.STALE_NANOS / NANOS_PER_MS;

  /** What a pass over a million nodes, and a busy processor, may add. */
  private static final long PASS_MS = 30;

  /** Into so many parts the time between two passes is divided by closer looks. */
  private static final int PARTS = 5;

  /** What is between the end of a look and the beginning of the next at least. */
  private static final long PAUSE_NANOS_MIN = NANOS_PER_MS;

  /** Connections, the table of their nodes, and who judges them. */
  private record Ward(NodeTable table, Roster roster, SweepPass pass) {}

  private final NodeTable table;
  private final LivenessClock clock;

  /** That of everybody first. Only the sweep's thread uses them, once it has started. */
  private final List<Ward> wards = new ArrayList<>();

  /** Between the beginnings of two looks. Written before the first. */
  private long stepNanos;

  /** Closer looks until the next pass. Only the sweep's thread uses it. */
  private int looksLeft;

  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("sweeper").daemon().factory());

  public Sweeper(NodeTable table, Roster roster, LivenessClock clock, MassLossSettings massLoss) {
    this.table = table;
    this.clock = clock;
    add(table, roster, massLoss);
  }

  /**
   * Passes over the server's own nodes too, after all others. They are in no count but one: how
   * late their verdicts come is how late anybody's would. Before the start.
   */
  public Sweeper besides(NodeTable ownTable, Roster ownRoster) {
    add(ownTable, ownRoster, MassLossSettings.NEVER);
    return this;
  }

  private void add(NodeTable nodes, Roster links, MassLossSettings massLoss) {
    wards.add(
        new Ward(nodes, links, new SweepPass(nodes, massLoss, table.counts().detectionDelay)));
  }

  /** How late a verdict by silence is at most, in milliseconds after the timeout. */
  public static long promisedMs(long checkIntervalMs) {
    return checkIntervalMs + STALE_MS + PASS_MS;
  }

  /** Begins, with that much time between two passes. */
  public Sweeper start(long checkIntervalMs) {
    stepNanos = checkIntervalMs * NANOS_PER_MS / PARTS;
    scheduleIn(stepNanos);
    return this;
  }

  private void scheduleIn(long delayNanos) {
    try {
      // A pass catches what it throws, so nothing would ever be told by the future.
      ScheduledFuture<?> _ = executor.schedule(this::sweep, delayNanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException closed) {
      // That was the last pass.
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }

  private void sweep() {
    long startNanos = System.nanoTime();
    try {
      look(clock.nowNanos());
    } catch (Throwable surprise) {
      // The executor would end all further passes.
      LOG.warn("a pass of the sweep failed; the next one goes on", surprise);
    }
    // However long it took, others get the processor in between.
    scheduleIn(Math.max(PAUSE_NANOS_MIN, stepNanos - (System.nanoTime() - startNanos)));
  }

  private void look(long nowNanos) {
    if (looksLeft > 0) {
      looksLeft--;
      wards.forEach(ward -> ward.pass().lookCloser(nowNanos));
      return;
    }
    looksLeft = PARTS - 1;
    long startNanos = System.nanoTime();
    try {
      wards.forEach(ward -> passOver(ward, nowNanos));
    } finally {
      table.counts().sweepDuration.record(System.nanoTime() - startNanos);
    }
  }

  private static void passOver(Ward ward, long nowNanos) {
    ward.pass().open(nowNanos);
    ward.roster().forEachDue(nowNanos, link -> lookApart(ward.pass(), link, nowNanos));
    ward.pass().close();
    ward.table().giveUpOnLost();
    ward.table().transitions().tellSettled();
    ward.table().forgetExpired();
  }

  /** A fault about one connection keeps no other from being judged. */
  private static long lookApart(SweepPass pass, Link link, long nowNanos) {
    try {
      return pass.look(link);
    } catch (Throwable surprise) {
      LOG.warn("{} cannot be judged; the others are", link.address(), surprise);
      return nowNanos;
    }
  }
}
