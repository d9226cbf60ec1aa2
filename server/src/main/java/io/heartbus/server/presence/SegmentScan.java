package io.heartbus.server.presence;

import io.heartbus.server.presence.RecordCodec.Decoded;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** A reading of one segment's events, one after the other. One thread; close it. */
final class SegmentScan implements AutoCloseable {
  private static final int BUFFER_BYTES = 2 * RecordCodec.RECORD_BYTES_MAX;

  /** Where a reading comes to its end. */
  enum End {
    /** Behind a whole record, or behind the header. */
    WHOLE,
    /** Behind the mark of a log that was closed. */
    CLOSED,
    /** Within a record, of which there is a beginning and nothing else. */
    TORN,
    /** At bytes that were never written so. */
    BROKEN
  }

  private final FileChannel file;
  private final RecordCodec codec;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
  private long seq;
  private long offset;
  private End end = End.WHOLE;

  /**
   * A reading that begins with the event of that number, which is there.
   *
   * @param file is closed with this
   */
  SegmentScan(FileChannel file, RecordCodec codec, long seq, long offset) {
    this.file = file;
    this.codec = codec;
    this.seq = seq;
    this.offset = offset;
  }

  /** The number of the next event. */
  long seq() {
    return seq;
  }

  /** Where the next event begins, in bytes from the beginning of the file. */
  long offset() {
    return offset;
  }

  /** Why there was no next event. */
  End end() {
    return end;
  }

  /** The next event; null when there is none, and there will not be. */
  @Nullable PresenceEvent next() throws IOException {
    while (true) {
      int before = buffer.position();
      switch (codec.decode(buffer, seq)) {
        case Decoded.Event(PresenceEvent event) -> {
          offset += buffer.position() - before;
          seq++;
          end = End.WHOLE;
          return event;
        }
        case Decoded.Other.MARK -> {
          offset += buffer.position() - before;
          end = End.CLOSED;
        }
        case Decoded.Other.TORN -> {
          if (!fill()) {
            end = buffer.hasRemaining() ? End.TORN : end;
            return null;
          }
        }
        case Decoded.Other.BROKEN -> {
          end = End.BROKEN;
          return null;
        }
      }
    }
  }

  /** Whether there are nothing but zeros from here on: room that a file got and never used. */
  boolean onlyZerosLeft() throws IOException {
    do {
      while (buffer.hasRemaining()) {
        if (buffer.get() != 0) {
          return false;
        }
        offset++;
      }
    } while (fill());
    return true;
  }

  /** Reads more behind what is left. Returns whether there was any. */
  private boolean fill() throws IOException {
    long position = offset + buffer.remaining();
    buffer.compact();
    int read = file.read(buffer, position);
    buffer.flip();
    return read > 0;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
