package io.heartbus.server.presence;

import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;

/**
 * Segments whose numbers go on from one to the next, the oldest first. Immutable; any thread.
 *
 * <p>A segment ends where the next one begins, whatever it holds: what is written twice is read
 * from the later one, and what is between two of them is missing.
 */
record SegmentList(List<Segment> segments) {
  static final SegmentList EMPTY = new SegmentList(List.of());

  SegmentList {
    segments = List.copyOf(segments);
  }

  SegmentList with(Segment newest) {
    List<Segment> longer = new ArrayList<>(segments);
    // An empty one that was begun under other conditions has the same name.
    longer.removeIf(segment -> segment.file().equals(newest.file()));
    longer.add(newest);
    return new SegmentList(longer);
  }

  SegmentList without(Segment gone) {
    return new SegmentList(segments.stream().filter(segment -> segment != gone).toList());
  }

  /** The number of the oldest event there may be; {@code none} when there is no segment. */
  long firstSeq(long none) {
    return segments.isEmpty() ? none : segments.getFirst().firstSeq();
  }

  /**
   * Up to which number an epoch's are those of these segments: what it told beyond that was lost,
   * and the next one began there.
   *
   * @param newest the answer for the newest epoch, which nothing followed
   * @return -1 when no segment is of that epoch
   */
  long lastSeqOf(long epoch, long newest) {
    long last = -1;
    for (Segment segment : segments) {
      if (segment.epoch() == epoch) {
        last = newest;
      } else if (last >= 0) {
        return segment.firstSeq() - 1;
      }
    }
    return last;
  }

  /** How large their files are. */
  long bytes() {
    return segments.stream().mapToLong(Segment::bytes).sum();
  }

  /**
   * Events in a row.
   *
   * @param fromSeq where they begin: later than asked for when what is between cannot be read
   */
  record Stretch(long fromSeq, List<PresenceEvent> events) {}

  /**
   * The next events that can be read, from {@code fromSeq} to {@code toSeq}: no more than so many,
   * and none only when there are none. Reads the disk, of one segment at most unless some are
   * damaged.
   *
   * @throws ClosedByInterruptException when the thread was interrupted; that says nothing about the
   *     disk
   */
  Stretch read(long fromSeq, long toSeq, int eventsMax) throws ClosedByInterruptException {
    long from = fromSeq;
    for (int i = Math.max(0, indexOf(from)); i < segments.size() && from <= toSeq; i++) {
      from = Math.max(from, segments.get(i).firstSeq());
      long next = i + 1 < segments.size() ? segments.get(i + 1).firstSeq() : Long.MAX_VALUE;
      long to = Math.min(toSeq, next - 1);
      if (from <= to) {
        List<PresenceEvent> events = segments.get(i).read(from, to, eventsMax);
        if (!events.isEmpty()) {
          return new Stretch(from, events);
        }
        from = to + 1;
      }
    }
    return new Stretch(toSeq + 1, List.of());
  }

  /** The last one that begins at that number or before it; -1 when all begin later. */
  private int indexOf(long seq) {
    int low = 0;
    int high = segments.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (segments.get(middle).firstSeq() <= seq) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }
}
