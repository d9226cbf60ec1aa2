package io.heartbus.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Makes TCP connections, trying all addresses of a name. Belongs to the thread that connects; any
 * thread may {@link #abort} for good.
 */
final class Dialer {
  private volatile @Nullable SocketChannel pending;
  private volatile boolean aborted;

  /**
   * @param timeout for each address of the server
   */
  SocketChannel dial(ServerAddress server, Duration timeout) throws IOException {
    ConnectException failure = new ConnectException("cannot connect to " + server);
    for (InetAddress address : resolve(server)) {
      try {
        return dial(new InetSocketAddress(address, server.port()), timeout);
      } catch (ClosedChannelException e) {
        throw e;
      } catch (IOException e) {
        ConnectException next =
            new ConnectException("cannot connect to " + server + ": " + e.getMessage());
        next.initCause(e);
        failure = next;
      }
    }
    throw failure;
  }

  /** Ends the attempt under way, and every later one. */
  void abort() {
    aborted = true;
    SocketChannel present = pending;
    if (present != null) {
      closeQuietly(present);
    }
  }

  static void closeQuietly(SocketChannel socket) {
    try {
      socket.close();
    } catch (IOException alreadyGone) {
      // Closing is all that was wanted.
    }
  }

  private SocketChannel dial(InetSocketAddress address, Duration timeout) throws IOException {
    SocketChannel socket = SocketChannel.open();
    pending = socket;
    boolean connected = false;
    try {
      if (aborted) {
        throw new ClosedChannelException();
      }
      socket.socket().connect(address, (int) timeout.toMillis());
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      connected = true;
      return socket;
    } finally {
      pending = null;
      if (!connected) {
        closeQuietly(socket);
      }
    }
  }

  private static InetAddress[] resolve(ServerAddress server) throws ConnectException {
    try {
      return InetAddress.getAllByName(server.host());
    } catch (UnknownHostException e) {
      ConnectException failure =
          new ConnectException("cannot connect to " + server + ": no such host");
      failure.initCause(e);
      throw failure;
    }
  }
}
