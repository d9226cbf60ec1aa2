package io.heartbus.watch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A line to a server that a test can cut, wherever in the stream that may be. Any thread. */
final class BreakableLine implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final InetSocketAddress server;

  BreakableLine(InetSocketAddress server) throws IOException {
    this.server = server;
    Thread.ofVirtual().start(this::acceptAll);
  }

  /** Where its near end is. */
  String address() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  /** Cuts everything that goes over it now; what was on its way is lost. */
  void cut() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket near = listener.accept();
        Socket far = new Socket();
        sockets.add(near);
        sockets.add(far);
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        Thread.ofVirtual().start(() -> connect(near, far));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void connect(Socket near, Socket far) {
    try {
      far.connect(server);
      Thread.ofVirtual().start(() -> carry(far, near));
      carry(near, far);
    } catch (IOException refused) {
      hangUp(near, far);
    }
  }

  private void carry(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      // Small pieces, so that a cut falls inside frames.
      byte[] piece = new byte[700];
      for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
        out.write(piece, 0, count);
      }
    } catch (IOException cut) {
      // That is what it is for.
    } finally {
      hangUp(from, to);
    }
  }

  private void hangUp(Socket one, Socket other) {
    sockets.remove(one);
    sockets.remove(other);
    try (one;
        other) {
      // Closing is all.
    } catch (IOException gone) {
      // It had ended before.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
  }
}
