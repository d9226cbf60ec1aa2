package io.heartbus.server.channel;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.server.node.Node;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of one channel of a node. Handlers get it and may send from any thread; sending
 * blocks while the peer grants no credit or does not read. One thread at a time may receive.
 */
public final class ServerChannel {
  private static final long FOREVER_NANOS = Long.MAX_VALUE;

  private final ChannelSet set;
  private final long id;
  private final String name;
  private final Binding binding;
  private final ChannelInput input;
  private final ChannelOutput output;
  private final Consumer consumer;
  private final boolean receives;

  /** These are guarded by the set's lock. */
  private boolean over;

  private int endCode;

  ServerChannel(ChannelSet set, long id, String name, Binding binding, long peerCredit) {
    this.set = set;
    this.id = id;
    this.name = name;
    this.binding = binding;
    this.receives = peerCredit > 0 || !set.carrier().credited();
    this.input = new ChannelInput(set, id, binding.route());
    this.output = new ChannelOutput(set, id, binding.route(), peerCredit);
    this.consumer = new Consumer(set, this, input);
  }

  /** The name it was opened under. */
  public String name() {
    return name;
  }

  /** Whose channel it is: identity, group and metadata are there. */
  public Node node() {
    return set.carrier().node();
  }

  /** The number of the channel within its connection. */
  public long id() {
    return id;
  }

  /**
   * Sends a message, in fragments if need be. Blocks while there is no credit, no room in the
   * outbox, or an earlier message waits.
   *
   * @throws ChannelClosedException when the channel is over, or was closed on this side
   */
  public void send(byte[] message) throws InterruptedException, IOException {
    output.send(message, FOREVER_NANOS);
    set.carrier().flushSoon();
  }

  /**
   * Sends a message if it can go within that time. Once a part of it has gone, the rest follows.
   *
   * @return whether it went; what did not will not be sent
   * @throws ChannelClosedException when the channel is over, or was closed on this side
   */
  public boolean send(byte[] message, Duration limit) throws InterruptedException, IOException {
    boolean sent = output.send(message, limit.toNanos());
    set.carrier().flushSoon();
    return sent;
  }

  /**
   * Waits for the next message. Only for application handlers.
   *
   * @return the message; null when the peer will send no more
   * @throws ChannelClosedException when the channel was reset, or its node is gone
   */
  public byte @Nullable [] receive() throws InterruptedException, IOException {
    return consumer.receive(FOREVER_NANOS);
  }

  /**
   * Waits for the next message, but not for ever. Only for application handlers.
   *
   * @return the message; null when there was none in time, or the peer will send no more (see
   *     {@link #ended})
   * @throws ChannelClosedException when the channel was reset, or its node is gone
   */
  public byte @Nullable [] receive(Duration limit) throws InterruptedException, IOException {
    return consumer.receive(limit.toNanos());
  }

  /** Whether the peer will send no more, and everything it sent was received. */
  public boolean ended() {
    set.lock().lock();
    try {
      return input.exhausted();
    } finally {
      set.lock().unlock();
    }
  }

  /** Says that nothing more will be sent. Does not block; what waits to be sent still goes out. */
  public void close() {
    set.lock().lock();
    try {
      output.end();
      closeIfEnded();
    } finally {
      set.lock().unlock();
    }
    set.carrier().flushSoon();
  }

  /** Ends the channel in both directions, with an error for the peer. Does not block. */
  public void reset(ErrorCode code, String message) {
    reset(code.code(), message);
  }

  /** Like {@link #reset(ErrorCode, String)}, with a code that an application may have made up. */
  void reset(int code, String message) {
    set.lock().lock();
    try {
      if (!over) {
        set.tell(id, code, message);
        set.counts().resets.increment();
        finish(code);
      }
    } finally {
      set.lock().unlock();
    }
    set.carrier().flushSoon();
  }

  /** Like {@link #send}, for handlers: the consumer writes when it has nothing else to do. */
  void reply(byte[] message) throws InterruptedException, IOException {
    output.send(message, FOREVER_NANOS);
  }

  /** Sends, queues or drops a message, as the overflow policy of the route says. No flush. */
  boolean offer(byte[] message) throws InterruptedException {
    return output.offer(message);
  }

  /** Sends a message if there is credit for all of it. No flush. */
  boolean sendNow(byte[] message) {
    return output.sendNow(message);
  }

  void flushSoon() {
    set.carrier().flushSoon();
  }

  /** Waits until the channel is over. */
  void awaitOver() throws InterruptedException {
    set.lock().lockInterruptibly();
    try {
      while (!over) {
        long _ = input.await(FOREVER_NANOS);
      }
    } finally {
      set.lock().unlock();
    }
  }

  Binding binding() {
    return binding;
  }

  /** Tells the handler that it is open. The lock is not held. */
  void begin() {
    binding.handler().opened(this);
    consumer.startApplication();
  }

  /** A frame for it came in. The lock is held. */
  ChannelInput.Arrival arrived(Frame.Data data) {
    ChannelInput.Arrival arrival = input.arrived(data);
    if (arrival == ChannelInput.Arrival.TAKEN) {
      consumer.wake();
      closeIfEnded();
    }
    return arrival;
  }

  /** The peer ended its side. The lock is held. */
  void peerEnds() {
    if (input.end()) {
      consumer.wake();
      closeIfEnded();
    }
  }

  /** Adds credit from the peer; false when that breaks SPEC. The lock is held. */
  boolean credited(long delta) {
    boolean legal = output.add(delta);
    closeIfEnded();
    binding.handler().credited(this, delta);
    return legal;
  }

  /** There is room in the outbox again. The lock is held. */
  void pump() {
    output.pump();
    closeIfEnded();
  }

  /** Ends it all, with that code; the peer knows. The lock is held. */
  void finish(int code) {
    if (!over) {
      over = true;
      endCode = code;
      input.abandon(code == ErrorCode.NORMAL.code());
      output.abandon();
      set.removed(this);
      binding.handler().over(this);
    }
  }

  /** Interrupts the application that handles it, if one does. */
  void interrupt() {
    consumer.interruptApplication();
  }

  /** Takes leave when both sides have ended, and all that came in was handled. The lock is held. */
  void closeIfEnded() {
    if (output.endSent() && input.exhausted() && !consumer.busy()) {
      finish(ErrorCode.NORMAL.code());
    }
  }

  boolean isOver() {
    set.lock().lock();
    try {
      return over;
    } finally {
      set.lock().unlock();
    }
  }

  /** The code it ended with, 0 for in peace; means nothing before it is over. */
  int endCode() {
    set.lock().lock();
    try {
      return endCode;
    } finally {
      set.lock().unlock();
    }
  }

  /** Whether the peer grants any credit at all: a channel opened with none only sends. */
  boolean receives() {
    return receives;
  }

  /**
   * The peer has accepted it, with that credit in all. False when that breaks SPEC. The lock is
   * held.
   */
  boolean accepted(long credit) {
    long more = credit - set.carrier().peerCredit();
    return more == 0 || (more > 0 && credited(more));
  }

  /** How it stands, for people. */
  public ChannelFigures figures() {
    set.lock().lock();
    try {
      return new ChannelFigures(
          id,
          name,
          binding.route().handler(),
          input.queuedFrames(),
          output.pendingMessages(),
          output.creditBytes(),
          output.dropped());
    } finally {
      set.lock().unlock();
    }
  }
}
