package io.heartbus.loadtest.compare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * The floor of a server on virtual threads: one for each connection, which sends back what it
 * reads, and does nothing else.
 */
public final class LoomEcho {
  private static final int BACKLOG = 4096;

  /** More than one message; larger reads are for those who batch. */
  private static final int READ_BYTES = 2048;

  private LoomEcho() {}

  /** Serves for ever on a free port of loopback, which it prints. */
  public static void main(String[] args) throws IOException {
    ServerSocketChannel listening = ServerSocketChannel.open();
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    System.out.println("ready: port " + listening.socket().getLocalPort());
    while (true) {
      SocketChannel node = listening.accept();
      node.setOption(StandardSocketOptions.TCP_NODELAY, true);
      Thread.ofVirtual().start(() -> echo(node));
    }
  }

  private static void echo(SocketChannel node) {
    ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
    try (node) {
      while (node.read(buffer.clear()) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          node.write(buffer);
        }
      }
    } catch (IOException gone) {
      // A client that resets has left.
      return;
    }
  }
}
