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
 * The floor to measure a server against: one selector thread that answers every REGISTER with the
 * same answer and every beat with its echo, and does nothing else. Run by hand:
 *
 * <pre>{@code
 * java -cp load-test/target/test-classes:protocol/target/classes io.heartbus.loadtest.BareServer 9601
 * }</pre>
 */
final class BareServer {
  private static final int BACKLOG = 4096;
  private static final int READ_BYTES = 4096;

  private final Selector selector = Selector.open();
  private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
  private final ByteBuffer out = ByteBuffer.allocateDirect(READ_BYTES);

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
      node.register(selector, SelectionKey.OP_READ);
      return;
    }
    SocketChannel node = (SocketChannel) key.channel();
    if (node.read(in.clear()) < 0) {
      node.close();
      return;
    }
    in.flip();
    out.clear();
    // A frame is never split here: the generator writes each at once, and loopback keeps it whole.
    while (in.remaining() >= Wire.HEADER_BYTES) {
      int start = in.position();
      int frameBytes = Wire.HEADER_BYTES + in.getInt(start + 3);
      FrameType type = FrameType.of(in.get(start + 2));
      if (type == FrameType.REGISTER) {
        out.put(answer);
      } else if (type == FrameType.HEARTBEAT_REQ) {
        out.put(in.duplicate().limit(start + frameBytes));
        out.put(out.position() - frameBytes + 2, (byte) FrameType.HEARTBEAT_RES.code());
      }
      in.position(start + frameBytes);
    }
    node.write(out.flip());
  }
}
