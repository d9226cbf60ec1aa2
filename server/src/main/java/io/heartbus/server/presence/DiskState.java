package io.heartbus.server.presence;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * How the log stands with its disk. Guarded by the journal's lock, which whoever calls must hold,
 * but for what is said to be for any thread.
 */
final class DiskState {
  private final StuckWatch watch;

  /** Whether events are told only once the disk has them. */
  private boolean inUse;

  /** Moves on with whatever the disk gets done. */
  private long progress;

  /** How often the disk failed. */
  private final AtomicInteger failures = new AtomicInteger();

  /** Why the disk does not get what happens; null when it does, or is not to. */
  private volatile @Nullable String loss;

  DiskState(StuckWatch watch) {
    this.watch = watch;
  }

  boolean inUse() {
    return inUse;
  }

  /** How often the disk failed; also names the term between two failures. Any thread. */
  int failures() {
    return failures.get();
  }

  /** Why the disk does not get what happens; null when nothing is amiss. Any thread. */
  @Nullable String loss() {
    return loss;
  }

  /** From now on events wait for it. */
  void use() {
    inUse = true;
    loss = null;
  }

  /** It cannot be used. Returns whether that is news. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // The lock is held.
  boolean lose(String reason) {
    loss = reason;
    if (!inUse) {
      return false;
    }
    inUse = false;
    failures.incrementAndGet();
    return true;
  }

  /** The disk got something done, or has nothing to do. */
  void progressed() {
    progress++;
  }

  /** How often somebody has to look, while events wait. */
  long lookNanos() {
    return watch.lookNanos();
  }

  /** Whether it has got nothing done for too long, while events wait. */
  boolean looksStuck(long nowNanos) {
    return inUse && watch.looksStuck(progress, nowNanos);
  }
}
