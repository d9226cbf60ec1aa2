package io.heartbus.server.presence;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where a log goes on that is kept in a folder.
 *
 * <p>One rule decides it: no number is told twice within an epoch. So an epoch is gone on with only
 * when everything that was told of it is certainly here; else a new one begins. The numbers go on
 * in either case.
 *
 * @param epoch of what comes next
 * @param last the number before that of the next event
 * @param epochOnDisk the newest one in the folder that the numbers went on from; 0 for none
 * @param output where events are written; null when the disk cannot be used
 * @param failure why it cannot; null when it can
 */
record LogStart(
    long epoch,
    long last,
    long epochOnDisk,
    @Nullable SegmentOutput output,
    @Nullable String failure) {
  /**
   * Takes the folder, repairs the end of what is in it, and decides.
   *
   * @param newEpoch names the log's epoch if a new one begins, unless there is a newer one already
   */
  static LogStart in(LogFolder folder, long newEpoch) {
    LogStart found = new LogStart(newEpoch, 0, 0, null, null);
    try {
      folder.open();
      long onDisk = folder.newestEpoch();
      if (onDisk == 0) {
        return found.with(folder.begin(newEpoch, 0, 1));
      }
      folder.follow(onDisk);
      LogTail tail = LogTail.of(folder.readable().segments().getLast());
      found = new LogStart(Math.max(newEpoch, onDisk + 1), tail.last(), onDisk, null, null);
      // Before anything is written: a full disk may be why there is too much.
      folder.retire();
      SegmentHeader header = tail.header();
      if (folder.isComplete(tail) && header != null) {
        return new LogStart(onDisk, tail.last(), onDisk, folder.goOn(tail, header), null);
      }
      return found.with(folder.begin(found.epoch, onDisk, tail.last() + 1));
    } catch (IOException | RuntimeException failed) {
      return new LogStart(
          found.epoch, found.last, found.epochOnDisk, null, LogFolder.reason(failed));
    }
  }

  /** The wall clock in microseconds, which is what epochs are made from. */
  static long micros(InstantSource wallClock) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, wallClock.instant());
  }

  private LogStart with(SegmentOutput begun) {
    return new LogStart(epoch, last, epoch, begun, null);
  }
}
