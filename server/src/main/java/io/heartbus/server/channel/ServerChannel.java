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
  private final ChannelSet set;
  private final long id;
  private final String name;
  private final Binding binding;
  private final ChannelInput input;
  private final ChannelOutput output;
  private final Consumer consumer;
  private final boolean receives;

  /** These are written under the set's lock. Over: nothing of it is left to be handled here. */
  private volatile boolean over;

  /** The peer has left, or both sides have ended: nobody is there to be told anything. */
  private volatile boolean gone;

  private int endCode;

  /** What the channel ends with when nobody breaks it off. */
  private int codeInPeace = ErrorCode.NORMAL.code();

  ServerChannel(ChannelSet set, long id, String name, Binding binding, long peerCredit) {
    this.set = set;
    this.id = id;
    this.name = name;
    this.binding = binding;
    this.receives = peerCredit > 0 || !set.carrier().credited();
    this.input = new ChannelInput(set, id, binding.route());
    this.output = new ChannelOutput(this, new SendQueue(set, name, binding.route()), peerCredit);
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

  /** Its number within the connection. */
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
    output.send(message, Long.MAX_VALUE);
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
    return consumer.receive(Long.MAX_VALUE);
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
        if (!gone) {
          set.tell(id, code, message);
        }
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
    output.send(message, Long.MAX_VALUE);
  }

  ChannelSet set() {
    return set;
  }

  ChannelOutput output() {
    return output;
  }

  void flushSoon() {
    set.carrier().flushSoon();
  }

  /** Waits until the channel is over, or its peer has left. */
  void awaitOver() throws InterruptedException {
    set.lock().lockInterruptibly();
    try {
      while (!over && !gone) {
        long _ = input.await(Long.MAX_VALUE);
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
    set.lock().lock();
    try {
      if (over) {
        // It ended while it began, and the handler did not know it yet.
        binding.handler().over(this);
      } else {
        consumer.startApplication();
      }
    } finally {
      set.lock().unlock();
    }
  }

  /** A frame for it came in; its consumer is to be woken, soon. The lock is held. */
  ChannelInput.Arrival arrived(Frame.Data data) {
    ChannelInput.Arrival arrival = input.arrived(data);
    if (arrival == ChannelInput.Arrival.TAKEN) {
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
    if (!output.add(delta)) {
      return false;
    }
    binding.handler().credited(this, delta);
    return true;
  }

  /** Sends one frame of what waits. Returns whether there was one to send. The lock is held. */
  boolean pumpOnce() {
    boolean moved = output.pumpOnce();
    binding.handler().roomAgain(this);
    return moved;
  }

  /**
   * The peer has left, so nothing can be sent; what it had sent is still handled. The lock is held.
   */
  void peerGone() {
    if (binding.application() != null) {
      finish(ErrorCode.NO_ROUTE.code());
      return;
    }
    gone = true;
    codeInPeace = ErrorCode.NO_ROUTE.code();
    output.cutOff();
    if (input.gone()) {
      consumer.wake();
    }
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

  Consumer consumer() {
    return consumer;
  }

  /** Takes leave when both sides have ended, and all that came in was handled. The lock is held. */
  void closeIfEnded() {
    if (!gone && output.endSent() && input.ended()) {
      // The peer may open the next one as soon as it reads our end, whatever is left to do here.
      gone = true;
      set.removed(this);
    }
    if (output.endSent() && input.exhausted() && !consumer.busy()) {
      finish(codeInPeace);
    }
  }

  /** Whether nobody is there any more to wait on behalf of. */
  boolean isGone() {
    return over || gone;
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

  /** How it stands. The lock is held. */
  ChannelFigures figures() {
    return ChannelFigures.of(this, input, output);
  }
}
