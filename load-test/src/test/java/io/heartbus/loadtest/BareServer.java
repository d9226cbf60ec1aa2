package io.heartbus.loadtest;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.FrameType;
import io.heartbus.protocol.FrameWriter;
import io.heartbus.protocol.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * The floor to measure a server against, and the wall to measure a load tester against: one
 * selector thread that answers every REGISTER with the same answer and every beat and message with
 * its echo, grants all the credit there can be, and does nothing else. Run by hand:
 *
 * <pre>{@code
 * java -cp load-test/target/test-classes:protocol/target/classes io.heartbus.loadtest.BareServer 9601
 * }</pre>
 */
final class BareServer {
  private static final int BACKLOG = 4096;
  private static final int READ_BYTES = 128 * 1024;

  /** An answer is at most so much longer than what it answers: REGISTER's and OPEN's are short. */
  private static final int ANSWER_FACTOR = 4;

  private final Selector selector = Selector.open();
  private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
  private final ByteBuffer out = ByteBuffer.allocateDirect(ANSWER_FACTOR * READ_BYTES);

  /** What a connection has received of a frame, or has to send: whatever one turn left over. */
  private static final class Rest {
    private byte[] unread = new byte[0];
    private ByteBuffer unsent = ByteBuffer.allocate(0);
  }

  private BareServer(int port) throws IOException {
    ServerSocketChannel listening = ServerSocketChannel.open();
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    listening.configureBlocking(false);
    listening.register(selector, SelectionKey.OP_ACCEPT);
  }

  /**
   * Serves for ever.
   *
   * @param args the port, and the interval that every node is told, in milliseconds
   */
  public static void main(String[] args) throws IOException {
    BareServer server = new BareServer(Integer.parseInt(args[0]));
    long intervalMs = args.length > 1 ? Long.parseLong(args[1]) : 2_000;
    byte[] answer = answer(intervalMs);
    while (true) {
      server.selector.select(key -> {
        try {
          server.serve(key, answer);
        } catch (IOException gone) {
          key.cancel();
          close(key);
        }
      });
    }
  }

  private static void close(SelectionKey key) {
    try {
      key.channel().close();
    } catch (IOException unclean) {
      throw new IllegalStateException(unclean);
    }
  }

  private static byte[] answer(long intervalMs) {
    return FrameWriter.encode(
        new Frame.Registered(
            Wire.VERSION,
            0,
            1,
            Wire.CAPABILITY_CREDIT | Wire.CAPABILITY_HEARTBEAT_STATS,
            new Frame.Pace(intervalMs, 3 * intervalMs),
            intervalMs / 2,
            Wire.INITIAL_CREDIT_MIN,
            65_536,
            0,
            Wire.DEFAULT_CHANNEL,
            65_536,
            1,
            new byte[Wire.SESSION_TOKEN_BYTES]));
  }

  private void serve(SelectionKey key, byte[] answer) throws IOException {
    if (key.channel() instanceof ServerSocketChannel listening) {
      SocketChannel node = listening.accept();
      node.setOption(StandardSocketOptions.TCP_NODELAY, true);
      node.configureBlocking(false);
      node.register(selector, SelectionKey.OP_READ, new Rest());
      return;
    }
    SocketChannel node = (SocketChannel) key.channel();
    Rest rest = (Rest) key.attachment();
    ByteBuffer unsent = rest.unsent;
    if (!unsent.hasRemaining()) {
      if (node.read(in.clear().put(rest.unread)) < 0) {
        node.close();
        return;
      }
      answerAll(in.flip(), answer);
      rest.unread = new byte[in.remaining()];
      in.get(rest.unread);
      unsent = out.flip();
    }
    node.write(unsent);
    // Whoever does not read is not read from.
    key.interestOps(unsent.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    if (unsent.hasRemaining() || rest.unsent.capacity() > 0) {
      rest.unsent = ByteBuffer.allocate(unsent.remaining()).put(unsent).flip();
    }
  }

  private void answerAll(ByteBuffer frames, byte[] answer) {
    out.clear();
    while (frames.remaining() >= Wire.HEADER_BYTES) {
      int start = frames.position();
      int frameBytes = Wire.HEADER_BYTES + frames.getInt(start + 3);
      if (frames.remaining() < frameBytes) {
        return;
      }
      FrameType type = FrameType.of(frames.get(start + 2));
      if (type == FrameType.REGISTER) {
        out.put(answer);
      } else if (type == FrameType.HEARTBEAT_REQ || type == FrameType.DATA) {
        int answerType = (type == FrameType.DATA ? type : FrameType.HEARTBEAT_RES).code();
        out.put(frames.duplicate().limit(start + frameBytes));
        out.put(out.position() - frameBytes + 2, (byte) answerType);
      } else if (type == FrameType.CHANNEL_OPEN) {
        long channel = frames.getInt(start + Wire.HEADER_BYTES);
        out.put(FrameWriter.encode(new Frame.ChannelAccept(channel, Wire.CREDIT_MAX)));
      }
      frames.position(start + frameBytes);
    }
  }
}
