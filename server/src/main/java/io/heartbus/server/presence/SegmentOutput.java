package io.heartbus.server.presence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;

/**
 * The end of the segment that events are added to. What it was given is in the file when a call
 * returns, where it survives the death of this process; on the disk only once it was synced.
 *
 * <p>Belongs to the thread of the log. After an IOException nothing is to be added any more: what
 * is in the file by then is not known.
 */
final class SegmentOutput implements AutoCloseable {
  private static final int BUFFER_BYTES = 4 * RecordCodec.RECORD_BYTES_MAX;

  private final Segment segment;
  private final SegmentHeader header;
  private final FileChannel file;
  private final RecordCodec codec;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private boolean unsynced;

  /** Goes on at the end of a file that begins with that header. */
  SegmentOutput(Segment segment, SegmentHeader header, FileChannel file) {
    this.segment = segment;
    this.header = header;
    this.file = file;
    this.codec = new RecordCodec(header.epoch());
  }

  Segment segment() {
    return segment;
  }

  SegmentHeader header() {
    return header;
  }

  /** Whether there is something that the disk may not have. */
  boolean unsynced() {
    return unsynced;
  }

  /** Writes the header of a file that is new. */
  void begin() throws IOException {
    header.encode(buffer);
    drain();
  }

  /**
   * Writes events, of which the first one's number is that behind the last one written: as many as
   * there are, or until the file has that size.
   *
   * @return the number of the last that was written
   */
  long write(List<PresenceEvent> events, long fileBytesMax) throws IOException {
    long last = events.getFirst().seq() - 1;
    for (PresenceEvent event : events) {
      if (buffer.remaining() < RecordCodec.RECORD_BYTES_MAX) {
        drain();
      }
      segment.mark(event.seq(), segment.bytes() + buffer.position());
      codec.encode(event, buffer);
      last = event.seq();
      if (segment.bytes() + buffer.position() >= fileBytesMax) {
        break;
      }
    }
    drain();
    return last;
  }

  /** Says that the log was closed before the event of that number, and that all of it is there. */
  void finish(long nextSeq) throws IOException {
    codec.encodeMark(nextSeq, buffer);
    drain();
    sync();
  }

  /** Waits until the disk has it all. */
  void sync() throws IOException {
    if (unsynced) {
      file.force(false);
      unsynced = false;
    }
  }

  private void drain() throws IOException {
    buffer.flip();
    unsynced |= buffer.hasRemaining();
    while (buffer.hasRemaining()) {
      int written = file.write(buffer);
      segment.bytes(segment.bytes() + written);
    }
    buffer.clear();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
