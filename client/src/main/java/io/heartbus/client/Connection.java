package io.heartbus.client;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.protocol.Wire;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One visit to one server: a socket, the thread that reads from it (whoever calls {@link #register}
 * and {@link #serve}), one that writes and one that watches the time. The reader never runs a
 * user's code and never waits for anything but the socket. Whatever ends the connection first is
 * its cause.
 */
final class Connection {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  private static final int DATA_HEADER_BYTES = 5;

  private final ServerAddress server;
  private final ClientContext context;
  private final SocketChannel socket;
  private final FrameInput input;
  private final Outbox outbox;
  private final WriteLoop writer;
  private final HeartbeatLoop heart;
  private final RoundTrips roundTrips;
  private final AtomicReference<@Nullable IOException> cause = new AtomicReference<>();
  private volatile @Nullable Departure departure;
  // Set once, by the reader thread, before anybody else sees this connection as registered.
  private volatile ChannelTable channels;
  private volatile int payloadMax = Limits.FRAGMENT_BYTES_MAX;
  private volatile boolean reportsBeats;

  Connection(ServerAddress server, SocketChannel socket, ClientContext context) {
    this.server = server;
    this.socket = socket;
    this.context = context;
    this.input = new FrameInput(socket, context.counters());
    this.outbox = new Outbox(context.counters().framesSent);
    this.writer =
        new WriteLoop(
            socket,
            outbox,
            context.counters().bytesSent,
            e -> fail(new ConnectionLostException("writing failed", e)));
    this.heart = new HeartbeatLoop(this, context.limits());
    this.roundTrips = new RoundTrips(context.counters());
    this.channels = new ChannelTable(this, context, 0);
  }

  /**
   * Starts the threads and registers the node.
   *
   * @throws RejectedException when the server refuses
   * @throws ProtocolException when it breaks SPEC; it has been told
   * @throws ConnectionLostException when the connection ends, or no answer comes in time
   */
  Session register(Registration registration) throws IOException {
    Duration timeout = context.options().connectTimeout();
    heart.closeAfter(timeout, "no answer to REGISTER within " + timeout);
    String node = context.options().identity().nodeId();
    Thread.ofVirtual().name("heartbus-writer-" + node).start(writer);
    Thread.ofVirtual().name("heartbus-heart-" + node).start(heart);
    outbox.control(registration.next());
    try {
      Frame.Registered answer = answer();
      Session session = registration.granted(server, answer);
      input.registered(Limits.FRAME_BYTES_MAX);
      payloadMax =
          (int) Math.min(Limits.FRAGMENT_BYTES_MAX, answer.frameBytesMax() - DATA_HEADER_BYTES);
      reportsBeats = (answer.capabilities() & Wire.CAPABILITY_HEARTBEAT_STATS) != 0;
      channels = new ChannelTable(this, context, answer.initialCredit());
      startBeating(answer);
      return session;
    } catch (IOException e) {
      throw conclude(e);
    } catch (RuntimeException e) {
      throw conclude(new ConnectionLostException("registering failed", e));
    }
  }

  private Frame.Registered answer() throws IOException {
    Frame first = input.next();
    if (first == null) {
      throw new ConnectionLostException("the server closed the connection unanswered");
    }
    if (first instanceof Frame.Registered answer) {
      return answer;
    }
    if (first instanceof Frame.Fault fault && fault.scope() == Frame.Scope.CONNECTION) {
      throw RejectedException.of(fault);
    }
    if (first instanceof Frame.GoAway goAway) {
      throw RejectedException.of(goAway);
    }
    throw new ProtocolException(
        ErrorCode.UNEXPECTED_FRAME, first.type() + " before REGISTER's answer");
  }

  private void startBeating(Frame.Registered answer) {
    long intervalNanos = TimeUnit.MILLISECONDS.toNanos(answer.pace().intervalMs());
    long phaseNanos = TimeUnit.MILLISECONDS.toNanos(answer.heartbeatPhaseMs());
    heart.started(
        new HeartbeatPacer(
            intervalNanos,
            TimeUnit.MILLISECONDS.toNanos(answer.pace().timeoutMs()),
            Math.min(phaseNanos, intervalNanos),
            System.nanoTime(),
            context.random()));
  }

  /** Reads until the connection ends, and says why it did. */
  IOException serve() {
    Conversation conversation =
        new Conversation(this, context, roundTrips, new ChannelFrames(this, channels, context));
    try {
      for (Frame frame = input.next(); frame != null; frame = input.next()) {
        conversation.heard(frame);
      }
      throw new ConnectionLostException("the server closed the connection");
    } catch (IOException e) {
      return conclude(e);
    } catch (RuntimeException e) {
      LOG.warn("reading from {} failed", server, e);
      return conclude(new ConnectionLostException("reading failed", e));
    }
  }

  /** Ends everything that belongs to the connection; the answer is its cause. */
  private IOException conclude(IOException failure) {
    IOException reason = reason(failure);
    cause.compareAndSet(null, reason);
    if (failure instanceof ProtocolException broken) {
      sayWhy(broken);
    }
    Dialer.closeQuietly(socket);
    outbox.stop();
    heart.stop();
    IOException first = cause.get();
    IOException result = first == null ? reason : first;
    roundTrips.end(new ConnectionLostException("the connection is gone", result));
    return result;
  }

  /** After a goodbye an ordinary end is put down to that. */
  private IOException reason(IOException failure) {
    Departure left = departure;
    return left != null && failure instanceof ConnectionLostException ? left.cause() : failure;
  }

  /** A lingering close: the server shall be able to read what it did wrong. */
  private void sayWhy(ProtocolException broken) {
    LOG.debug("{} broke the protocol: {}", server, broken.getMessage());
    String message = String.valueOf(broken.getMessage());
    leave(new Frame.Fault(broken.code().code(), Frame.Scope.CONNECTION, 0, 0, message));
    try {
      input.drain();
    } catch (IOException theServerClosedOrTimeIsOver) {
      // Either way it is done.
    }
  }

  /** Ends the connection at once for that reason. Any thread. */
  void fail(IOException why) {
    cause.compareAndSet(null, reason(why));
    Dialer.closeQuietly(socket);
  }

  /**
   * Ends the connection in good order: what waits to leave leaves, then the last frame, then the
   * server closes, within the linger time. An ERROR as the last frame leaves alone. Any thread.
   */
  void leave(@Nullable Frame last) {
    outbox.finish(last, last instanceof Frame.Fault);
    heart.closeAfter(context.limits().lingerTime(), "the server did not close");
  }

  /** Queues a control frame; a full queue ends the connection. Any thread, never waits. */
  void control(Frame frame) {
    if (!outbox.control(frame)) {
      fail(new ConnectionLostException(ErrorCode.SLOW_CONSUMER + ": the server does not read"));
    }
  }

  void beat(long nowNanos) {
    context.counters().heartbeatsSent.increment();
    control(
        reportsBeats
            ? new Frame.HeartbeatRequest(roundTrips.beat(nowNanos))
            : Frame.HeartbeatRequest.PLAIN);
  }

  /** Asks for a sign of life, ahead of all data. */
  void probe(long nowNanos) {
    RoundTrips.Ping ping = roundTrips.ping(nowNanos);
    if (ping != null) {
      control(new Frame.Ping(ping.opaque()));
    }
  }

  /** Asks for an answer behind all data; null when too many such questions are open. */
  RoundTrips.@Nullable Ping ping(long nowNanos) {
    RoundTrips.Ping ping = roundTrips.ping(nowNanos);
    if (ping != null) {
      outbox.data(new Frame.Ping(ping.opaque()), 0, 0);
    }
    return ping;
  }

  void forget(RoundTrips.Ping ping) {
    roundTrips.forget(ping);
  }

  void retune(Frame.Pace pace) {
    heart.retune(pace);
  }

  /** The server said goodbye. */
  void departs(Departure newDeparture) {
    departure = newDeparture;
    heart.wake();
  }

  @Nullable Departure departure() {
    return departure;
  }

  Counters counters() {
    return context.counters();
  }

  Outbox outbox() {
    return outbox;
  }

  ChannelTable channels() {
    return channels;
  }

  FrameInput input() {
    return input;
  }

  WriteLoop writer() {
    return writer;
  }

  ServerAddress server() {
    return server;
  }

  /** The largest DATA payload that the server takes in one frame, and that delays no beat much. */
  int payloadMax() {
    return payloadMax;
  }
}
