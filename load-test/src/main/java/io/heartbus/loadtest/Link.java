package io.heartbus.loadtest;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.FrameReader;
import io.heartbus.protocol.FrameType;
import io.heartbus.protocol.FrameWriter;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.protocol.Role;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One non-blocking socket that speaks frames. Owned by the fleet's thread; every method returns at
 * once.
 */
final class Link {
  /** What may wait for a server that does not read, before the connection is given up. */
  static final int PENDING_BYTES_MAX = 64 * 1024;

  /** The largest body that a node takes, as it says in REGISTER. */
  static final int FRAME_BYTES_MAX = 64 * 1024;

  /** Asked of the next read when one filled its buffer. */
  private static final int READ_AGAIN_BYTES = 16 * 1024;

  private static final byte[] NOTHING = new byte[0];

  private final SocketChannel channel;
  private final SelectionKey key;
  private final FrameReader reader = new FrameReader(Role.SERVER);
  private byte[] pending = NOTHING;

  private Link(SocketChannel channel, SelectionKey key) {
    this.channel = channel;
    this.key = key;
  }

  /**
   * Begins to connect. The selector reports the end of that, with {@code owner} attached, unless
   * {@link #connected()} holds at once.
   *
   * @throws java.net.BindException when the local port of the route is taken
   */
  static Link open(Selector selector, Routes.Route route, Connection owner) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      // Connections to different targets may share a local port.
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.bind(route.local());
      // The selector would not report a connect that succeeds at once.
      int interest =
          channel.connect(route.target()) ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT;
      return new Link(channel, channel.register(selector, interest, owner));
    } catch (UnsupportedAddressTypeException e) {
      channel.close();
      throw new IOException("this JVM does not speak to such addresses", e);
    } catch (IOException e) {
      channel.close();
      throw e;
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
    byte[] bytes = FrameWriter.encode(frame);
    if (pending.length > 0) {
      await(bytes, 0);
      return;
    }
    scratch.clear().put(bytes).flip();
    channel.write(scratch);
    if (scratch.hasRemaining()) {
      await(bytes, scratch.position());
    }
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

  /** Reads once. Returns false when the server will send no more. */
  boolean receive() throws IOException {
    return channel.read(reader.intake(reader.filled() ? READ_AGAIN_BYTES : 0)) >= 0;
  }

  /** The next frame that has come in completely, or null; skips what SPEC says to skip. */
  @Nullable Frame next() throws ProtocolException {
    while (reader.advance()) {
      if (FrameType.of(reader.typeCode()) != null) {
        return reader.frame();
      }
    }
    return null;
  }

  /** Whether a frame has begun to come in. */
  boolean midFrame() {
    return reader.midFrame();
  }

  /** The node was let in: larger frames may come. */
  void entered() {
    reader.registered(FRAME_BYTES_MAX);
  }

  void close() {
    try {
      channel.close();
    } catch (IOException alreadyGone) {
      // There is nobody to tell, and the descriptor is freed all the same.
      return;
    }
  }

  private void await(byte[] bytes, int from) throws IOException {
    int length = bytes.length - from;
    if (pending.length + length > PENDING_BYTES_MAX) {
      throw new IOException("the server does not read");
    }
    int held = pending.length;
    pending = Arrays.copyOf(pending, held + length);
    System.arraycopy(bytes, from, pending, held, length);
    key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
  }
}
