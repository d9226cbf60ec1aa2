package io.heartbus.server.channel;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import io.heartbus.server.node.Cause;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channels of one connection. The connection's reader brings in what the peer says; nothing
 * here blocks it. Made when something is first said on a channel, so that a node that only beats
 * has none.
 *
 * <p>One lock guards this set and all its channels. It is held for moments, never while anything
 * blocks, and never together with another set's.
 */
public final class ChannelSet {
  private static final Logger LOG = LoggerFactory.getLogger(ChannelSet.class);
  private static final ThreadFactory THREADS =
      Thread.ofVirtual().inheritInheritableThreadLocals(false).factory();

  /** How many handlers may run for each channel that may be open. */
  private static final int HANDLERS_PER_CHANNEL = 2;

  private final ReentrantLock lock = new ReentrantLock();
  private final Carrier carrier;
  private final ChannelRouter router;

  /** These are guarded by the lock. */
  private final ChannelIds ids;

  private final PeerFrames frames;

  private boolean closed;
  private int turns;

  /** Handlers of applications that have not returned. */
  private int handlers;

  /** The channels of that connection; the default one is open. */
  public ChannelSet(Carrier carrier, ChannelRouter router) {
    this.carrier = carrier;
    this.router = router;
    int byBudget = carrier.connectionBudgetBytes() / initialCredit();
    this.ids = new ChannelIds(router.settings().channelsPerConnectionMax(), byBudget);
    this.frames = new PeerFrames(this, ids, carrier);
    Binding binding = router.route(Wire.DEFAULT_CHANNEL_NAME);
    if (binding != null) {
      add(Wire.DEFAULT_CHANNEL, Wire.DEFAULT_CHANNEL_NAME, binding, carrier.peerCredit());
    }
  }

  /** For what the peer says. */
  public PeerFrames frames() {
    return frames;
  }

  /** Tells the default channel's handler that it is open. Called once, by whoever made the set. */
  public void begin() {
    ServerChannel channel = newest(Wire.DEFAULT_CHANNEL_NAME);
    if (channel != null) {
      channel.begin();
    }
  }

  /**
   * Opens a channel to the node. It can be sent to at once; the node may still refuse it.
   *
   * @param beforeTold runs before the node can hear of it, under the lock
   * @return null when the node takes no such channels, or has too many
   */
  @Nullable ServerChannel openToNode(
      String name, Binding binding, Consumer<ServerChannel> beforeTold) {
    ServerChannel opened;
    lock.lock();
    try {
      if (!carrier.takesOpens() || closed || carrier.draining() || !ids.mayOpen()) {
        return null;
      }
      long id = ids.next();
      opened = add(id, name, binding, carrier.peerCredit());
      beforeTold.accept(opened);
      carrier.send(new Frame.ChannelOpen(id, initialCredit(), 0, name));
    } finally {
      lock.unlock();
    }
    opened.begin();
    return opened;
  }

  /** Whether the node takes channels that the server opens. */
  boolean takesOpens() {
    return carrier.takesOpens();
  }

  /**
   * The connection is over, and so is every channel. What a node had sent before it left or hung up
   * is still handled by the built-in handlers; otherwise what waits is dropped.
   */
  public void close(Cause cause) {
    boolean inPeace = cause == Cause.LEFT || cause == Cause.DISCONNECTED;
    lock.lock();
    try {
      closed = true;
      for (ServerChannel channel : new ArrayList<>(ids.open())) {
        if (inPeace) {
          channel.peerGone();
        } else {
          channel.finish(ErrorCode.NO_ROUTE.code());
        }
        if (cause == Cause.DRAINED) {
          channel.consumer().interruptApplication();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * The carrier takes frames again, after it had refused one. Channels take turns, a frame each, so
   * that none of them keeps the others waiting.
   */
  public void carrierHasRoom() {
    lock.lock();
    try {
      List<ServerChannel> turn = new ArrayList<>(ids.open());
      Collections.rotate(turn, turns++);
      boolean moved = true;
      while (moved) {
        moved = false;
        for (ServerChannel channel : turn) {
          moved |= channel.pumpOnce();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many channels are open. */
  public int size() {
    lock.lock();
    try {
      return ids.open().size();
    } finally {
      lock.unlock();
    }
  }

  /** How every open channel stands, by id. */
  public List<ChannelFigures> figures() {
    lock.lock();
    try {
      return ids.open().stream()
          .map(ServerChannel::figures)
          .sorted(Comparator.comparingLong(ChannelFigures::id))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /** The newest open channel of that name that can be sent on; null when there is none. */
  @Nullable ServerChannel newest(String name) {
    lock.lock();
    try {
      // They are in the order in which they were opened.
      return ids.open().stream()
          .filter(channel -> channel.name().equals(name) && !channel.output().ended())
          .reduce((_, later) -> later)
          .orElse(null);
    } finally {
      lock.unlock();
    }
  }

  /** Opens a channel on this side. The lock is held. */
  ServerChannel add(long id, String name, Binding binding, long peerCredit) {
    ServerChannel channel = new ServerChannel(this, id, name, binding, peerCredit);
    ids.add(channel);
    counts().open.incrementAndGet();
    return channel;
  }

  /** Leaves an error about a channel for the peer. */
  void tell(long id, int code, String message) {
    carrier.send(new Frame.Fault(code, Frame.Scope.CHANNEL, id, 0, message));
  }

  /** Tells the peer how many messages went missing, if any did. */
  void tellDropped(long id, long messages) {
    if (messages > 0) {
      carrier.send(
          new Frame.Fault(
              ErrorCode.DROPPED.code(), Frame.Scope.ADVISORY, id, 0, Long.toString(messages)));
    }
  }

  /** Takes a channel out of the set. The lock is held. */
  void removed(ServerChannel channel) {
    if (ids.remove(channel)) {
      counts().open.decrementAndGet();
    }
  }

  void handlerFailed(ServerChannel channel, Throwable failure) {
    counts().handlerFailures.increment();
    LOG.warn("the handler of {} failed; the channel is reset", channel.name(), failure);
  }

  /** An application begins with a channel. The lock is held. */
  void handlerStarts() {
    handlers++;
  }

  void handlerReturned() {
    lock.lock();
    try {
      handlers--;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether so many handlers of applications run that one more would be too many: they may go on
   * after their channels are closed, and the bound of channels does not bound them. The lock is
   * held.
   */
  boolean fullOfHandlers() {
    return handlers >= HANDLERS_PER_CHANNEL * ids.most();
  }

  Thread newThread(Runnable consumer) {
    return THREADS.newThread(consumer);
  }

  /** Whether a message of that size must not be joined because the whole server holds too much. */
  boolean tooMuch(int messageBytes) {
    return messageBytes > initialCredit() && buffered().over();
  }

  /** What a message of that size costs the node's credit, cut into as many frames as it takes. */
  long cost(int messageBytes) {
    int payloadBytesMax = carrier.frameBytesMax() - ChannelOutput.DATA_FIXED_BYTES;
    int frames = Math.max(1, Math.ceilDiv(messageBytes, payloadBytesMax));
    return messageBytes + (long) frames * Wire.DATA_COST_BYTES;
  }

  int initialCredit() {
    return router.settings().initialCreditBytes();
  }

  @Nullable Binding route(String name) {
    return router.route(name);
  }

  /** Whether the connection is over. The lock is held. */
  boolean closed() {
    return closed;
  }

  ReentrantLock lock() {
    return lock;
  }

  Carrier carrier() {
    return carrier;
  }

  /** The threads of applications, for the end of the server. */
  Set<Thread> applications() {
    return router.applications();
  }

  ChannelCounts counts() {
    return router.counts();
  }

  BufferedBytes buffered() {
    return router.buffered();
  }
}
