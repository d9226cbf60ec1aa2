package io.heartbus.server.presence;

import io.heartbus.server.node.NodeEvent;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was appended to the log, and how much of it was told. An event has its number from the
 * moment it is appended; it is told, which is to say that it can be read, at once or, when the log
 * is kept on disk, once that has it. Whoever appends never waits for the disk.
 *
 * <p>Should the disk fail, or not keep up, a new epoch begins, and with it everything is told from
 * memory: the numbers that are given from then on may get lost, and a later process give them to
 * other events, in the old epoch.
 *
 * <p>Any thread; each call that does not wait holds one lock for a short time.
 */
final class Journal {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

  /** How many events go to the disk at once. */
  private static final int BATCH_EVENTS_MAX = 4096;

  private final InstantSource wallClock;
  private final ReentrantLock lock = new ReentrantLock();

  /** More was told, or a new epoch began. */
  private final Condition told = lock.newCondition();

  /** There is something to do for the thread that writes. */
  private final Condition work = lock.newCondition();

  /** Everything below is guarded by lock; what is volatile may be read without. */
  private final EventRing ring;

  private final DiskState disk;

  /** The number of the newest event that was told. */
  private volatile long last;

  private final Epochs epochs;

  private boolean writerWaits;
  private boolean closed;

  /**
   * A journal that goes on behind those events. What is appended is told at once.
   *
   * @param epoch names it
   * @param ring belongs to the journal from here on, and so does the disk's state
   */
  Journal(InstantSource wallClock, String epoch, EventRing ring, DiskState disk) {
    this.wallClock = wallClock;
    this.epochs = new Epochs(epoch);
    this.ring = ring;
    this.disk = disk;
    this.last = ring.last();
  }

  String epoch() {
    return epochs.present();
  }

  /** Whether it is the present epoch, or was it in this run. */
  boolean hadEpoch(String name) {
    return epochs.had(name);
  }

  long last() {
    return last;
  }

  /** Appends an event; one that comes after the end is dropped. */
  void append(NodeEvent what) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      ring.add(new PresenceEvent(ring.last() + 1, wallClock.millis(), what));
      if (!disk.inUse()) {
        tell(ring.last());
      } else if (writerWaits) {
        writerWaits = false;
        work.signal();
      }
      trim();
      if (disk.inUse() && ring.overfull()) {
        loseDisk("it takes events more slowly than they come");
      }
    } finally {
      lock.unlock();
    }
  }

  private void tell(long seq) {
    last = seq;
    told.signalAll();
  }

  /** Lets go of the oldest that were told. The newest stays in any case. */
  private void trim() {
    ring.trim(Math.min(last + 1, ring.last()));
  }

  /**
   * What can be read from memory.
   *
   * @param first the number of the oldest event in memory
   * @param events from the number asked for on, or from the first
   */
  record View(String epoch, long first, long last, List<PresenceEvent> events) {}

  View view(long fromSeq, int eventsMax) {
    return locked(() -> {
      look();
      return new View(epoch(), ring.first(), last, ring.range(fromSeq, last, eventsMax));
    });
  }

  /**
   * Waits until an event behind {@code after} was told, or a new epoch begins, or that time is
   * over.
   *
   * @return whether there is one
   */
  boolean await(long after, long limitNanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      String before = epoch();
      long leftNanos = limitNanos;
      while (last <= after && leftNanos > 0 && epoch().equals(before)) {
        long waitNanos = disk.inUse() ? Math.min(leftNanos, disk.lookNanos()) : leftNanos;
        leftNanos -= waitNanos - told.awaitNanos(waitNanos);
        look();
      }
      return last > after;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Looks whether the disk keeps events back for too long. Readers do: it concerns nobody else, and
   * the thread that writes would be the one that is stuck.
   */
  private void look() {
    if (ring.last() > last && disk.looksStuck(System.nanoTime())) {
      loseDisk("it has not taken an event for seconds");
    }
  }

  /**
   * Some events for the disk.
   *
   * @param term in which they are to be written
   * @param events that were not told yet; none when there is other work
   * @param closing whether no more will come
   */
  record Batch(int term, List<PresenceEvent> events, boolean closing) {}

  /** Waits, but not for longer than that, until there is something to write, or no disk to use. */
  Batch awaitBatch(long limitNanos) throws InterruptedException {
    lock.lock();
    try {
      disk.progressed();
      int term = disk.failures();
      long leftNanos = limitNanos;
      while (ring.last() == last && term == disk.failures() && !closed && leftNanos > 0) {
        writerWaits = true;
        leftNanos = work.awaitNanos(leftNanos);
      }
      writerWaits = false;
      return new Batch(
          disk.failures(), ring.range(last + 1, ring.last(), BATCH_EVENTS_MAX), closed);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The disk has everything up to that event. Returns false if it was given up meanwhile: then all
   * of that was told in another epoch.
   */
  boolean written(int term, long seq) {
    return locked(() -> {
      if (term != disk.failures()) {
        return false;
      }
      disk.progressed();
      tell(seq);
      trim();
      return true;
    });
  }

  /** The disk does not get what happens: from here on memory has to do. */
  void loseDisk(String reason) {
    locked(() -> {
      if (disk.lose(reason)) {
        beginEpoch(Long.parseLong(epoch()) + 1);
        long from = last + 1;
        tell(ring.last());
        trim();
        work.signal();
        // Whoever called may hold locks, and to write a line may take long.
        Thread.startVirtualThread(() ->
            LOG.warn(
                "presence log: {}; from event {} on there is memory only, and a new epoch",
                reason,
                from));
      }
      return null;
    });
  }

  /**
   * What comes behind the last event that was told gets a new epoch, and no older one than that.
   */
  private void beginEpoch(long atLeast) {
    epochs.begin(Long.toString(Math.max(LogStart.micros(wallClock), atLeast)));
    told.signalAll();
  }

  /**
   * Makes sure that the epoch is newer than those of a folder, while the disk is not in use.
   *
   * @return the number of the oldest event that memory holds
   */
  long outrank(long newestThere) {
    return locked(() -> {
      if (Long.parseLong(epoch()) <= newestThere) {
        beginEpoch(newestThere + 1);
      }
      return ring.first();
    });
  }

  /** What was told from memory behind that event: some of it, for the disk to catch up. */
  List<PresenceEvent> after(long seq) {
    return locked(() -> ring.range(seq + 1, ring.last(), BATCH_EVENTS_MAX));
  }

  /** If the disk has everything, up to that event, then from now on events wait for it. */
  boolean useDisk(long seq) {
    return locked(() -> {
      if (seq == ring.last()) {
        disk.use();
      }
      return disk.inUse();
    });
  }

  /** No more events. What was appended gets to the disk still. */
  void close() {
    locked(() -> {
      closed = true;
      work.signalAll();
      return null;
    });
  }

  /**
   * How much there is.
   *
   * @param waiting for the disk
   */
  record Figures(long waiting, long memoryBytes) {}

  Figures figures() {
    return locked(() -> {
      look();
      return new Figures(ring.last() - last, ring.bytes());
    });
  }

  private <T extends @Nullable Object> T locked(Supplier<T> step) {
    lock.lock();
    try {
      return step.get();
    } finally {
      lock.unlock();
    }
  }
}
