package io.heartbus.client;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A node of the bus: registered at a server from {@link #connect} until {@link #close}, beating in
 * the background as the server asks, coming back by itself when the connection is lost. Any number
 * of threads may use it.
 *
 * <p>Methods that wait do so on the caller's thread and declare {@link InterruptedException}: an
 * interrupt ends that one wait, not the client. What goes wrong in the background is told to the
 * {@link ClientListener} and to whoever waits at that moment; nothing is thrown away silently.
 *
 * <p>Coming back: after a lost session the client waits as {@link ReconnectOptions} say, or longer
 * when the server said so, and tries the servers in random order. After SESSION_TAKEN_OVER, or any
 * other refusal that concerns this node, it stays away at least 30 s; AUTH_FAILED, NODE_ID_INVALID
 * and UNSUPPORTED_VERSION double that up to 10 minutes.
 */
public final class HeartbeatClient implements AutoCloseable {
  /** For any thread, without a lock. */
  private static final RandomGenerator RANDOM = () -> ThreadLocalRandom.current().nextLong();

  private final ClientContext context;
  private final SessionState state = new SessionState();
  private final Channel defaultChannel;
  private final ChannelOpener opener;
  private final SessionLoop loop;
  private final Thread thread;

  private HeartbeatClient(ClientContext context) {
    this.context = context;
    this.defaultChannel =
        context.channel(Wire.DEFAULT_CHANNEL_NAME, ChannelKind.DEFAULT, context.initialCredit());
    this.opener = new ChannelOpener(context, state);
    this.loop = new SessionLoop(context, state, defaultChannel);
    this.thread =
        Thread.ofVirtual()
            .name("heartbus-" + context.options().identity().nodeId())
            .unstarted(loop);
  }

  /** As {@link #connect(ClientOptions, ClientListener, ChannelHandler)} with nobody listening. */
  public static HeartbeatClient connect(ClientOptions options)
      throws IOException, InterruptedException {
    return connect(options, new ClientListener() {});
  }

  /** As the other one, without taking channels from the server. */
  public static HeartbeatClient connect(ClientOptions options, ClientListener listener)
      throws IOException, InterruptedException {
    return connect(options, listener, null, Limits.STANDARD);
  }

  /**
   * Connects and registers: every server has one try, the first one first, then the others in
   * random order. An interrupt ends the attempt.
   *
   * @param handler takes the channels that the server opens on this node
   * @throws RejectedException when a server refused the node
   * @throws java.net.ConnectException when no server could be reached
   * @throws IOException when a server answered in no proper way, or not in time
   */
  public static HeartbeatClient connect(
      ClientOptions options, ClientListener listener, ChannelHandler handler)
      throws IOException, InterruptedException {
    return connect(options, listener, handler, Limits.STANDARD);
  }

  static HeartbeatClient connect(
      ClientOptions options,
      ClientListener listener,
      @Nullable ChannelHandler handler,
      Limits limits)
      throws IOException, InterruptedException {
    Counters counters = new Counters();
    Announcer announcer = new Announcer(listener, counters.eventsDropped);
    IncomingChannels incoming =
        handler == null ? null : new IncomingChannels(handler, options.channels().incomingMax());
    HeartbeatClient client =
        new HeartbeatClient(
            new ClientContext(options, limits, counters, announcer, RANDOM, incoming));
    boolean connected = false;
    try {
      client.thread.start();
      client.state.awaitFirst();
      Thread.ofVirtual().name("heartbus-listener-" + options.identity().nodeId()).start(announcer);
      connected = true;
      return client;
    } finally {
      if (!connected) {
        client.close();
      }
    }
  }

  public String nodeId() {
    return context.options().identity().nodeId();
  }

  public ClientState state() {
    return state.state();
  }

  /** The present session, or the last one while there is none. */
  public Session session() {
    return state.latest();
  }

  public ClientStats stats() {
    return ClientStats.of(context.counters(), state.state(), state.openChannels());
  }

  /**
   * Measures a round trip to the server. The question leaves behind every message handed over
   * before, so with the answer the server has read them. Servers bound how many questions they
   * answer: some a second are too many.
   *
   * @throws TimedOutException when no answer came in that time
   * @throws ConnectionLostException when there is no connection, or it ends meanwhile
   * @throws ClientClosedException when the client is closed
   */
  public Duration ping(Duration wait) throws IOException, InterruptedException {
    Connection connection = state.connection();
    RoundTrips.Ping ping = connection.ping(System.nanoTime());
    if (ping == null) {
      state.refuseIfClosed();
      throw new ConnectionLostException(
          "the connection is ending, or " + Limits.PINGS_MAX + " probes wait for answers already");
    }
    try {
      return Duration.ofNanos(
          ping.answer().get(Deadline.in(wait).remainingNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      throw new TimedOutException("no answer within " + wait);
    } catch (ExecutionException e) {
      state.refuseIfClosed();
      Throwable cause = e.getCause();
      throw new ConnectionLostException("no answer", cause == null ? e : cause);
    } finally {
      connection.forget(ping);
    }
  }

  /**
   * The channel that is always open, by the name {@code default}. A reset ends it until the next
   * connection, {@link Channel#close} for good.
   */
  public Channel defaultChannel() {
    return defaultChannel;
  }

  /** Sends on the default channel: {@link Channel#send(byte[])}. */
  public void send(byte[] message) throws IOException, InterruptedException {
    defaultChannel.send(message);
  }

  /** Sends on the default channel: {@link Channel#send(byte[], Duration)}. */
  public void send(byte[] message, Duration wait) throws IOException, InterruptedException {
    defaultChannel.send(message, wait);
  }

  /** Receives on the default channel: {@link Channel#receive()}. */
  public byte[] receive() throws IOException, InterruptedException {
    return defaultChannel.receive();
  }

  /** Receives on the default channel: {@link Channel#receive(Duration)}. */
  public Optional<byte[]> receive(Duration wait) throws IOException, InterruptedException {
    return defaultChannel.receive(wait);
  }

  /**
   * Opens a channel, and waits until the server accepts it, as long as it takes: also for a
   * connection while there is none.
   *
   * @param name what the server finds behind it, as {@code topic/alerts} or {@code node/pump-7}
   * @throws ChannelClosedException when the server refuses
   * @throws ClientClosedException when the client is closed
   * @throws IllegalArgumentException when the name is not 1 to 255 bytes without control characters
   */
  public Channel open(String name) throws IOException, InterruptedException {
    return open(name, context.initialCredit(), Deadline.NEVER);
  }

  /**
   * Opens a channel, and waits at most that long.
   *
   * @throws TimedOutException when it was not accepted in time; it is given up then
   */
  public Channel open(String name, Duration wait) throws IOException, InterruptedException {
    return open(name, context.initialCredit(), Deadline.in(wait));
  }

  /** Opens a channel on which this side only sends; on a topic that is a publisher's. */
  public Channel openToSend(String name, Duration wait) throws IOException, InterruptedException {
    return open(name, 0, Deadline.in(wait));
  }

  /**
   * Asks one question on a channel of its own and waits for the one answer. After a {@link
   * ConnectionLostException} or a {@link TimedOutException} the other side may have acted or not.
   *
   * @throws ChannelClosedException when the other side refuses or does not answer the question
   * @throws IllegalArgumentException when name or message are not allowed
   */
  public byte[] request(String name, byte[] message, Duration wait)
      throws IOException, InterruptedException {
    Deadline deadline = Deadline.in(wait);
    Channel channel = context.channel(name, ChannelKind.REQUEST, context.initialCredit());
    boolean answered = false;
    try {
      opener.place(channel, deadline);
      channel.send(message, true, deadline);
      byte[] answer =
          channel
              .receive(deadline)
              .orElseThrow(() -> new TimedOutException(name + ": no answer within " + wait));
      answered = true;
      return answer;
    } finally {
      if (answered) {
        channel.close();
      } else {
        channel.reset(Channel.CANCELLED);
      }
    }
  }

  /**
   * Watches what happens to nodes, from behind that event on: 0 = from the oldest that the server
   * remembers. As the other one.
   */
  public Watch watch(long afterSequence, PresenceHandler handler)
      throws IOException, InterruptedException {
    return watch(WatchOptions.after(afterSequence), handler);
  }

  /**
   * Watches what happens to nodes, until the watch or this client is closed: goes on where it was
   * after a lost connection. Waits until the server has agreed, as long as it takes.
   *
   * @throws ChannelClosedException when the server refuses, with the reason
   * @throws ClientClosedException when the client is closed
   */
  public Watch watch(WatchOptions options, PresenceHandler handler)
      throws IOException, InterruptedException {
    return Watch.begin(context, state, options, handler);
  }

  /**
   * Leaves the bus: messages handed over before still go out, the server is told, and everything
   * ends within three seconds. Idempotent, from any thread, a listener's or handler's too. Threads
   * that wait in this client get a {@link ClientClosedException}. An interrupted caller does not
   * wait, and what has not left by then is lost.
   */
  @Override
  public void close() {
    loop.abort();
    SessionState.Ending ending = state.close();
    Connection connection = ending.connection();
    if (connection != null && ending.registered()) {
      connection.leave(new Frame.Unregister(0));
      connection.channels().endAll(ChannelEnd.clientClosed(null));
      awaitEnd();
    }
    if (connection != null) {
      connection.fail(new ClientClosedException(null));
    }
  }

  private void awaitEnd() {
    try {
      thread.join(context.limits().closeTime());
    } catch (InterruptedException e) {
      // Whoever interrupts a close wants it to be quick; the caller still sees the interrupt.
      Thread.currentThread().interrupt();
    }
  }

  private Channel open(String name, long receiveCredit, Deadline deadline)
      throws IOException, InterruptedException {
    return opener.open(name, ChannelKind.LASTING, receiveCredit, deadline);
  }

  @Override
  public String toString() {
    return "HeartbeatClient[" + nodeId() + ", " + state() + "]";
  }
}
