package io.heartbus.client;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.FrameLog;
import io.heartbus.protocol.FrameReader;
import io.heartbus.protocol.FrameType;
import io.heartbus.protocol.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The frames that come in on one connection, by blocking reads. Belongs to the thread that reads;
 * any thread may ask when something was last heard.
 */
final class FrameInput {
  private static final Logger FRAMES = LoggerFactory.getLogger("io.heartbus.client.frames");

  private static final int BUFFER_BYTES = 8 * 1024;

  private final SocketChannel socket;
  private final Counters counters;
  private final FrameReader reader = new FrameReader(Role.SERVER);
  private volatile long heardNanos = System.nanoTime();
  private volatile boolean midFrame;
  private volatile long frameBegunNanos;

  FrameInput(SocketChannel socket, Counters counters) {
    this.socket = socket;
    this.counters = counters;
  }

  /** From now on frames may be that long. */
  void registered(int frameBytesMax) {
    reader.registered(frameBytesMax);
  }

  /**
   * Waits for the next frame of a type that SPEC lists; others are skipped, and count as life.
   *
   * @return null when the stream ended between two frames
   * @throws io.heartbus.protocol.ProtocolException when the server broke SPEC
   */
  @Nullable Frame next() throws IOException {
    while (true) {
      while (reader.advance()) {
        midFrame = false;
        Frame frame = FrameType.of(reader.typeCode()) == null ? null : reader.frame();
        heardNanos = System.nanoTime();
        counters.framesReceived.increment();
        if (frame != null) {
          if (FRAMES.isTraceEnabled()) {
            FRAMES.trace("{}", FrameLog.received(frame));
          }
          return frame;
        }
        counters.framesSkipped.increment();
      }
      if (!read()) {
        return null;
      }
    }
  }

  private boolean read() throws IOException {
    if (reader.midFrame() && !midFrame) {
      frameBegunNanos = System.nanoTime();
      midFrame = true;
    }
    int waiting = reader.filled() ? socket.socket().getInputStream().available() : 0;
    int count = socket.read(reader.intake(waiting));
    if (count < 0) {
      if (reader.midFrame()) {
        throw new ConnectionLostException("the server closed the connection within a frame");
      }
      return false;
    }
    counters.bytesReceived.add(count);
    return true;
  }

  /** Reads and forgets until the server closes, so that it gets to read what was written last. */
  void drain() throws IOException {
    ByteBuffer forgotten = ByteBuffer.allocate(BUFFER_BYTES);
    long left = Limits.LINGER_BYTES;
    while (left > 0) {
      int count = socket.read(forgotten.clear());
      if (count < 0) {
        return;
      }
      left -= count;
    }
  }

  /** When the last complete frame came in. */
  long heardNanos() {
    return heardNanos;
  }

  /** For how long the present frame has been incomplete; 0 = none is. */
  long midFrameNanos(long nowNanos) {
    return midFrame ? nowNanos - frameBegunNanos : 0;
  }
}
