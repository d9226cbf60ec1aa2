package io.heartbus.server.connection;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** Where the other end of a socket is. */
final class PeerAddress {
  private PeerAddress() {}

  /** The address, or null when the socket is closed. */
  static @Nullable InetSocketAddress of(SocketChannel socket) {
    try {
      return (InetSocketAddress) socket.getRemoteAddress();
    } catch (IOException closed) {
      return null;
    }
  }

  /** The address as {@code host:port}. */
  static String text(SocketChannel socket) {
    InetSocketAddress peer = of(socket);
    return peer == null ? "closed" : peer.getAddress().getHostAddress() + ":" + peer.getPort();
  }
}
