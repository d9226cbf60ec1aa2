package io.heartbus.client;

import io.heartbus.protocol.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's life, on a virtual thread of its own: connect, register, read until the connection
 * ends, stay away for a while, again; until it is closed or gives up.
 */
final class SessionLoop implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(SessionLoop.class);

  private final ClientContext context;
  private final SessionState state;
  private final Channel defaultChannel;
  private final Registration registration;
  private final ServerPool pool;
  private final Dialer dialer = new Dialer();
  private final List<ChannelTable.Detached> waiting = new ArrayList<>();
  private boolean hadSession;
  private int failedAttempts;

  SessionLoop(ClientContext context, SessionState state, Channel defaultChannel) {
    this.context = context;
    this.state = state;
    this.defaultChannel = defaultChannel;
    ClientOptions options = context.options();
    this.registration = new Registration(options, context.incoming() != null, context.random());
    RetryRule rule = new RetryRule(options.reconnect(), context.random());
    this.pool = new ServerPool(options.servers(), rule, context.random(), System.nanoTime());
  }

  /** Ends an attempt to connect, now or later. Any thread. */
  void abort() {
    dialer.abort();
  }

  @Override
  public void run() {
    IOException end = null;
    try {
      end = live();
    } catch (InterruptedException | RuntimeException e) {
      LOG.warn("the client's own thread failed", e);
      end = new ConnectionLostException("the client's own thread failed", e);
    } finally {
      finish(end);
    }
  }

  /** Lives until it is closed, which gives null, or gives up, which says why. */
  private @Nullable IOException live() throws InterruptedException {
    ServerPool.Turn turn = pool.next(System.nanoTime());
    while (state.rest(turn.waitNanos())) {
      IOException failure = visit(turn.server());
      if (state.isClosing()) {
        return null;
      }
      if (givesUp(failure)) {
        return failure;
      }
      turn = pool.next(System.nanoTime());
      if (hadSession) {
        Duration wait = Duration.ofNanos(turn.waitNanos());
        context.announcer().tell(to -> to.reconnecting(failure, wait));
      }
    }
    return null;
  }

  /** Before the first session every server has one try; later the options decide. */
  private boolean givesUp(IOException failure) {
    if (!hadSession) {
      return pool.allTried() || RetryRule.concernsNode(failure);
    }
    ReconnectOptions reconnect = context.options().reconnect();
    return !reconnect.enabled()
        || (reconnect.maxAttempts() > 0 && failedAttempts >= reconnect.maxAttempts());
  }

  /** Connects and stays as long as it lasts; the answer is what ended it. */
  private IOException visit(ServerAddress server) {
    Connection connection;
    Session session;
    try {
      connection =
          new Connection(server, dialer.dial(server, context.options().connectTimeout()), context);
      if (!state.connected(connection)) {
        connection.fail(new ClientClosedException(null));
      }
      session = connection.register(registration);
    } catch (IOException failure) {
      LOG.debug("attempt at {} failed", server, failure);
      state.disconnected();
      failedAttempts++;
      context.counters().failedAttempts.increment();
      pool.failed(server, failure, System.nanoTime());
      return failure;
    }
    long beganNanos = System.nanoTime();
    settleIn(connection, session);
    IOException cause = connection.serve();
    boolean lasting = System.nanoTime() - beganNanos >= session.heartbeatTimeout().toNanos();
    moveOut(connection, session, cause, lasting);
    return cause;
  }

  private void settleIn(Connection connection, Session session) {
    hadSession = true;
    failedAttempts = 0;
    connection.channels().attachDefault(defaultChannel);
    state.registered(session, context.counters().connects);
    context.announcer().tell(to -> to.connected(session));
    for (ChannelTable.Detached left : waiting) {
      if (left.channel() != defaultChannel) {
        connection.channels().reopen(left.channel());
      }
      if (left.channel().isOpen()) {
        context.announcer().tell(to -> to.channelReopened(left.channel(), left.loss()));
      }
    }
    waiting.clear();
  }

  private void moveOut(Connection connection, Session session, IOException cause, boolean lasting) {
    state.disconnected();
    if (state.isClosing()) {
      connection.channels().endAll(ChannelEnd.clientClosed(null));
      return;
    }
    boolean replaced =
        cause instanceof RejectedException rejected
            && rejected.error() == ErrorCode.SESSION_TAKEN_OVER;
    context
        .announcer()
        .tell(to -> {
          if (replaced) {
            to.sessionReplaced(session, (RejectedException) cause);
          } else {
            to.sessionLost(session, cause);
          }
        });
    for (ChannelTable.Detached left : connection.channels().detachAll(cause)) {
      if (left.lasting()) {
        waiting.add(left);
      } else if (left.channel().kind().isOfUser()) {
        tellLost(left);
      }
    }
    long nowNanos = System.nanoTime();
    Departure departure = connection.departure();
    if (departure != null) {
      pool.sentAway(departure.comeBackNanos(), departure.redirect(), nowNanos);
    }
    if (departure == null || departure.cause() != cause) {
      pool.sessionLost(connection.server(), cause, lasting, nowNanos);
    }
  }

  private void finish(@Nullable IOException cause) {
    state.over(cause);
    ChannelEnd end = ChannelEnd.clientClosed(cause);
    for (ChannelTable.Detached left : waiting) {
      if (cause != null && left.channel().isOpen()) {
        tellLost(left);
      }
      left.channel().state().end(end);
    }
    defaultChannel.state().end(end);
    context.announcer().tellClosed(cause);
  }

  private void tellLost(ChannelTable.Detached left) {
    context.announcer().tell(to -> to.channelLost(left.channel(), left.loss()));
  }
}
