package io.heartbus.server.canary;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.FrameReader;
import io.heartbus.protocol.FrameType;
import io.heartbus.protocol.FrameWriter;
import io.heartbus.protocol.Role;
import io.heartbus.protocol.Wire;
import io.heartbus.server.connection.OwnNodes;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a node of the server's own to the server's own port, in HBP/2. Blocks, on the
 * thread that has it; to interrupt that thread closes it.
 */
final class CanaryConnection implements AutoCloseable {
  /** How long any answer may take before another connection is tried. */
  private static final int PATIENCE_MS = 30_000;

  private static final int READ_BYTES = 1024;

  private final OwnNodes own;
  private final Socket socket = new Socket();
  private final FrameReader reader = new FrameReader(Role.SERVER);
  private final byte[] scratch = new byte[READ_BYTES];
  private @Nullable InetSocketAddress local;

  private CanaryConnection(OwnNodes own) {
    this.own = own;
    reader.registered(Wire.BODY_BYTES_MAX);
  }

  /**
   * Connects to a server of this process.
   *
   * @param listening where it listens; all addresses of this machine stand for loopback
   */
  static CanaryConnection open(OwnNodes own, InetSocketAddress listening) throws IOException {
    CanaryConnection connection = new CanaryConnection(own);
    try {
      connection.connect(listening);
      return connection;
    } catch (IOException | RuntimeException failed) {
      connection.close();
      throw failed;
    }
  }

  private void connect(InetSocketAddress listening) throws IOException {
    InetAddress host =
        listening.getAddress().isAnyLocalAddress()
            ? InetAddress.getLoopbackAddress()
            : listening.getAddress();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MS);
    // Bound first, so that the door knows the address before anybody knocks.
    socket.bind(new InetSocketAddress(host, 0));
    local = (InetSocketAddress) socket.getLocalSocketAddress();
    own.expect(local);
    socket.connect(new InetSocketAddress(host, listening.getPort()), PATIENCE_MS);
  }

  /** Registers with that pace, or what the server makes of it. Returns the terms. */
  Frame.Registered register(String id, Frame.Pace asked) throws IOException {
    send(
        new Frame.Register(
            Wire.VERSION,
            Wire.VERSION,
            0,
            Wire.CAPABILITY_CREDIT | Wire.CAPABILITY_HEARTBEAT_STATS,
            asked,
            Wire.INITIAL_CREDIT_MIN,
            Wire.BODY_BYTES_MAX,
            ThreadLocalRandom.current().nextLong(),
            1,
            id,
            own.secret(),
            Frame.Attributes.NONE));
    while (true) {
      switch (next()) {
        case Frame.Registered terms -> {
          return terms;
        }
        case Frame.Fault fault -> throw new IOException("refused: " + fault);
        case Frame _ -> {
          // Whatever it is, the answer is still to come.
        }
      }
    }
  }

  /** How long {@link #next()} may wait from now on. */
  void patience(long waitMs) throws IOException {
    socket.setSoTimeout((int) Math.min(waitMs, Integer.MAX_VALUE));
  }

  void send(Frame frame) throws IOException {
    FrameWriter.write(socket.getOutputStream(), frame);
  }

  /**
   * The next frame of a type that SPEC knows.
   *
   * @throws EOFException when the server has nothing more to say
   */
  Frame next() throws IOException {
    while (true) {
      while (!reader.advance()) {
        fill();
      }
      if (FrameType.of(reader.typeCode()) != null) {
        return reader.frame();
      }
    }
  }

  /** Reads on until the answer to a heartbeat. */
  void awaitAnswer() throws IOException {
    while (!(next() instanceof Frame.HeartbeatResponse)) {
      // A probe, or whatever else; the answer is still to come.
    }
  }

  /** Reads on until the server has nothing more to say. */
  void awaitEnd() throws IOException {
    while (socket.getInputStream().read(scratch) >= 0) {
      // The end is still to come.
    }
  }

  /** Has {@link #close()} reset the connection. */
  void resetWhenClosed() throws IOException {
    socket.setSoLinger(true, 0);
  }

  private void fill() throws IOException {
    ByteBuffer room = reader.intake(0);
    int bytes = socket.getInputStream().read(scratch, 0, Math.min(READ_BYTES, room.remaining()));
    if (bytes < 0) {
      throw new EOFException("the server ended the connection");
    }
    room.put(scratch, 0, bytes);
  }

  @Override
  public void close() throws IOException {
    if (local != null) {
      own.forget(local);
    }
    socket.close();
  }
}
