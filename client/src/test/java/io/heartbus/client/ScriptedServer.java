package io.heartbus.client;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A server of a few lines on the loopback interface: accepts connections and hands each to the test
 * as a {@link Peer} that plays whatever frames the test says.
 */
public final class ScriptedServer implements AutoCloseable {
  /** How long a test waits for what has to happen; long enough for any machine. */
  public static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ServerSocket listener = new ServerSocket();
  private final BlockingQueue<Peer> accepted = new LinkedBlockingQueue<>();

  public ScriptedServer() throws IOException {
    this(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
  }

  public ScriptedServer(InetAddress address) throws IOException {
    listener.bind(new InetSocketAddress(address, 0));
    Thread.ofVirtual().start(this::acceptAll);
  }

  public ServerAddress address() {
    return new ServerAddress(listener.getInetAddress().getHostAddress(), listener.getLocalPort());
  }

  /** Options of a node that knows only this server and comes back quickly. */
  public ClientOptions options() {
    return ClientOptions.defaults()
        .withServers(address().toString())
        .withNodeId("n1")
        .withReconnectDelays(Duration.ofMillis(5), Duration.ofMillis(20));
  }

  /** The next connection. */
  public Peer accept() throws InterruptedException {
    return requireNonNull(
        accepted.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS), "nobody connected");
  }

  /** The next connection, if one comes within that time. */
  public boolean nobodyConnectsFor(Duration wait) throws InterruptedException {
    return accepted.poll(wait.toMillis(), TimeUnit.MILLISECONDS) == null;
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        accepted.add(new Peer(socket));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Peer peer = accepted.poll(); peer != null; peer = accepted.poll()) {
      peer.close();
    }
  }
}
