package io.heartbus.server.presence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file of the log: a header, and events in a row. Any thread reads it, for which the file is
 * opened anew each time; what was found damaged is said once and not read again.
 *
 * <p>Remembers where every thousandth event begins, as far as somebody has come, so that a reading
 * passes over few events that nobody asked for.
 */
final class Segment {
  private static final Logger LOG = LoggerFactory.getLogger(Segment.class);
  private static final int EVENTS_PER_PLACE = 1024;
  private static final int PLACES_MIN = 4;

  /** How much of the file one reading hands over, about. */
  private static final long READ_BYTES_MAX = 1 << 20;

  private final DiskAccess disk;
  private final Path file;
  private final long epoch;
  private final long firstSeq;

  /** Guards the two below, for no longer than it takes to copy them. */
  private final ReentrantLock lock = new ReentrantLock();

  /** Where events begin: first, first + 1024, and so on. */
  private long[] places = new long[PLACES_MIN];

  private int placesKnown;

  /** Written by the thread of the log; as are the next two. */
  private volatile long bytes;

  private volatile long closedAtMs;
  private volatile boolean retired;

  /** What cannot be read, for people. Set once. */
  private volatile @Nullable String loss;

  /** From which number on; whoever finds it writes the same. */
  private volatile long lostFromSeq = Long.MAX_VALUE;

  Segment(DiskAccess disk, Path file, long epoch, long firstSeq) {
    this.disk = disk;
    this.file = file;
    this.epoch = epoch;
    this.firstSeq = firstSeq;
    mark(firstSeq, SegmentHeader.BYTES);
  }

  Path file() {
    return file;
  }

  long epoch() {
    return epoch;
  }

  long firstSeq() {
    return firstSeq;
  }

  /** How large the file is. */
  long bytes() {
    return bytes;
  }

  void bytes(long now) {
    bytes = now;
  }

  /** Wall clock of the last write. */
  long closedAtMs() {
    return closedAtMs;
  }

  void closedAtMs(long nowMs) {
    closedAtMs = nowMs;
  }

  /** From here on it is no surprise that the file is not there. */
  void retire() {
    retired = true;
  }

  /** What of it cannot be read; null when nothing is known to be lost. */
  @Nullable String loss() {
    return loss;
  }

  /** The header; null when it is damaged, or somebody else's. */
  @Nullable SegmentHeader header() throws IOException {
    ByteBuffer head = ByteBuffer.allocate(SegmentHeader.BYTES);
    try (FileChannel channel = disk.opener().open(file, StandardOpenOption.READ)) {
      while (head.hasRemaining() && channel.read(head) >= 0) {
        // A read may be short.
      }
    }
    SegmentHeader header = SegmentHeader.decode(head.flip());
    boolean ours = header != null && header.epoch() == epoch && header.firstSeq() == firstSeq;
    return ours ? header : null;
  }

  /** Notes where an event begins. */
  void mark(long seq, long offset) {
    if ((seq - firstSeq) % EVENTS_PER_PLACE != 0) {
      return;
    }
    lock.lock();
    try {
      if (seq - firstSeq != (long) placesKnown * EVENTS_PER_PLACE) {
        return;
      }
      if (placesKnown == places.length) {
        places = Arrays.copyOf(places, places.length * 2);
      }
      places[placesKnown++] = offset;
    } finally {
      lock.unlock();
    }
  }

  /** A reading from the last place that is known before that event, or at it. */
  SegmentScan scan(long seq) throws IOException {
    int place;
    long offset;
    lock.lock();
    try {
      place = (int) Math.min((seq - firstSeq) / EVENTS_PER_PLACE, placesKnown - 1L);
      offset = places[place];
    } finally {
      lock.unlock();
    }
    return new SegmentScan(
        disk.opener().open(file, StandardOpenOption.READ),
        new RecordCodec(epoch),
        firstSeq + (long) place * EVENTS_PER_PLACE,
        offset);
  }

  /**
   * Events in a row: some from {@code fromSeq} on, none behind {@code toSeq}, and no more than so
   * many. None at all when the first one cannot be read.
   *
   * @throws ClosedByInterruptException when the thread was interrupted; that says nothing about the
   *     disk
   */
  List<PresenceEvent> read(long fromSeq, long toSeq, int eventsMax)
      throws ClosedByInterruptException {
    if (fromSeq >= lostFromSeq) {
      return List.of();
    }
    List<PresenceEvent> events = new ArrayList<>();
    try (SegmentScan scan = scan(fromSeq)) {
      long startOffset = Long.MAX_VALUE;
      while (events.size() < eventsMax
          && scan.seq() <= toSeq
          && scan.offset() - startOffset < READ_BYTES_MAX) {
        mark(scan.seq(), scan.offset());
        PresenceEvent event = scan.next();
        if (event == null) {
          lost(scan.seq());
          break;
        }
        if (event.seq() >= fromSeq) {
          startOffset = Math.min(startOffset, scan.offset());
          events.add(event);
        }
      }
    } catch (ClosedByInterruptException interrupted) {
      throw interrupted;
    } catch (NoSuchFileException gone) {
      if (!retired) {
        say("it is gone, and with it the events from " + firstSeq + " on");
      }
    } catch (IOException failed) {
      // It may be read another time, so only this reading goes without.
      say("it could not be read: " + LogFolder.reason(failed));
    }
    return events;
  }

  /** It is damaged: there is nothing to be read from that event on. */
  void lost(long seq) {
    lostFromSeq = seq;
    say("it is damaged, and its events from " + seq + " on are lost");
  }

  private void say(String what) {
    boolean first;
    lock.lock();
    try {
      first = loss == null;
      if (first) {
        loss = file.getFileName() + ": " + what;
      }
    } finally {
      lock.unlock();
    }
    if (first) {
      LOG.warn("presence log: {}", loss);
    }
  }
}
