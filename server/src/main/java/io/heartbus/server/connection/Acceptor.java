package io.heartbus.server.connection;

import io.heartbus.protocol.ErrorCode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listening socket: accepts, starts the connection, and does no more, so that a storm of
 * newcomers is taken in as fast as the kernel hands them over.
 *
 * <p>Owns its platform threads.
 */
final class Acceptor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
  private static final Path NOWHERE = Path.of("/dev/null");

  /** For how long each thread may take to leave its accept, when nothing is accepted any more. */
  private static final Duration LEAVE_MAX = Duration.ofSeconds(1);

  private static final long BACK_OFF_NANOS = 50_000_000;
  private static final long COMPLAINT_NANOS = 60_000_000_000L;

  /** How many of those over the limit may stay to hear why; the rest is told and closed at once. */
  private static final int REFUSALS_MAX = 1_000;

  private static final String FULL = "too many connections";

  private final Handshake nodes;
  private final Handshake ownNodes;
  private final OwnNodes own;
  private final ServerSocketChannel listening;
  private final InetSocketAddress address;
  private final List<Thread> threads = new ArrayList<>();

  /** Given up to take in, and close, one connection when there are no descriptors left. */
  private @Nullable FileChannel reserve;

  private long complainedNanos;

  private Acceptor(ConnectionContext context, OwnNodes own, ServerSocketChannel listening)
      throws IOException {
    this.own = own;
    this.nodes = new Handshake(context, false);
    this.ownNodes = new Handshake(own.context(), false);
    this.listening = listening;
    this.address = (InetSocketAddress) listening.getLocalAddress();
  }

  /**
   * Listens, and begins to accept.
   *
   * @throws IOException when the address cannot be had; the message says which
   */
  static Acceptor start(ConnectionContext context, OwnNodes own, ListenSettings settings)
      throws IOException {
    String place = "listen.host, listen.port = " + settings.host() + ":" + settings.port() + ": ";
    InetSocketAddress wanted = new InetSocketAddress(settings.host(), settings.port());
    if (wanted.isUnresolved()) {
      throw new IOException(place + "no such host");
    }
    ServerSocketChannel listening = ServerSocketChannel.open();
    try {
      listening.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      listening.bind(wanted, settings.backlog());
    } catch (IOException failed) {
      listening.close();
      throw new IOException(place + failed.getMessage(), failed);
    }
    Acceptor acceptor = new Acceptor(context, own, listening);
    acceptor.openReserve();
    for (int i = 0; i < settings.acceptors(); i++) {
      acceptor.threads.add(
          Thread.ofPlatform().name("acceptor-" + i).daemon().start(acceptor::accept));
    }
    return acceptor;
  }

  /** Where it listens. */
  InetSocketAddress address() {
    return address;
  }

  /** Accepts no more; the port is free, unless a thread does not get to leave it in time. */
  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException unclean) {
      LOG.debug("closing the listening socket failed", unclean);
    }
    try {
      // The kernel listens as long as a thread of ours is inside its accept.
      for (Thread thread : threads) {
        thread.join(LEAVE_MAX);
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  private void accept() {
    while (listening.isOpen()) {
      try {
        enter(listening.accept());
      } catch (ClosedChannelException closed) {
        return;
      } catch (IOException failed) {
        outOfDescriptors(failed);
      } catch (Throwable surprise) {
        LOG.warn("accepting a connection failed; the next one may work", surprise);
      }
    }
  }

  private void enter(SocketChannel socket) throws IOException {
    try {
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      InetSocketAddress peer = (InetSocketAddress) socket.getRemoteAddress();
      Handshake handshake = own.arrives(peer) ? ownNodes : nodes;
      ConnectionContext context = handshake.context();
      context.counts().accepted.increment();
      boolean welcome = context.doorkeeper().enter(peer);
      Connection connection = new Connection(context, socket, handshake);
      context.roster().add(connection);
      begin(connection, welcome);
    } catch (IOException goneAgain) {
      LOG.debug("a newcomer was gone before it was let in", goneAgain);
      socket.close();
    } catch (Throwable surprise) {
      socket.close();
      throw surprise;
    }
  }

  /** From here on the connection gives back itself what the door counts. */
  private void begin(Connection connection, boolean welcome) {
    try {
      if (!welcome) {
        // Before its reading starts, which might find a REGISTER and let it in.
        refuse(connection);
      }
      connection.start();
    } catch (Throwable surprise) {
      connection.lost(CloseReason.INTERNAL);
      throw surprise;
    }
  }

  private static void refuse(Connection connection) {
    ConnectionContext context = connection.context();
    int over = context.doorkeeper().connections() - context.settings().connectionsMax();
    long retryAfterMs = context.doorkeeper().retryAfterMs();
    if (over > REFUSALS_MAX) {
      connection.refuseAtOnce(ErrorCode.SERVER_BUSY, FULL, retryAfterMs);
    } else {
      connection.refuse(ErrorCode.SERVER_BUSY, FULL, retryAfterMs);
    }
  }

  /** Without this, the loop would spin on a connection that it cannot take. */
  private synchronized void outOfDescriptors(IOException failed) {
    long nowNanos = System.nanoTime();
    if (complainedNanos == 0 || nowNanos - complainedNanos > COMPLAINT_NANOS) {
      complainedNanos = nowNanos;
      LOG.warn("cannot accept ({}); raise the limit on open files", failed.getMessage());
    }
    try {
      if (reserve != null) {
        reserve.close();
        listening.accept().close();
      }
    } catch (IOException again) {
      LOG.debug("still cannot accept", again);
    }
    openReserve();
    LockSupport.parkNanos(BACK_OFF_NANOS);
  }

  private void openReserve() {
    try {
      reserve = FileChannel.open(NOWHERE);
    } catch (IOException none) {
      reserve = null;
    }
  }
}
