package io.heartbus.server.presence;

import io.heartbus.server.presence.LogSettings.Fsync;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What brings a journal to the disk, behind those who append. Owns one platform thread; whatever
 * happens to the disk, that goes on, and comes back to it every so often.
 */
final class LogWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);

  /** How often somebody looks whether segments have become too old. */
  private static final long UPKEEP_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** A segment is ended at this part of the age at which it goes, so that little is kept longer. */
  private static final int SEGMENTS_PER_AGE = 8;

  private final LogSettings settings;
  private final DiskAccess disk;
  private final InstantSource wallClock;
  private final Journal journal;
  private final LogFolder folder;
  private final Thread thread =
      Thread.ofPlatform().name("presence-log").daemon().unstarted(this::run);

  /** Everything below belongs to the thread, once it runs. */
  private @Nullable SegmentOutput output;

  /** The newest epoch in the folder that is this journal's; 0 for none. */
  private long epochOnDisk;

  /** The newest event that is in a segment. */
  private long saved;

  /** In which term the output is good. */
  private int term;

  private long syncedNanos = System.nanoTime();
  private long upkeptNanos = System.nanoTime();

  LogWriter(
      LogSettings settings,
      DiskAccess disk,
      InstantSource wallClock,
      Journal journal,
      LogFolder folder) {
    this.settings = settings;
    this.disk = disk;
    this.wallClock = wallClock;
    this.journal = journal;
    this.folder = folder;
  }

  /** Begins, where the log was found to go on. */
  void start(LogStart at) {
    output = at.output();
    epochOnDisk = at.epochOnDisk();
    saved = at.last();
    thread.start();
  }

  /** Waits until everything is on the disk; the journal was closed. */
  @Override
  public void close() {
    try {
      if (!thread.join(Duration.ofNanos(disk.closeNanos()))) {
        LOG.warn("presence log: the disk does not answer; what happened last may not be on it");
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      boolean more = true;
      while (more) {
        more = step();
      }
      folder.close();
    } catch (InterruptedException | IOException end) {
      LOG.warn("presence log: the end did not go well", end);
    }
  }

  /** Returns false when everything is done. */
  private boolean step() throws InterruptedException {
    SegmentOutput current = output;
    try {
      if (current == null) {
        return tryAgain();
      }
      return write(current);
    } catch (IOException | RuntimeException | Error failed) {
      abandon();
      journal.loseDisk(LogFolder.reason(failed));
      return true;
    }
  }

  private boolean write(SegmentOutput current) throws IOException, InterruptedException {
    Journal.Batch batch = journal.awaitBatch(idleNanos(current));
    if (batch.term() != term) {
      abandon();
      return true;
    }
    List<PresenceEvent> events = batch.events();
    if (!events.isEmpty()) {
      long last = current.write(events, settings.segmentBytes());
      if (settings.fsync() == Fsync.ALWAYS) {
        current.sync();
      }
      saved = last;
      if (!journal.written(term, last)) {
        abandon();
        return true;
      }
    } else if (batch.closing()) {
      current.finish(journal.last() + 1);
      abandon();
      return false;
    }
    keepUp(current, System.nanoTime());
    return true;
  }

  /** How long there is nothing to do if nothing happens. */
  private long idleNanos(SegmentOutput current) {
    long leftNanos = UPKEEP_NANOS;
    if (settings.fsync() == Fsync.INTERVAL && current.unsynced()) {
      leftNanos = Math.min(leftNanos, syncedNanos + intervalNanos() - System.nanoTime());
    }
    return leftNanos;
  }

  private long intervalNanos() {
    return TimeUnit.MILLISECONDS.toNanos(settings.fsyncIntervalMs());
  }

  /** Does what is due: sync, next segment, retention. */
  private void keepUp(SegmentOutput current, long nowNanos) throws IOException {
    if (settings.fsync() == Fsync.INTERVAL
        && current.unsynced()
        && nowNanos - syncedNanos >= intervalNanos()) {
      current.sync();
      syncedNanos = nowNanos;
    }
    boolean full = current.segment().bytes() >= settings.segmentBytes() || old(current);
    if (full) {
      roll(current);
    }
    if (full || nowNanos - upkeptNanos >= UPKEEP_NANOS) {
      upkeptNanos = nowNanos;
      folder.retire();
    }
  }

  private boolean old(SegmentOutput current) {
    long ageMaxMs = Math.max(settings.retainMs() / SEGMENTS_PER_AGE, UPKEEP_NANOS / 1_000_000);
    return current.segment().firstSeq() <= journal.last()
        && wallClock.millis() - current.header().createdMs() > ageMaxMs;
  }

  private void roll(SegmentOutput current) throws IOException {
    if (settings.fsync() != Fsync.NEVER) {
      current.sync();
    }
    current.segment().closedAtMs(wallClock.millis());
    SegmentHeader header = current.header();
    output = folder.begin(header.epoch(), header.previousEpoch(), journal.last() + 1);
    current.close();
  }

  /** Lets go of a segment: nobody knows what is in it by now. */
  private void abandon() {
    SegmentOutput current = output;
    output = null;
    try {
      if (current != null) {
        current.segment().closedAtMs(wallClock.millis());
        current.close();
      }
    } catch (IOException failed) {
      LOG.debug("a segment that was given up could not be closed", failed);
    }
  }

  private boolean tryAgain() throws IOException, InterruptedException {
    Journal.Batch nothing = journal.awaitBatch(disk.retryNanos());
    if (nothing.closing()) {
      return false;
    }
    folder.open();
    folder.follow(epochOnDisk);
    folder.retire();
    long first = Math.max(saved + 1, journal.outrank(folder.newestEpoch()));
    long epoch = Long.parseLong(journal.epoch());
    // Until the disk has caught up with what was told, a later start must not see any of it.
    SegmentOutput draft = folder.draft(epoch, epochOnDisk, first);
    try {
      long last = catchUp(draft, first - 1);
      folder.adopt(draft);
      saved = last;
    } catch (IOException | RuntimeException | Error failed) {
      draft.close();
      throw failed;
    }
    output = draft;
    term = nothing.term();
    epochOnDisk = epoch;
    LOG.info("presence log: the disk is back, with the events from {} on", first);
    return true;
  }

  /** Writes what was told meanwhile; from then on events wait for the disk. Returns the last. */
  private long catchUp(SegmentOutput draft, long from) throws IOException {
    long seq = from;
    while (!journal.useDisk(seq)) {
      List<PresenceEvent> events = journal.after(seq);
      if (events.isEmpty() || events.getFirst().seq() != seq + 1) {
        throw new IOException("it takes events more slowly than they come");
      }
      seq = draft.write(events, Long.MAX_VALUE);
    }
    return seq;
  }
}
