package io.heartbus.server.connection;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;

/** A socket without a kernel behind it: what a connection never asks for is refused. */
abstract class MemorySocket extends SocketChannel {
  private static final InetSocketAddress HERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

  MemorySocket() {
    super(SelectorProvider.provider());
  }

  @Override
  public final SocketAddress getRemoteAddress() {
    return HERE;
  }

  @Override
  public final SocketAddress getLocalAddress() {
    return HERE;
  }

  @Override
  public final boolean isConnected() {
    return true;
  }

  @Override
  public final boolean isConnectionPending() {
    return false;
  }

  @Override
  public final boolean finishConnect() {
    return true;
  }

  @Override
  protected final void implConfigureBlocking(boolean block) {}

  @Override
  protected void implCloseSelectableChannel() {}

  @Override
  public Socket socket() {
    throw new UnsupportedOperationException();
  }

  @Override
  public SocketChannel shutdownOutput() {
    throw new UnsupportedOperationException();
  }

  @Override
  public final long write(ByteBuffer[] sources, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public final long read(ByteBuffer[] targets, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public final SocketChannel bind(SocketAddress local) {
    throw new UnsupportedOperationException();
  }

  @Override
  public final <T> SocketChannel setOption(SocketOption<T> name, T value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public final <T> T getOption(SocketOption<T> name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public final Set<SocketOption<?>> supportedOptions() {
    return Set.of();
  }

  @Override
  public final SocketChannel shutdownInput() {
    throw new UnsupportedOperationException();
  }

  @Override
  public final boolean connect(SocketAddress remote) {
    throw new UnsupportedOperationException();
  }
}
