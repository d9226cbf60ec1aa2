package io.heartbus.server.presence;

import io.heartbus.server.node.Cause;
import io.heartbus.server.node.EventSink;
import io.heartbus.server.node.EventType;
import io.heartbus.server.node.NodeEvent;
import io.heartbus.server.presence.SegmentList.Stretch;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything that happened to nodes, in one order: each event has the next sequence number, and
 * within an epoch no number ever stands for two events. Holds the newest events in memory, and in a
 * folder, if it was opened with one, as many as that may take; whoever asks for older ones is told
 * so. Any number of readers, none of which can slow a writer down.
 *
 * <p>Any thread; nothing but {@link #await} waits, and nothing but {@link #read} touches the disk:
 * for events that have fallen out of memory. A log with a folder owns one platform thread.
 */
public final class PresenceLog implements EventSink, AutoCloseable {
  private static final NodeEvent SERVER_LOST =
      new NodeEvent(
          EventType.MASS_LOSS,
          null,
          0,
          Cause.SERVER_LOST,
          null,
          -1,
          "the server was started anew: all sessions that began before this ended with it");

  private static final int RESTORED_AT_ONCE = 10_000;

  /** How many damaged segments are named one by one. */
  private static final int LOSSES_SHOWN_MAX = 10;

  private final PresenceCounts counts = new PresenceCounts();
  private final Journal journal;
  private final @Nullable LogFolder folder;
  private final @Nullable LogWriter writer;
  private final DiskState disk;
  private final long start;

  /**
   * A log without events, in memory only.
   *
   * @param epoch names this log, so that positions of another are not mistaken for its own
   * @param lastBefore the number before that of the first event
   */
  public PresenceLog(LogSettings settings, InstantSource wallClock, String epoch, long lastBefore) {
    disk = new DiskState(new StuckWatch(0));
    journal = new Journal(wallClock, epoch, new EventRing(settings, lastBefore), disk);
    folder = null;
    writer = null;
    this.start = lastBefore;
  }

  private PresenceLog(LogSettings settings, InstantSource wallClock, Path dir, DiskAccess access) {
    LogFolder opened = new LogFolder(settings, dir, access, wallClock);
    LogStart start = LogStart.in(opened, LogStart.micros(wallClock));
    disk = new DiskState(new StuckWatch(access.stuckNanos()));
    EventRing ring = restored(settings, start.last(), opened.readable());
    journal = new Journal(wallClock, Long.toString(start.epoch()), ring, disk);
    folder = opened;
    this.start = start.last();
    journal.useDisk(start.last());
    String failure = start.failure();
    if (failure != null) {
      journal.loseDisk(failure);
    }
    if (start.last() > 0) {
      append(SERVER_LOST);
    }
    writer = new LogWriter(settings, access, wallClock, journal, opened);
    writer.start(start);
  }

  /**
   * Opens the log that the settings describe: a new one, or the one in their folder. A folder that
   * cannot be used is a warning, and the log holds what memory can.
   */
  public static PresenceLog open(LogSettings settings, InstantSource wallClock) {
    return open(settings, wallClock, DiskAccess.ofThisMachine());
  }

  static PresenceLog open(LogSettings settings, InstantSource wallClock, DiskAccess access) {
    Path dir = settings.dir();
    return dir == null
        ? new PresenceLog(settings, wallClock, Long.toString(LogStart.micros(wallClock)), 0)
        : new PresenceLog(settings, wallClock, dir, access);
  }

  /** The newest of those events, up to the last, as far as they can be had and held. */
  private static EventRing restored(LogSettings settings, long last, SegmentList segments) {
    EventRing ring = new EventRing(settings, last);
    long from = Math.max(segments.firstSeq(last + 1), last - settings.eventsMax() + 1);
    try {
      while (from <= last) {
        Stretch older = segments.read(from, last, RESTORED_AT_ONCE);
        for (PresenceEvent event : older.events()) {
          ring.add(event);
          ring.trim(ring.last());
        }
        from = older.fromSeq() + older.events().size();
      }
    } catch (ClosedByInterruptException interrupted) {
      // They can still be read from the disk.
    }
    if (ring.last() != last) {
      ring.clear(last + 1);
    }
    return ring;
  }

  /** Names this log. Another one takes its place when the disk fails; the numbers go on. */
  public String epoch() {
    return journal.epoch();
  }

  /** What was appended, and what followers missed; they count the gaps they tell. */
  public PresenceCounts counts() {
    return counts;
  }

  /**
   * Whether numbers up to that position mean the same events here, so that whoever was there can go
   * on behind it: in this run under whatever epoch, or in one that this log goes on from.
   */
  public boolean goesOnFrom(LogPosition position) {
    return journal.hadEpoch(position.epoch())
        || (folder != null && folder.goesOnFrom(position, start));
  }

  /** Where it is kept; null when that is nowhere, or the folder cannot be had. */
  public @Nullable Path dir() {
    return folder == null || disk.loss() != null ? null : folder.dir();
  }

  /** The number before that of the first event of this run. */
  public long start() {
    return start;
  }

  /** The number of the newest event that can be read; what was before the first one, if none. */
  public long last() {
    return journal.last();
  }

  /** The number of the oldest event that can be read; {@code last() + 1} when there is none. */
  public long first() {
    return first(journal.view(Long.MAX_VALUE, 0));
  }

  private long first(Journal.View view) {
    return folder == null
        ? view.first()
        : Math.min(view.first(), folder.readable().firstSeq(view.first()));
  }

  @Override
  public void append(NodeEvent what) {
    counts.events(what.type()).increment();
    journal.append(what);
  }

  /**
   * Events in their order, from behind a position.
   *
   * @param epoch whose they are; the position counts in it, even if it came from the one before
   * @param first the oldest event of the log
   * @param last the newest
   * @param gap what is missing between the position and the events; null when nothing is
   * @param events none when there are none behind the position
   */
  public record Slice(
      String epoch, long first, long last, @Nullable Gap gap, List<PresenceEvent> events) {
    /** Where to go on: behind the last event that was handed over or is missing. */
    public long next(long after) {
      if (!events.isEmpty()) {
        return events.getLast().seq();
      }
      return gap == null ? after : gap.next();
    }
  }

  /**
   * Numbers that cannot be read: events that are older than the log, or lost, or that it never had.
   *
   * @param from the first of them
   * @param to the last of them
   * @param next where reading goes on, as {@code after}
   */
  public record Gap(long from, long to, long next) {}

  /**
   * What comes behind {@code after}: no more than so many events, and maybe fewer though there are
   * more. A position outside of the log is answered with a gap and what there is. Reads the disk, a
   * bounded part of it, if that is older than what memory holds.
   */
  public Slice read(long after, int eventsMax) {
    long from = after + 1;
    Journal.View view = journal.view(from, eventsMax);
    long first = first(view);
    if (after > view.last()) {
      // Whoever was ahead has seen another log; what is newer than now is what it missed.
      Gap ahead = new Gap(view.last() + 1, after, view.last());
      return new Slice(view.epoch(), first, view.last(), ahead, List.of());
    }
    if (from >= view.first()) {
      return new Slice(view.epoch(), first, view.last(), null, view.events());
    }
    try {
      SegmentList segments = folder == null ? SegmentList.EMPTY : folder.readable();
      Stretch older = segments.read(from, view.first() - 1, eventsMax);
      long found = older.fromSeq();
      Gap gap = found == from ? null : new Gap(from, found - 1, found - 1);
      List<PresenceEvent> events = older.events().isEmpty() ? view.events() : older.events();
      return new Slice(view.epoch(), first, view.last(), gap, events);
    } catch (ClosedByInterruptException interrupted) {
      return new Slice(view.epoch(), first, view.last(), null, List.of());
    }
  }

  /**
   * Waits until there is an event behind {@code after}, or the log has another epoch, or that time
   * is over.
   *
   * @return whether there is an event
   */
  public boolean await(long after, long limitNanos) throws InterruptedException {
    return journal.await(after, limitNanos);
  }

  /** What is lost, or would be now, for people; none when all is well. */
  public List<String> warnings() {
    Journal.Figures _ = journal.figures();
    List<String> warnings = new ArrayList<>();
    String loss = disk.loss();
    if (loss != null) {
      warnings.add("presence log: " + loss + "; what happens is in memory only");
    }
    if (folder != null) {
      folder.readable().segments().stream()
          .map(Segment::loss)
          .filter(Objects::nonNull)
          .limit(LOSSES_SHOWN_MAX)
          .forEach(lost -> warnings.add("presence log: " + lost));
    }
    return warnings;
  }

  /**
   * How much there is.
   *
   * @param waiting events that are not told yet, because the disk does not have them
   * @param first the oldest event that can be read
   * @param last the newest
   * @param diskFailures how often the disk was given up
   */
  public record Figures(
      long waiting, long first, long last, long memoryBytes, long diskBytes, long diskFailures) {}

  /** How much there is now. */
  public Figures figures() {
    Journal.Figures inMemory = journal.figures();
    return new Figures(
        inMemory.waiting(),
        first(),
        last(),
        inMemory.memoryBytes(),
        folder == null ? 0 : folder.bytes(),
        disk.failures());
  }

  /** No more events: waits, but not for long, until the disk has them all. */
  @Override
  public void close() {
    journal.close();
    if (writer != null) {
      writer.close();
    }
  }
}
