package io.heartbus.server.presence;

import io.heartbus.server.presence.SegmentScan.End;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How the newest segment of a log ends that was left behind, and whether it can be gone on with.
 *
 * @param header null when it is damaged
 * @param last the number of the last event that can be read
 * @param goodBytes where that ends; the mark of a log that was closed comes behind it
 * @param end what is there
 */
record LogTail(
    Segment segment, @Nullable SegmentHeader header, long last, long goodBytes, End end) {

  /** Reads the segment. */
  static LogTail of(Segment segment) throws IOException {
    SegmentHeader header = segment.header();
    long seq = segment.firstSeq();
    if (header == null) {
      return new LogTail(segment, null, seq - 1, 0, End.BROKEN);
    }
    try (SegmentScan scan = segment.scan(seq)) {
      long goodBytes;
      do {
        goodBytes = scan.offset();
        segment.mark(scan.seq(), goodBytes);
      } while (scan.next() != null);
      long last = scan.seq() - 1;
      End end = scan.end();
      // A file may get room before it gets the bytes; but nobody was told of what was not synced.
      if (end == End.BROKEN && header.syncedBeforeTold() && scan.onlyZerosLeft()) {
        end = End.TORN;
      }
      return new LogTail(segment, header, last, goodBytes, end);
    }
  }

  /**
   * Whether it was written so. A record that ends too early is no damage: nobody was told of it.
   */
  boolean sound() {
    return header != null && end != End.BROKEN;
  }

  /**
   * Whether everything is here that was told.
   *
   * @param boot the present run of the operating system
   */
  boolean complete(UUID boot) {
    return header != null
        && end != End.BROKEN
        && (end == End.CLOSED || header.syncedBeforeTold() || header.writtenIn(boot));
  }
}
