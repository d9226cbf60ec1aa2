package io.heartbus.server.connection;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** A socket that notes each write by itself, which a real one never tells. Nothing comes in. */
final class RecordingSocket extends MemorySocket {
  private final List<byte[]> writes = new ArrayList<>();
  private final int bytesPerWriteMax;
  private boolean outputShutDown;

  /** A socket that takes so many bytes at a time. */
  RecordingSocket(int bytesPerWriteMax) {
    this.bytesPerWriteMax = bytesPerWriteMax;
  }

  /** The bytes of each write so far, in order. */
  synchronized List<byte[]> writes() {
    return List.copyOf(writes);
  }

  synchronized boolean outputShutDown() {
    return outputShutDown;
  }

  @Override
  public synchronized int write(ByteBuffer source) throws IOException {
    if (outputShutDown || !isOpen()) {
      throw new ClosedChannelException();
    }
    byte[] part = new byte[Math.min(source.remaining(), bytesPerWriteMax)];
    source.get(part);
    writes.add(part);
    return part.length;
  }

  @Override
  public synchronized SocketChannel shutdownOutput() {
    outputShutDown = true;
    return this;
  }

  @Override
  public int read(ByteBuffer target) {
    throw new UnsupportedOperationException();
  }
}
