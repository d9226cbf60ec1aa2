package io.heartbus.server.interleaving;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Queue;
import java.util.SplittableRandom;

/**
 * One socket that never blocks, and the cutting of what comes into frames. What is to be sent waits
 * here until a flush sends a random part of it, or all.
 */
final class Line {
  private static final int HEADER = 7;
  private static final int READ_BYTES = 64 * 1024;

  private final SocketChannel socket;
  private final int bodyBytesMax;
  private final ByteBuffer scratch = ByteBuffer.allocate(READ_BYTES);
  private byte[] unsent = {};
  private byte[] uncut = {};
  private boolean over;
  private boolean ending;

  /**
   * Connects.
   *
   * @param receiveBytes the size of the kernel's buffer, 0 = what is usual
   * @param bodyBytesMax the largest body that the server was told to send
   */
  Line(InetSocketAddress server, int receiveBytes, int bodyBytesMax) throws IOException {
    this.bodyBytesMax = bodyBytesMax;
    socket = SocketChannel.open();
    if (receiveBytes > 0) {
      socket.setOption(StandardSocketOptions.SO_RCVBUF, receiveBytes);
    }
    socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    socket.connect(server);
    socket.configureBlocking(false);
  }

  void queue(byte[] bytes) {
    unsent = Octets.join(unsent, bytes);
  }

  boolean allSent() {
    return unsent.length == 0;
  }

  /** Sends all, a random part, or a few single bytes. */
  void flush(SplittableRandom random) {
    switch (random.nextInt(4)) {
      case 0 -> write(random.nextInt(unsent.length + 1));
      case 1 -> {
        for (int i = random.nextInt(12); i > 0; i--) {
          write(Math.min(1, unsent.length));
        }
      }
      default -> flush();
    }
  }

  /** Sends what the kernel takes. */
  void flush() {
    write(unsent.length);
  }

  private void write(int count) {
    try {
      int written = count == 0 ? 0 : socket.write(ByteBuffer.wrap(unsent, 0, count));
      unsent = Arrays.copyOfRange(unsent, written, unsent.length);
      if (ending && unsent.length == 0) {
        ending = false;
        socket.shutdownOutput();
      }
    } catch (IOException broken) {
      // The reading side tells why, if anything does.
      unsent = new byte[0];
    }
  }

  /** Adds the frames that have come. Throws what the socket throws when it was reset. */
  void read(Queue<Incoming> frames) throws IOException {
    int count = over ? -1 : socket.read(scratch.clear());
    if (count < 0) {
      over = true;
      if (uncut.length > 0) {
        throw new AssertionError("the server stopped inside a frame");
      }
      return;
    }
    uncut = Octets.join(uncut, Arrays.copyOf(scratch.array(), count));
    int at = 0;
    while (uncut.length - at >= HEADER) {
      ByteBuffer header = ByteBuffer.wrap(uncut, at, HEADER);
      int magic = header.getShort() & 0xFFFF;
      int type = header.get();
      int length = header.getInt();
      if (magic != 0xAB12 || length < 0 || length > bodyBytesMax) {
        throw new AssertionError("bad header: " + magic + " type " + type + " length " + length);
      }
      if (uncut.length - at - HEADER < length) {
        break;
      }
      frames.add(new Incoming(type, Arrays.copyOfRange(uncut, at + HEADER, at + HEADER + length)));
      at += HEADER + length;
    }
    uncut = Arrays.copyOfRange(uncut, at, uncut.length);
  }

  /** Whether the server has ended its side. */
  boolean over() {
    return over;
  }

  /** Ends this side behind what waits to be sent. */
  void endOutputWhenSent() {
    ending = true;
  }

  /** Closes with a reset. */
  void reset() throws IOException {
    socket.setOption(StandardSocketOptions.SO_LINGER, 0);
    socket.close();
  }

  void close() throws IOException {
    socket.close();
  }
}
