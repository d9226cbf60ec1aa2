package io.heartbus.server.node;

import io.heartbus.protocol.Frame;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * What a node and the server agreed on beats, and a change of it that is under way: the answer to
 * the next beat tells the node, and the beat after that shows that it knows. Until then the longer
 * of both timeouts holds, so that no change can convict a node.
 *
 * <p>Any thread asks for a change; only the reader of the node's connection carries it out.
 */
public final class Tempo {
  private static final AtomicReferenceFieldUpdater<Tempo, @Nullable Change> CHANGE =
      AtomicReferenceFieldUpdater.newUpdater(Tempo.class, Change.class, "change");

  /** A pace that is to be, and whether the node was told. */
  private record Change(int intervalMs, int timeoutMs, boolean told) {}

  /** These are written by the reader. */
  private volatile int intervalMs;

  private volatile int timeoutMs;

  private volatile @Nullable Change change;

  Tempo(Frame.Pace agreed) {
    intervalMs = (int) agreed.intervalMs();
    timeoutMs = (int) agreed.timeoutMs();
  }

  /** Between two beats of the node, as far as it knows. */
  public int intervalMs() {
    return intervalMs;
  }

  /** After which silence means that it is gone, as far as it knows. */
  public int timeoutMs() {
    return timeoutMs;
  }

  /** The longer interval of the one that holds and the one that is to be. */
  int judgedIntervalMs() {
    Change pending = change;
    return pending == null ? intervalMs : Math.max(intervalMs, pending.intervalMs());
  }

  /** The longer timeout of the one that holds and the one that is to be. */
  int judgedTimeoutMs() {
    Change pending = change;
    return pending == null ? timeoutMs : Math.max(timeoutMs, pending.timeoutMs());
  }

  /** Asks for another pace, which the node is told with its next beat. Any thread. */
  void change(int toIntervalMs, int toTimeoutMs) {
    change = new Change(toIntervalMs, toTimeoutMs, false);
  }

  /** The interval that was asked for last, agreed or to be. */
  int latestIntervalMs() {
    Change pending = change;
    return pending == null ? intervalMs : pending.intervalMs();
  }

  /** The timeout that was asked for last, agreed or to be. */
  int latestTimeoutMs() {
    Change pending = change;
    return pending == null ? timeoutMs : pending.timeoutMs();
  }

  /**
   * A beat came in. Only the reader calls it.
   *
   * @return what the answer has to tell the node; null when there is nothing new
   */
  public Frame.@Nullable Pace beat() {
    Change pending = change;
    if (pending == null) {
      return null;
    }
    if (pending.told()) {
      // It has had the answer to its last beat, and beats as that said.
      intervalMs = pending.intervalMs();
      timeoutMs = pending.timeoutMs();
      if (CHANGE.compareAndSet(this, pending, null)) {
        return null;
      }
      return beat();
    }
    Change told = new Change(pending.intervalMs(), pending.timeoutMs(), true);
    return CHANGE.compareAndSet(this, pending, told)
        ? new Frame.Pace(told.intervalMs(), told.timeoutMs())
        : beat();
  }
}
