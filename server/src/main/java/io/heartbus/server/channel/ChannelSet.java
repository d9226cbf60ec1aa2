package io.heartbus.server.channel;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.protocol.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
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
  private final Map<Long, ServerChannel> open = new HashMap<>();

  private long highestOfNode = Wire.DEFAULT_CHANNEL;
  private long highestOfServer;
  private int strikes;

  /** The channels of that connection; the default one is open. */
  public ChannelSet(Carrier carrier, ChannelRouter router) {
    this.carrier = carrier;
    this.router = router;
    Binding binding = router.route(Wire.DEFAULT_CHANNEL_NAME);
    if (binding != null) {
      add(Wire.DEFAULT_CHANNEL, Wire.DEFAULT_CHANNEL_NAME, binding, carrier.peerCredit());
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
        case CLOSED -> tell(data.channel(), ErrorCode.CLOSED, "you had ended it");
        case OVER_CREDIT -> strike(channel, "more than the credit in hand");
        case DROPPED -> tell(data.channel(), ErrorCode.DROPPED, "1");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Opens a channel for the node, or says why not. */
  public void received(Frame.ChannelOpen frame) throws ProtocolException {
    long credit = frame.initialCredit();
    if (credit != 0 && credit < Wire.INITIAL_CREDIT_MIN) {
      throw new ProtocolException(ErrorCode.PROTOCOL_ERROR, "init_credit is 0 or at least 1024");
    }
    lock.lock();
    try {
      ErrorCode refusal = refusal(frame);
      String name = frame.name();
      Binding binding = refusal == null && name != null ? router.route(name) : null;
      if (binding == null || name == null) {
        tell(frame.channel(), refusal == null ? ErrorCode.NO_ROUTE : refusal, "not opened");
        carrier.countControl();
        return;
      }
      carrier.send(new Frame.ChannelAccept(frame.channel(), initialCredit()));
      add(frame.channel(), name, binding, credit);
    } finally {
      lock.unlock();
    }
  }

  /** Why a channel must not be opened; a legal id is used up by that. */
  private @Nullable ErrorCode refusal(Frame.ChannelOpen frame) {
    long id = frame.channel();
    if (open.containsKey(id)) {
      return ErrorCode.IN_USE;
    }
    if (id % 2 == 0 || id <= highestOfNode) {
      return ErrorCode.BAD_ID;
    }
    highestOfNode = id;
    if (frame.name() == null || carrier.draining()) {
      return ErrorCode.REFUSED;
    }
    int channels = open.size() - (open.containsKey(Wire.DEFAULT_CHANNEL) ? 1 : 0);
    boolean withinBudget = (open.size() + 1L) * initialCredit() <= carrier.connectionBudgetBytes();
    return channels < router.settings().channelsPerConnectionMax() && withinBudget
        ? null
        : ErrorCode.LIMIT;
  }

  /** The node grants a channel that the server opened. */
  public void received(Frame.ChannelAccept frame) throws ProtocolException {
    lock.lock();
    try {
      boolean ours = frame.channel() % 2 == 0 && frame.channel() <= highestOfServer;
      if (!ours) {
        throw new ProtocolException(ErrorCode.UNEXPECTED_FRAME, "ACCEPT of what was not opened");
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
        channel.finish();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets the server send more. */
  public void received(Frame.Credit frame) throws ProtocolException {
    lock.lock();
    try {
      if (frame.channel() > highest(frame.channel())) {
        tell(frame.channel(), ErrorCode.UNKNOWN, "no such channel");
        return;
      }
      ServerChannel channel = find(frame.channel());
      if (channel != null && !channel.credited(frame.delta())) {
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
      ServerChannel channel = open.get(fault.channel());
      if (channel != null) {
        carrier.countControl();
        channel.finish();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The connection is over, and so is every channel. */
  public void close() {
    lock.lock();
    try {
      for (ServerChannel channel : new ArrayList<>(open.values())) {
        channel.finish();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The carrier takes frames again, after it had refused one. */
  public void carrierHasRoom() {
    lock.lock();
    try {
      for (ServerChannel channel : new ArrayList<>(open.values())) {
        channel.pump();
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many channels are open. */
  public int size() {
    lock.lock();
    try {
      return open.size();
    } finally {
      lock.unlock();
    }
  }

  private void add(long id, String name, Binding binding, long peerCredit) {
    ServerChannel channel = new ServerChannel(this, id, name, binding, peerCredit);
    open.put(id, channel);
    counts().open.incrementAndGet();
    binding.handler().opened(channel);
  }

  /** The channel with that id; null when it is closed by now, which nobody need be told. */
  private @Nullable ServerChannel find(long id) throws ProtocolException {
    ServerChannel channel = open.get(id);
    if (channel == null) {
      if (id > highest(id)) {
        throw new ProtocolException(ErrorCode.PROTOCOL_ERROR, "channel " + id + " is not open");
      }
      carrier.countSkipped();
    }
    return channel;
  }

  private long highest(long id) {
    return id % 2 == 0 ? highestOfServer : highestOfNode;
  }

  private void strike(ServerChannel channel, String message) throws ProtocolException {
    if (++strikes == STRIKES_MAX) {
      throw new ProtocolException(ErrorCode.FLOOD, "the third violation of credit");
    }
    channel.reset(ErrorCode.FLOW_CONTROL, message);
  }

  /** Leaves an error about a channel for the peer. */
  void tell(long id, ErrorCode code, String message) {
    carrier.send(new Frame.Fault(code.code(), Frame.Scope.CHANNEL, id, 0, message));
  }

  /** Takes a channel out of the set. The lock is held. */
  void removed(ServerChannel channel) {
    if (open.remove(channel.id(), channel)) {
      counts().open.decrementAndGet();
    }
  }

  void handlerFailed(ServerChannel channel, Exception failure) {
    counts().handlerFailures.increment();
    LOG.warn("the handler of {} failed; the channel is reset", channel.name(), failure);
  }

  void start(Runnable consumer) {
    THREADS.newThread(consumer).start();
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
