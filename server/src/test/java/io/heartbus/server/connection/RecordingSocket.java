package io.heartbus.server.connection;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A socket that notes each write by itself, which a real one never tells. Nothing comes in. */
final class RecordingSocket extends SocketChannel {
  private final List<byte[]> writes = new ArrayList<>();
  private final int bytesPerWriteMax;
  private boolean outputShutDown;

  /** A socket that takes so many bytes at a time. */
  RecordingSocket(int bytesPerWriteMax) {
    super(SelectorProvider.provider());
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
  public SocketAddress getRemoteAddress() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
  }

  @Override
  public SocketAddress getLocalAddress() {
    return getRemoteAddress();
  }

  @Override
  protected void implCloseSelectableChannel() {}

  @Override
  protected void implConfigureBlocking(boolean block) {}

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int read(ByteBuffer target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public SocketChannel bind(SocketAddress local) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T> SocketChannel setOption(SocketOption<T> name, T value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T> T getOption(SocketOption<T> name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return Set.of();
  }

  @Override
  public SocketChannel shutdownInput() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket socket() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public boolean isConnectionPending() {
    return false;
  }

  @Override
  public boolean connect(SocketAddress remote) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean finishConnect() {
    return true;
  }
}
