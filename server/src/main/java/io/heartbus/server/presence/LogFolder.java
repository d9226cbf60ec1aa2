package io.heartbus.server.presence;

import io.heartbus.server.presence.LogSettings.Fsync;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of the log: a lock that keeps other servers out, and segments. A segment has its final
 * name only once its header is on the disk; before, it is a draft, and one that is left over after
 * a crash is thrown away.
 *
 * <p>Any thread may ask for the segments that can be read. Everything else belongs to one thread at
 * a time: the one that starts the log, then the log's own.
 */
final class LogFolder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogFolder.class);
  private static final Pattern SEGMENT = Pattern.compile("presence-(\\d{19})-(\\d{19})\\.events");
  private static final Pattern EPOCH = Pattern.compile("\\d{1,18}");
  private static final String DRAFT = ".draft";
  private static final String OURS = "presence-*";

  private final LogSettings settings;
  private final Path dir;
  private final DiskAccess disk;
  private final InstantSource wallClock;
  private @Nullable FolderLock lock;

  /** All segments, by epoch and number. */
  private volatile SegmentList all = SegmentList.EMPTY;

  /** Those whose numbers are this log's: of its epoch, and of those that it went on from. */
  private volatile SegmentList readable = SegmentList.EMPTY;

  LogFolder(LogSettings settings, Path dir, DiskAccess disk, InstantSource wallClock) {
    this.settings = settings;
    this.dir = dir;
    this.disk = disk;
    this.wallClock = wallClock;
  }

  /** Those that are this log's. Any thread. */
  SegmentList readable() {
    return readable;
  }

  /**
   * Whether everything up to that position is that epoch's here, and so what comes behind it. Any
   * thread.
   *
   * @param last the number of the newest event that was here when the log was opened
   */
  boolean goesOnFrom(LogPosition position, long last) {
    return EPOCH.matcher(position.epoch()).matches()
        && position.seq() <= readable.lastSeqOf(Long.parseLong(position.epoch()), last);
  }

  Path dir() {
    return dir;
  }

  /** How large all files are. Any thread. */
  long bytes() {
    return all.bytes();
  }

  /**
   * Takes the folder, anew if it had it, and finds out what is in it.
   *
   * @throws IOException when it cannot be had, or another server has it
   */
  void open() throws IOException {
    close();
    Files.createDirectories(dir);
    lock = FolderLock.take(dir, disk);
    List<Segment> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, OURS)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        Matcher matcher = SEGMENT.matcher(name);
        if (matcher.matches()) {
          found.add(segment(file, matcher));
        } else if (name.endsWith(DRAFT)) {
          Files.delete(file);
        }
      }
    }
    found.sort(Comparator.comparingLong(Segment::epoch).thenComparingLong(Segment::firstSeq));
    all = new SegmentList(found);
  }

  private Segment segment(Path file, Matcher name) throws IOException {
    Segment segment =
        new Segment(disk, file, Long.parseLong(name.group(1)), Long.parseLong(name.group(2)));
    segment.bytes(Files.size(file));
    segment.closedAtMs(Files.getLastModifiedTime(file).toMillis());
    return segment;
  }

  /** The newest epoch that has segments here; 0 when there are none. */
  long newestEpoch() {
    List<Segment> segments = all.segments();
    return segments.isEmpty() ? 0 : segments.getLast().epoch();
  }

  /** From here on the segments of that epoch are read, and those that it went on from. */
  void follow(long epoch) {
    List<Segment> chosen = new ArrayList<>();
    long wanted = epoch;
    while (wanted != 0) {
      long current = wanted;
      List<Segment> own =
          all.segments().stream().filter(segment -> segment.epoch() == current).toList();
      chosen.addAll(0, own);
      long previous = previousEpoch(own);
      wanted = previous < current ? previous : 0;
    }
    readable = new SegmentList(chosen);
  }

  private static long previousEpoch(List<Segment> ofOneEpoch) {
    for (Segment segment : ofOneEpoch) {
      try {
        SegmentHeader header = segment.header();
        if (header != null) {
          return header.previousEpoch();
        }
      } catch (IOException unreadable) {
        // They all say the same, so another one will do.
      }
    }
    return 0;
  }

  /** Whether everything is here that was told; if not, says what may be lost. */
  boolean isComplete(LogTail tail) {
    if (!tail.sound()) {
      tail.segment().lost(tail.last() + 1);
    } else if (!tail.complete(disk.boot())) {
      LOG.warn(
          "presence log: the machine went down, and events behind {} may be lost: a new epoch",
          tail.last());
    }
    return tail.complete(disk.boot());
  }

  /** Goes on with the epoch that ends there: in the same segment, if it was written alike. */
  SegmentOutput goOn(LogTail tail, SegmentHeader header) throws IOException {
    boolean alike =
        header.writtenIn(disk.boot())
            && header.syncedBeforeTold() == (settings.fsync() == Fsync.ALWAYS);
    if (!alike || tail.goodBytes() >= settings.segmentBytes()) {
      return begin(header.epoch(), header.previousEpoch(), tail.last() + 1);
    }
    Segment segment = tail.segment();
    FileChannel file = disk.opener().open(segment.file(), StandardOpenOption.WRITE);
    try {
      file.truncate(tail.goodBytes());
      file.position(tail.goodBytes());
      // A mark that came back with a power cut would vouch for events that did not.
      file.force(true);
    } catch (IOException failed) {
      file.close();
      throw failed;
    }
    segment.bytes(tail.goodBytes());
    return new SegmentOutput(segment, header, file);
  }

  /** Begins a segment that is the newest part of the log from now on. */
  SegmentOutput begin(long epoch, long previousEpoch, long firstSeq) throws IOException {
    SegmentOutput output = draft(epoch, previousEpoch, firstSeq);
    try {
      adopt(output);
    } catch (IOException failed) {
      output.close();
      throw failed;
    }
    return output;
  }

  /** Begins a segment as a draft, which nobody takes for a part of the log. */
  SegmentOutput draft(long epoch, long previousEpoch, long firstSeq) throws IOException {
    SegmentHeader header =
        new SegmentHeader(
            epoch,
            previousEpoch,
            firstSeq,
            wallClock.millis(),
            disk.boot(),
            settings.fsync() == Fsync.ALWAYS);
    Path path = dir.resolve("presence-%019d-%019d.events".formatted(epoch, firstSeq));
    FileChannel file =
        disk.opener()
            .open(
                draftOf(path),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
    SegmentOutput output =
        new SegmentOutput(new Segment(disk, path, epoch, firstSeq), header, file);
    try {
      output.begin();
    } catch (IOException failed) {
      file.close();
      throw failed;
    }
    return output;
  }

  private static Path draftOf(Path file) {
    return file.resolveSibling(file.getFileName() + DRAFT);
  }

  /** Makes a draft the newest part of the log, for good. */
  void adopt(SegmentOutput draft) throws IOException {
    Segment segment = draft.segment();
    draft.sync();
    Files.move(draftOf(segment.file()), segment.file(), StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel folder = disk.opener().open(dir, StandardOpenOption.READ)) {
      folder.force(true);
    }
    all = all.with(segment);
    readable = readable.with(segment);
  }

  /**
   * Deletes the oldest segments for as long as all of them take too much, or are too old; never the
   * newest, for which room is left to grow to its full size.
   */
  void retire() throws IOException {
    long nowMs = wallClock.millis();
    while (all.segments().size() > 1) {
      Segment oldest = all.segments().getFirst();
      long newestBytes = all.segments().getLast().bytes();
      long expectedBytes = all.bytes() + Math.max(0, settings.segmentBytes() - newestBytes);
      if (expectedBytes <= settings.retainBytes()
          && nowMs - oldest.closedAtMs() <= settings.retainMs()) {
        return;
      }
      oldest.retire();
      readable = readable.without(oldest);
      all = all.without(oldest);
      Files.deleteIfExists(oldest.file());
    }
  }

  /** Lets other servers have it. What can be read stays so. */
  @Override
  public void close() throws IOException {
    if (lock != null) {
      lock.close();
      lock = null;
    }
  }

  /** A failure as one line; the messages of file systems are often just a path. */
  static String reason(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return failure.getClass() == IOException.class
        ? message
        : failure.getClass().getSimpleName() + ": " + message;
  }
}
