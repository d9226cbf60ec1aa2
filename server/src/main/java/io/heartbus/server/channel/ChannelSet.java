package io.heartbus.server.channel;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.protocol.Wire;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
  private static final int STRIKES_MAX = 3;
  private static final ThreadFactory THREADS =
      Thread.ofVirtual().inheritInheritableThreadLocals(false).factory();

  private final ReentrantLock lock = new ReentrantLock();
  private final Carrier carrier;
  private final ChannelRouter router;

  /** These are guarded by the lock. */
  private final ChannelIds ids;

  private int strikes;
  private boolean closed;

  /** The channels of that connection; the default one is open. */
  public ChannelSet(Carrier carrier, ChannelRouter router) {
    this.carrier = carrier;
    this.router = router;
    int byBudget = carrier.connectionBudgetBytes() / initialCredit();
    this.ids = new ChannelIds(router.settings().channelsPerConnectionMax(), byBudget);
    Binding binding = router.route(Wire.DEFAULT_CHANNEL_NAME);
    if (binding != null) {
      add(Wire.DEFAULT_CHANNEL, Wire.DEFAULT_CHANNEL_NAME, binding, carrier.peerCredit());
    }
  }

  /** Tells the default channel's handler that it is open. Called once, by whoever made the set. */
  public void begin() {
    ServerChannel channel = newest(Wire.DEFAULT_CHANNEL_NAME);
    if (channel != null) {
      channel.begin();
    }
  }

  /** Takes in a message, or a part of one. */
  public void received(Frame.Data data) throws ProtocolException {
    if (data.channel() == 0) {
      throw new ProtocolException(ErrorCode.PROTOCOL_ERROR, "DATA on channel 0");
    }
    lock.lock();
    try {
      ServerChannel channel = find(data.channel());
      if (channel == null) {
        return;
      }
      switch (channel.arrived(data)) {
        case TAKEN -> {
          // The consumer has it.
        }
        case CLOSED -> tell(data.channel(), ErrorCode.CLOSED.code(), "you had ended it");
        case OVER_CREDIT -> strike(channel, "more than the credit in hand");
        case DROPPED -> tellDropped(data.channel(), 1);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Opens a channel for the node, or says why not. */
  public void received(Frame.ChannelOpen frame) throws ProtocolException {
    long credit = frame.initialCredit();
    if (credit != 0 && (credit < Wire.INITIAL_CREDIT_MIN || credit > Wire.CREDIT_MAX)) {
      throw new ProtocolException(ErrorCode.PROTOCOL_ERROR, "init_credit is 0 or at least 1024");
    }
    ServerChannel opened;
    lock.lock();
    try {
      // A name that is no legal one is refused, but uses up its id like any other.
      String name = frame.name() == null ? "" : frame.name();
      Binding binding = router.route(name);
      ErrorCode refusal = refusal(frame.channel(), name, binding);
      if (refusal != null || binding == null) {
        tell(frame.channel(), (refusal == null ? ErrorCode.NO_ROUTE : refusal).code(), name);
        carrier.countControl();
        return;
      }
      carrier.send(new Frame.ChannelAccept(frame.channel(), initialCredit()));
      opened = add(frame.channel(), name, binding, credit);
    } finally {
      lock.unlock();
    }
    opened.begin();
  }

  private @Nullable ErrorCode refusal(long id, String name, @Nullable Binding binding) {
    ErrorCode refusal = ids.claim(id);
    if (refusal != null) {
      return refusal;
    }
    if (name.isEmpty() || carrier.draining() || closed) {
      return ErrorCode.REFUSED;
    }
    return binding == null ? ErrorCode.NO_ROUTE : binding.handler().refusal(name);
  }

  /**
   * Opens a channel to the node. It can be sent to at once; the node may still refuse it.
   *
   * @return null when the node takes no such channels, or has too many
   */
  @Nullable ServerChannel openToNode(String name, Binding binding) {
    ServerChannel opened;
    lock.lock();
    try {
      if (!carrier.takesOpens() || closed || carrier.draining() || !ids.withinBudget()) {
        return null;
      }
      long id = ids.next();
      carrier.send(new Frame.ChannelOpen(id, initialCredit(), 0, name));
      opened = add(id, name, binding, carrier.peerCredit());
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

  /** The node grants a channel that the server opened. */
  public void received(Frame.ChannelAccept frame) throws ProtocolException {
    lock.lock();
    try {
      ServerChannel channel = ids.find(frame.channel());
      if (channel == null && ids.wasOpen(frame.channel())) {
        carrier.countSkipped();
      } else if (channel == null || !ids.answer(frame.channel())) {
        throw new ProtocolException(ErrorCode.UNEXPECTED_FRAME, "ACCEPT of what was not opened");
      } else if (!channel.accepted(frame.initialCredit())) {
        throw new ProtocolException(
            ErrorCode.PROTOCOL_ERROR, "ACCEPT grants less than REGISTER, or too much");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Half-closes a channel, or resets it. */
  public void received(Frame.ChannelClose frame) throws ProtocolException {
    lock.lock();
    try {
      ServerChannel channel = find(frame.channel());
      if (channel == null) {
        return;
      }
      if (frame.code() == ErrorCode.NORMAL.code()) {
        channel.peerEnds();
      } else {
        carrier.countControl();
        channel.finish(frame.code());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets the server send more. */
  public void received(Frame.Credit frame) throws ProtocolException {
    lock.lock();
    try {
      ServerChannel channel = ids.find(frame.channel());
      if (channel == null && !ids.wasOpen(frame.channel())) {
        tell(frame.channel(), ErrorCode.UNKNOWN.code(), "no such channel");
      } else if (channel == null) {
        carrier.countSkipped();
      } else if (!channel.credited(frame.delta())) {
        strike(channel, "CREDIT of 0, or over 2^31-1 in sum");
      }
    } finally {
      lock.unlock();
    }
  }

  /** The node ended or refused a channel with an error. */
  public void failed(Frame.Fault fault) {
    lock.lock();
    try {
      ServerChannel channel = ids.find(fault.channel());
      if (channel != null) {
        carrier.countControl();
        channel.finish(fault.code());
      }
    } finally {
      lock.unlock();
    }
  }

  /** The connection is over, and so is every channel. */
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    forEach(channel -> {
      channel.interrupt();
      channel.finish(ErrorCode.NO_ROUTE.code());
    });
  }

  /** The carrier takes frames again, after it had refused one. */
  public void carrierHasRoom() {
    forEach(ServerChannel::pump);
  }

  private void forEach(Consumer<ServerChannel> action) {
    lock.lock();
    try {
      new ArrayList<>(ids.open()).forEach(action);
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

  /** The newest open channel of that name; null when there is none. */
  @Nullable ServerChannel newest(String name) {
    lock.lock();
    try {
      return ids.open().stream()
          .filter(channel -> channel.name().equals(name))
          .max(Comparator.comparingLong(ServerChannel::id))
          .orElse(null);
    } finally {
      lock.unlock();
    }
  }

  private ServerChannel add(long id, String name, Binding binding, long peerCredit) {
    ServerChannel channel = new ServerChannel(this, id, name, binding, peerCredit);
    ids.add(channel);
    counts().open.incrementAndGet();
    return channel;
  }

  /** The channel with that id; null when it is closed by now, which nobody need be told. */
  private @Nullable ServerChannel find(long id) throws ProtocolException {
    ServerChannel channel = ids.find(id);
    if (channel == null) {
      if (!ids.wasOpen(id)) {
        throw new ProtocolException(ErrorCode.PROTOCOL_ERROR, "channel " + id + " is not open");
      }
      carrier.countSkipped();
    }
    return channel;
  }

  private void strike(ServerChannel channel, String message) throws ProtocolException {
    if (++strikes == STRIKES_MAX) {
      throw new ProtocolException(ErrorCode.FLOOD, "the third violation of credit");
    }
    channel.reset(ErrorCode.FLOW_CONTROL, message);
  }

  /** Leaves an error about a channel for the peer. */
  void tell(long id, int code, String message) {
    carrier.send(new Frame.Fault(code, Frame.Scope.CHANNEL, id, 0, message));
  }

  /** Tells the peer how many messages went missing. */
  void tellDropped(long id, long messages) {
    carrier.send(
        new Frame.Fault(
            ErrorCode.DROPPED.code(), Frame.Scope.ADVISORY, id, 0, Long.toString(messages)));
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

  Thread newThread(Runnable consumer) {
    return THREADS.newThread(consumer);
  }

  /** Whether a message of that size must not be joined because the whole server holds too much. */
  boolean tooMuch(int messageBytes) {
    return messageBytes > initialCredit() && buffered().over();
  }

  int initialCredit() {
    return router.settings().initialCreditBytes();
  }

  ReentrantLock lock() {
    return lock;
  }

  Carrier carrier() {
    return carrier;
  }

  ChannelCounts counts() {
    return router.counts();
  }

  BufferedBytes buffered() {
    return router.buffered();
  }
}
