package io.heartbus.server.connection;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.FrameLog;
import io.heartbus.protocol.FrameType;
import io.heartbus.server.channel.ChannelSet;
import io.heartbus.server.channel.Line;
import io.heartbus.server.node.Cause;
import io.heartbus.server.node.Node;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's whole visit on one accepted socket: what may be sent to it, and how it ends. Any
 * thread; nothing blocks but {@link #flush}.
 */
final class Connection extends Line {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final long LINGER_NANOS = 2_000_000_000;
  private static final AtomicReferenceFieldUpdater<Connection, Phase> PHASE =
      AtomicReferenceFieldUpdater.newUpdater(Connection.class, Phase.class, "phase");

  /** How far a connection is; it only moves on. */
  private enum Phase {
    OPEN,
    /** The end is decided; the farewell is on its way and what still comes in is thrown away. */
    LINGERING,
    CLOSED
  }

  private final ConnectionContext context;
  // The read loop's and the outbox's, too: fields of their own would cost every node 16 bytes.
  final SocketChannel socket;
  private final Outbox outbox;
  private final ReadLoop readLoop;

  /** Changes once, when REGISTER is accepted. */
  private volatile Dialect dialect;

  /** Liveness time. Written by whoever ends the connection, or has just been too late to. */
  private volatile long lingerStartNanos;

  private volatile Phase phase = Phase.OPEN;

  Connection(ConnectionContext context, SocketChannel socket, Handshake handshake) {
    super(context.clock().nowNanos());
    this.context = context;
    this.socket = socket;
    this.outbox = new Outbox(this);
    this.readLoop = new ReadLoop(this);
    this.dialect = handshake;
  }

  /** Begins to read. */
  void start() {
    readLoop.start();
  }

  /** Should the peer be refused, it is told in that version. Only the reader calls it. */
  void refuseLike(Handshake handshake) {
    dialect = handshake;
  }

  /** From now on the peer is spoken to like that. Only the reader calls it. */
  void speak(Dialect agreed, Node registered, int frameBytesMax) {
    dialect = agreed;
    readLoop.registered(frameBytesMax);
    belongsTo(registered);
  }

  /**
   * Leaves a frame for the peer, ahead of data. Any thread; does not block, and does not write yet.
   */
  void send(FrameType type, byte[] frame) {
    context.counts().framesOut(type).increment();
    if (!outbox.addControl(frame, context.settings().outboxBytesMax())) {
      // On a thread of its own: the caller may be about to change what the end takes apart.
      Thread.startVirtualThread(
          () -> fail(ErrorCode.SLOW_CONSUMER, "too many answers wait to be read"));
    }
  }

  /**
   * Leaves a frame behind all data; false when there is no room now. Otherwise like {@link #send}.
   */
  boolean sendInOrder(FrameType type, byte[] frame) {
    if (!outbox.addData(frame, context.settings().outboxBytesMax())) {
      return false;
    }
    context.counts().framesOut(type).increment();
    return true;
  }

  /** Whether data can be sent now; when not, the channels are told when it can. */
  boolean hasRoom() {
    return outbox.hasRoom(context.settings().outboxBytesMax());
  }

  /** Writes what was left to be sent; blocks for as long as the peer does not read. */
  void flush() {
    outbox.flush();
  }

  /** Has somebody else write what was left to be sent. Does not block. */
  void flushSoon() {
    if (outbox.needsFlush()) {
      ReadLoop.THREADS.newThread(outbox::flush).start();
    }
  }

  /** Ends the connection for an error. Any thread; does not block. */
  void fail(ErrorCode code, String message) {
    refuse(code, message, 0);
  }

  /** Ends the connection for an error, and says when the peer may come back. */
  void refuse(ErrorCode code, String message, long retryAfterMs) {
    if (finish(code, message, retryAfterMs)) {
      flushSoon();
    }
  }

  /** Like {@link #refuse}, but closes behind the farewell, which a reset may overtake. Blocks. */
  void refuseAtOnce(ErrorCode code, String message, long retryAfterMs) {
    if (finish(code, message, retryAfterMs)) {
      flush();
      release();
    }
  }

  private boolean finish(ErrorCode code, String message, long retryAfterMs) {
    if (!decide(CloseReason.of(code))) {
      return false;
    }
    context.counts().errors(code).increment();
    if (node() == null) {
      context.counts().rejected(code).increment();
    }
    outbox.finish(dialect.farewell(code, message, retryAfterMs));
    return true;
  }

  /** Ends the connection because the peer is gone. */
  void lost(CloseReason reason) {
    decide(reason);
    release();
  }

  /** Ends the connection, if it is not over yet: the socket when the peer has read the farewell. */
  void end(CloseReason reason, byte[] farewell) {
    if (decide(reason)) {
      outbox.finish(farewell);
      flushSoon();
    }
  }

  /** Ends the session and its channels. Returns whether this call did. */
  private boolean decide(CloseReason reason) {
    if (phase != Phase.OPEN) {
      return false;
    }
    // First, because the sweep reads it as soon as the phase says so.
    lingerStartNanos = context.clock().nowNanos();
    if (!PHASE.compareAndSet(this, Phase.OPEN, Phase.LINGERING)) {
      return false;
    }
    LOG.debug("{}: {}", this, reason);
    Node node = node();
    if (node != null) {
      boolean _ = context.table().leave(node, reason.cause());
    }
    ChannelSet channels = dialect.channels();
    if (channels != null) {
      channels.close(reason.cause());
    }
    // Last: whoever sees the count finds the session over.
    context.counts().closed(reason).increment();
    return true;
  }

  /** Closes the socket; the connection is no more. */
  void release() {
    if (PHASE.getAndSet(this, Phase.CLOSED) == Phase.CLOSED) {
      return;
    }
    context.roster().remove(this);
    context.doorkeeper().leave(PeerAddress.of(socket));
    try {
      socket.close();
    } catch (IOException unclean) {
      LOG.debug("{}: closing failed", this, unclean);
    }
  }

  /** Closes the socket if both directions are done with. */
  void releaseIfFinished() {
    if (readLoop.finished() && outbox.finished()) {
      release();
    }
  }

  /** Stamps a whole frame. Returns false when its session is over. Only the reader calls it. */
  boolean heardAt(long nowNanos) {
    heard(nowNanos);
    Node node = node();
    return node == null || context.table().heard(node);
  }

  Dialect dialect() {
    return dialect;
  }

  ConnectionContext context() {
    return context;
  }

  boolean open() {
    return phase == Phase.OPEN;
  }

  @Override
  protected long checkDeadlines(long nowNanos) {
    boolean idle = readLoop.frameStartNanos() == 0 && outbox.writeStartNanos() == 0;
    if (phase == Phase.OPEN && node() != null && idle) {
      return context.deadlines().shortestNanos();
    }
    if (phase == Phase.LINGERING && nowNanos - lingerStartNanos > LINGER_NANOS) {
      release();
    } else if (phase == Phase.OPEN) {
      Deadlines limits = context.deadlines();
      if (node() == null && limits.registerMissed(nowNanos, lastSeenNanos())) {
        fail(ErrorCode.REGISTER_TIMEOUT, "no REGISTER in time");
      } else if (limits.frameMissed(nowNanos, readLoop.frameStartNanos()) && !hasUnreadBytes()) {
        fail(ErrorCode.FRAME_TIMEOUT, "a frame was begun and not ended");
      } else if (limits.writeMissed(nowNanos, outbox.writeStartNanos())) {
        context.counts().stalledWrites.increment();
        fail(ErrorCode.SLOW_CONSUMER, "nothing was read for too long");
      }
    }
    return 0;
  }

  @Override
  protected void probe() {
    tell(FrameType.PING, dialect.probe());
  }

  /** Asks the peer to come back later, if it would understand. Does not block. */
  void goAway(long retryAfterMs, long jitterMs, long drainMs) {
    tell(FrameType.GOAWAY, dialect.goAway(retryAfterMs, jitterMs, drainMs));
  }

  private void tell(FrameType type, byte @Nullable [] frame) {
    if (frame != null) {
      send(type, frame);
      flushSoon();
    }
  }

  @Override
  protected boolean hasUnreadBytes() {
    return readLoop.unreadBytes() > 0;
  }

  @Override
  public void sessionOver(Cause cause) {
    CloseReason reason = CloseReason.of(cause);
    ErrorCode error = reason.error();
    if (error == null) {
      lost(reason);
    } else {
      fail(error, "the session is over: " + cause);
    }
  }

  @Override
  public String address() {
    return PeerAddress.text(socket);
  }

  @Override
  public @Nullable ChannelSet openChannels() {
    return dialect.openChannels();
  }

  @Override
  protected @Nullable ChannelSet channelSet() {
    return dialect.channels();
  }

  @Override
  public String toString() {
    Node node = node();
    return node == null ? address() : FrameLog.escape(node.id()) + " at " + address();
  }
}
