package io.heartbus.loadtest;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.FrameWriter;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.protocol.Wire;
import java.io.IOException;
import java.net.BindException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Arrays;

/**
 * One non-blocking socket that speaks frames. Owned by the fleet's thread, but for {@link #dial};
 * every method returns at once.
 */
final class Link {
  /** What one write takes at most, and what a buffer to write from has to hold. */
  static final int WRITE_BYTES = 128 * 1024;

  /**
   * What may wait for a server that does not read, before the connection is given up: one write of
   * messages, and the beats that follow it.
   */
  static final int PENDING_BYTES_MAX = WRITE_BYTES + 64 * 1024;

  /** The largest body that a node takes, as it says in REGISTER. */
  static final int FRAME_BYTES_MAX = 64 * 1024;

  /** Local ports that may turn out to be taken before a connect fails. */
  private static final int ROUTE_TRIES_MAX = 100;

  private static final byte[] NOTHING = new byte[0];

  private final SocketChannel channel;
  private final SelectionKey key;
  private byte[] pending = NOTHING;

  /** The beginning of a frame that has not come in completely. */
  private byte[] kept = NOTHING;

  private int bodyBytesMax = Wire.REGISTER_BODY_BYTES_MAX;

  /**
   * A socket that connects, or has. The selector reports the end of that, with {@code owner}
   * attached, unless {@link #connected()} holds at once.
   */
  Link(SocketChannel channel, Selector selector, Connection owner) throws IOException {
    this.channel = channel;
    int interest = channel.isConnected() ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT;
    this.key = channel.register(selector, interest, owner);
  }

  /**
   * Begins to connect, on the first of the node's routes that is free. Any thread may call this;
   * the socket belongs to whoever did.
   */
  static SocketChannel dial(Routes routes, int node) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        return dial(routes.next(node));
      } catch (BindException e) {
        if (tries == ROUTE_TRIES_MAX) {
          throw e;
        }
        routes.taken(node);
      }
    }
  }

  private static SocketChannel dial(Routes.Route route) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      // Connections to different targets may share a local port.
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.bind(route.local());
      if (!channel.connect(route.target())) {
        // On one machine it is done by now, and the selector need not be asked.
        boolean _ = channel.finishConnect();
      }
      return channel;
    } catch (UnsupportedAddressTypeException e) {
      channel.close();
      throw new IOException("this JVM does not speak to such addresses", e);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Closes a socket that nobody wants any more. */
  static void discard(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException alreadyGone) {
      // There is nobody to tell, and the descriptor is freed all the same.
      return;
    }
  }

  boolean connected() {
    return channel.isConnected();
  }

  /** Completes the connect. Returns whether frames can be sent now. */
  boolean finishConnect() throws IOException {
    if (!channel.finishConnect()) {
      return false;
    }
    key.interestOps(SelectionKey.OP_READ);
    return true;
  }

  /**
   * Sends the frame, or what the kernel takes of it; the rest follows when it takes more.
   *
   * @param scratch a direct buffer that is free until this returns, larger than the frame
   */
  void send(Frame frame, ByteBuffer scratch) throws IOException {
    write(scratch.clear().put(FrameWriter.encode(frame)).flip());
  }

  /** Sends the rest of the buffer, or what the kernel takes of it, as {@link #send} does. */
  void write(ByteBuffer bytes) throws IOException {
    if (clear() && bytes.hasRemaining()) {
      channel.write(bytes);
    }
    if (bytes.hasRemaining()) {
      await(bytes);
    }
  }

  /** Sends the messages that may leave now, as far as the kernel takes them. */
  void pump(Lanes lanes, ByteBuffer scratch, long nowNanos) throws IOException {
    boolean more = true;
    while (more && clear()) {
      more = lanes.pump(scratch.clear(), nowNanos);
      write(scratch.flip());
    }
  }

  /** Whether the kernel has taken all that was sent. */
  boolean clear() {
    return pending.length == 0;
  }

  /** Sends what waits. */
  void flush() throws IOException {
    int written = channel.write(ByteBuffer.wrap(pending));
    pending =
        written == pending.length ? NOTHING : Arrays.copyOfRange(pending, written, pending.length);
    if (pending.length == 0) {
      key.interestOps(SelectionKey.OP_READ);
    }
  }

  /** Reads once, into the inlet. Returns false when the server will send no more. */
  boolean receive(Inlet inlet) throws IOException {
    return channel.read(inlet.begin(kept)) >= 0;
  }

  /** Moves the inlet to the next frame that came in completely; false when there is none. */
  boolean next(Inlet inlet) throws ProtocolException {
    return inlet.advance(bodyBytesMax);
  }

  /** Keeps what the inlet has left, until the next {@link #receive}. */
  void keep(Inlet inlet) {
    kept = inlet.rest();
  }

  /** Whether a frame has begun to come in. */
  boolean midFrame() {
    return kept.length > 0;
  }

  /** The node was let in: larger frames may come. */
  void entered() {
    bodyBytesMax = FRAME_BYTES_MAX;
  }

  /** Has the peer see a reset when this closes, which is at the selector's next turn. */
  void resetWhenClosed() {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException alreadyGone) {
      // There is nobody left to see it.
      return;
    }
  }

  void close() {
    discard(channel);
  }

  private void await(ByteBuffer bytes) throws IOException {
    int length = bytes.remaining();
    if (pending.length + length > PENDING_BYTES_MAX) {
      throw new IOException("the server does not read");
    }
    int held = pending.length;
    pending = Arrays.copyOf(pending, held + length);
    bytes.get(pending, held, length);
    key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
  }
}
