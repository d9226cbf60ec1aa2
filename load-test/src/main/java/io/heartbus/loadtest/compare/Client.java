package io.heartbus.loadtest.compare;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * One connection of the generator. Reading belongs to one thread; one other may send at the same
 * time, each out of a buffer of its own.
 */
final class Client {
  private static final byte[] NOTHING = new byte[0];

  private final SocketChannel socket;
  private final Conversation conversation;
  private final Underway underway = new Underway();

  /** What came in of something that is not whole. Belongs to the thread that reads. */
  private byte[] kept = NOTHING;

  private Client(SocketChannel socket, Conversation conversation) {
    this.socket = socket;
    this.conversation = conversation;
  }

  /** Connects, which loopback does at once, and has the selector report what comes in. */
  static Client open(Selector selector, InetSocketAddress server, Conversation conversation)
      throws IOException {
    SocketChannel socket = SocketChannel.open(server);
    Client client = new Client(socket, conversation);
    try {
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      // Its end is a reset: tens of thousands of closed ones would hold their ports for a minute.
      socket.setOption(StandardSocketOptions.SO_LINGER, 0);
      socket.configureBlocking(false);
      socket.register(selector, SelectionKey.OP_READ, client);
      return client;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  Conversation conversation() {
    return conversation;
  }

  Underway underway() {
    return underway;
  }

  /** Reads once, behind what was kept. */
  void receive(ByteBuffer in) throws IOException {
    int count = socket.read(in.clear().put(kept));
    if (count < 0) {
      throw new IOException("the server closed a connection");
    }
    in.flip();
  }

  /** Keeps the rest until the next time. */
  void keep(ByteBuffer in) {
    if (in.hasRemaining()) {
      kept = new byte[in.remaining()];
      in.get(kept);
    } else {
      kept = NOTHING;
    }
  }

  /** Sends what was written to the buffer, and empties it. */
  void send(ByteBuffer out) throws IOException {
    out.flip();
    if (out.hasRemaining()) {
      socket.write(out);
    }
    if (out.hasRemaining()) {
      // So little is under way that only a server that stands still lets it pile up.
      throw new IOException("the server does not read");
    }
    out.clear();
  }

  void close() {
    try {
      socket.close();
    } catch (IOException alreadyGone) {
      // There is nobody to tell, and the descriptor is freed all the same.
      return;
    }
  }
}
