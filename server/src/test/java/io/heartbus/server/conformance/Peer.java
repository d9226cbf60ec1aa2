package io.heartbus.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.FrameReader;
import io.heartbus.protocol.FrameType;
import io.heartbus.protocol.FrameWriter;
import io.heartbus.protocol.Role;
import io.heartbus.protocol.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A node that does what a test tells it, and nothing by itself. Every wait is bounded. One thread.
 */
final class Peer implements AutoCloseable {
  /** So long may any answer take on a machine that is busy with other things. */
  static final int PATIENCE_MS = 10_000;

  private final Socket socket = new Socket();
  private final FrameReader reader = new FrameReader(Role.SERVER);

  private Peer(InetSocketAddress server) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MS);
    socket.connect(server, PATIENCE_MS);
    reader.registered(Wire.BODY_BYTES_MAX);
  }

  static Peer connect(InetSocketAddress server) throws IOException {
    return new Peer(server);
  }

  /** Writes all of it at once. */
  Peer send(byte[]... parts) throws IOException {
    socket.getOutputStream().write(RawFrame.join(parts));
    return this;
  }

  Peer send(Frame frame) throws IOException {
    return send(FrameWriter.encode(frame));
  }

  /** Writes it with one write per byte. */
  Peer trickle(byte[] bytes) throws IOException {
    for (byte one : bytes) {
      socket.getOutputStream().write(one);
    }
    return this;
  }

  /** Registers, and returns the answer. */
  Frame.Registered register(RawRegister register) throws IOException {
    return send(register.frame()).expect(Frame.Registered.class);
  }

  Frame.Registered register(String id) throws IOException {
    return register(RawRegister.of(id));
  }

  /** The next frame; null when the server has ended its side. */
  @Nullable Frame next() throws IOException {
    while (!reader.advance()) {
      if (!fill()) {
        assertThat(reader.midFrame()).as("the server stopped inside a frame").isFalse();
        return null;
      }
    }
    if (FrameType.of(reader.typeCode()) == null) {
      throw new AssertionError("the server sent type " + reader.typeCode());
    }
    return reader.frame();
  }

  /** The next frame that is no PING: the server probes whom it has not heard for a while. */
  @Nullable Frame nextButProbes() throws IOException {
    Frame frame = next();
    while (frame instanceof Frame.Ping) {
      frame = next();
    }
    return frame;
  }

  private boolean fill() throws IOException {
    ByteBuffer room = reader.intake(0);
    byte[] bytes = new byte[room.remaining()];
    try {
      int count = socket.getInputStream().read(bytes);
      room.put(bytes, 0, Math.max(0, count));
      return count >= 0;
    } catch (SocketTimeoutException silence) {
      throw new AssertionError("nothing came within " + PATIENCE_MS + " ms", silence);
    }
  }

  /** The next frame, which has to be of that kind. */
  <T extends Frame> T expect(Class<T> kind) throws IOException {
    Frame frame = next();
    assertThat(frame).isInstanceOf(kind);
    return kind.cast(frame);
  }

  /** The next frame has to be exactly that one. */
  Peer expect(Frame frame) throws IOException {
    assertThat(next()).isEqualTo(frame);
    return this;
  }

  /** Nothing more comes than the end. */
  void expectEnd() throws IOException {
    assertThat(next()).as("the server should have ended").isNull();
  }

  /** The next frame ends the connection for that reason, and then it is over. */
  Frame.Fault expectFatal(ErrorCode code) throws IOException {
    Frame.Fault fault = expect(Frame.Fault.class);
    assertThat(fault.error()).as(fault.toString()).isEqualTo(code);
    assertThat(fault.code()).isEqualTo(code.code());
    assertThat(fault.scope()).isEqualTo(Frame.Scope.CONNECTION);
    expectEnd();
    return fault;
  }

  /** All that was sent so far has been handled, and nothing was said to it but this PONG. */
  Peer fence() throws IOException {
    long opaque = System.nanoTime();
    return send(new Frame.Ping(opaque)).expect(new Frame.Pong(opaque));
  }

  /** Ends this side only. */
  void halfClose() throws IOException {
    socket.shutdownOutput();
  }

  /** Closes the socket, without a word. */
  void hangUp() throws IOException {
    socket.close();
  }

  /** Ends with a reset. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  Socket socket() {
    return socket;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
