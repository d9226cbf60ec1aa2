package io.heartbus.loadtest;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.FrameReader;
import io.heartbus.protocol.FrameWriter;
import io.heartbus.protocol.Role;
import io.heartbus.protocol.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server that plays a script on every connection, over loopback. One virtual thread for each; a
 * script ends its connection by returning.
 */
final class FakeServer implements AutoCloseable {
  /** What the server does with one connection. */
  interface Script {
    void play(Peer peer) throws IOException;
  }

  private final ServerSocketChannel listener;
  private final Script script;
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

  /** Every REGISTER that came, in order. */
  final List<Frame.Register> registrations = new CopyOnWriteArrayList<>();

  private FakeServer(Script script) throws IOException {
    this.script = script;
    this.listener = ServerSocketChannel.open();
    // The wildcard, so that every loopback address reaches it.
    listener.bind(new InetSocketAddress(0), 4096);
    Thread.ofVirtual().start(this::accept);
  }

  static FakeServer playing(Script script) throws IOException {
    return new FakeServer(script);
  }

  /** Lets everybody in with that interval, and answers every beat. */
  static FakeServer honest(int intervalMs) throws IOException {
    return playing(peer -> {
      peer.letIn(intervalMs);
      peer.serve();
    });
  }

  int port() throws IOException {
    return ((InetSocketAddress) listener.getLocalAddress()).getPort();
  }

  String target() throws IOException {
    return InetAddress.getLoopbackAddress().getHostAddress() + ":" + port();
  }

  @Override
  public void close() throws IOException {
    die();
  }

  /** Stops listening and cuts all connections, as a process that was killed. */
  void die() throws IOException {
    listener.close();
    for (SocketChannel channel : open) {
      channel.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel channel = listener.accept();
        // What was sent has come: no small frame waits until the one before is acknowledged.
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        open.add(channel);
        Thread.ofVirtual().start(() -> converse(channel));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void converse(SocketChannel channel) {
    try (channel) {
      script.play(new Peer(channel));
    } catch (IOException gone) {
      // The node left, or the test is over.
    } finally {
      open.remove(channel);
    }
  }

  /** One node, as the script sees it. */
  final class Peer {
    private final SocketChannel channel;
    private final FrameReader reader = new FrameReader(Role.NODE);
    private Frame.Register registered;
    private volatile boolean ended;

    private Peer(SocketChannel channel) {
      this.channel = channel;
    }

    /** The next frame; the node's leaving is an exception. */
    Frame read() throws IOException {
      while (!reader.advance()) {
        if (channel.read(reader.intake(0)) < 0) {
          throw new IOException("the node closed");
        }
      }
      return reader.frame();
    }

    void send(Frame frame) throws IOException {
      sendRaw(FrameWriter.encode(frame));
    }

    void sendRaw(byte[] bytes) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }

    Frame.Register awaitRegister() throws IOException {
      Frame.Register register = (Frame.Register) read();
      registrations.add(register);
      registered = register;
      return register;
    }

    /** What the node registered with. */
    Frame.Register registered() {
      return registered;
    }

    String sourceAddress() throws IOException {
      return ((InetSocketAddress) channel.getRemoteAddress()).getAddress().getHostAddress();
    }

    String targetAddress() throws IOException {
      return ((InetSocketAddress) channel.getLocalAddress()).getAddress().getHostAddress();
    }

    void letIn(int intervalMs) throws IOException {
      awaitRegister();
      accept(intervalMs, 1);
    }

    void accept(int intervalMs, int ackEvery) throws IOException {
      reader.registered(Wire.REGISTER_BODY_BYTES_MAX);
      send(
          new Frame.Registered(
              Wire.VERSION,
              0,
              ackEvery,
              Wire.CAPABILITY_CREDIT | Wire.CAPABILITY_HEARTBEAT_STATS,
              new Frame.Pace(intervalMs, 3L * intervalMs),
              0,
              4096,
              4096,
              1,
              Wire.DEFAULT_CHANNEL,
              65_536,
              registrations.size(),
              new byte[Wire.SESSION_TOKEN_BYTES]));
    }

    /** Answers beats and the goodbye until the node leaves. */
    void serve() throws IOException {
      while (answer(read())) {
        // Until it says goodbye.
      }
    }

    /** Answers one frame. Returns whether the node stays. */
    boolean answer(Frame frame) throws IOException {
      switch (frame) {
        case Frame.HeartbeatRequest(var stats) -> send(new Frame.HeartbeatResponse(stats, null));
        case Frame.Ping(var opaque) -> send(new Frame.Pong(opaque));
        case Frame.Unregister goodbye -> {
          send(goodbye);
          return false;
        }
        default -> {}
      }
      return true;
    }

    void refuse(ErrorCode code, long retryAfterMs, String message) throws IOException {
      send(new Frame.Fault(code.code(), Frame.Scope.CONNECTION, 0, retryAfterMs, message));
    }

    /** Closes with that reason, from any thread. */
    void end(ErrorCode code) {
      ended = true;
      try (channel) {
        refuse(code, 0, "");
        channel.shutdownOutput();
      } catch (IOException gone) {
        // So is the node.
      }
    }

    /** Whether {@link #end} was called, or the connection is closed. */
    boolean ended() {
      return ended || !channel.isOpen();
    }

    /** Reads until the node closes. */
    void linger() throws IOException {
      ByteBuffer rest = ByteBuffer.allocate(1024);
      while (channel.read(rest.clear()) >= 0) {
        // Whatever it still has to say.
      }
    }
  }
}
