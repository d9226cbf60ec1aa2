package io.heartbus.server.channel;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.server.node.Node;
import java.io.IOException;

/**
 * The server's end of one channel of a node. Handlers get it and may use it from any thread;
 * sending blocks while the peer grants no credit or does not read.
 */
public final class ServerChannel {
  private final ChannelSet set;
  private final long id;
  private final String name;
  private final Binding binding;
  private final ChannelInput input;
  private final ChannelOutput output;

  /** Belongs to the consumer. */
  private final Assembly assembly = new Assembly();

  /** Guarded by the set's lock. */
  private boolean over;

  ServerChannel(ChannelSet set, long id, String name, Binding binding, long peerCredit) {
    this.set = set;
    this.id = id;
    this.name = name;
    this.binding = binding;
    this.input = new ChannelInput(set, id, binding.route().queueMessagesMax());
    this.output = new ChannelOutput(set, id, peerCredit);
  }

  /** The name it was opened under. */
  public String name() {
    return name;
  }

  /** Whose channel it is. */
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
    output.send(message);
    set.carrier().flush();
  }

  /** Like {@link #send}, for handlers: the consumer writes when it has nothing else to do. */
  void reply(byte[] message) throws InterruptedException, IOException {
    output.send(message);
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
  void reset(ErrorCode code, String message) {
    set.lock().lock();
    try {
      if (!over) {
        set.tell(id, code, message);
        set.counts().resets.increment();
        finish();
      }
    } finally {
      set.lock().unlock();
    }
    set.carrier().flushSoon();
  }

  /** A frame for it came in. The lock is held. */
  ChannelInput.Arrival arrived(Frame.Data data) {
    ChannelInput.Arrival arrival = input.arrived(data, this::consume);
    closeIfEnded();
    return arrival;
  }

  /** The peer ended its side. The lock is held. */
  void peerEnds() {
    input.end(this::consume);
    closeIfEnded();
  }

  /** Adds credit from the peer; false when that breaks SPEC. The lock is held. */
  boolean credited(long delta) {
    boolean legal = output.add(delta);
    closeIfEnded();
    return legal;
  }

  /** There is room in the outbox again. The lock is held. */
  void pump() {
    output.pump();
    closeIfEnded();
  }

  /** Ends it all; the peer knows. The lock is held. */
  void finish() {
    if (!over) {
      over = true;
      boolean inPeace = input.ended() && output.endSent();
      input.abandon(inPeace);
      output.abandon();
      set.removed(this);
      binding.handler().over(this);
    }
  }

  private void closeIfEnded() {
    if (input.ended() && output.endSent()) {
      finish();
    }
  }

  /** The consumer: runs on a virtual thread of its own for as long as there are messages. */
  private void consume() {
    try {
      Frame.Data data = input.take();
      while (data != null) {
        handle(data);
        data = input.take();
      }
    } catch (InterruptedException interrupted) {
      reset(ErrorCode.DRAINING, "the server shuts down");
    } catch (ChannelClosedException closed) {
      // Whoever closed it knows.
      reset(ErrorCode.CLOSED, "closed");
    } catch (IOException | RuntimeException failed) {
      set.handlerFailed(this, failed);
      reset(ErrorCode.INTERNAL, "the handler failed");
    } finally {
      input.consumerLeft();
    }
    set.carrier().flush();
  }

  private void handle(Frame.Data data) throws InterruptedException, IOException {
    if (ChannelInput.isEnd(data)) {
      binding.handler().ended(this);
      return;
    }
    byte[] payload = data.payload();
    int messageBytesMax = binding.route().messageBytesMax();
    if (assembly.exceeds(payload.length, messageBytesMax)) {
      reset(ErrorCode.TOO_LARGE, "a message over " + messageBytesMax + " bytes");
      return;
    }
    if (data.more() && set.tooMuch(assembly.pendingBytes() + payload.length)) {
      reset(ErrorCode.REFUSED, "too much waits already");
      return;
    }
    byte[] message = assembly.add(payload, data.more());
    if (data.more() || message == null || message.length != payload.length) {
      input.assembled(assembly.pendingBytes());
    }
    if (message != null) {
      set.counts().received.increment();
      binding.handler().message(this, message);
    }
    if (data.end()) {
      binding.handler().ended(this);
    }
  }
}
