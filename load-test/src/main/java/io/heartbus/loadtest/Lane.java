package io.heartbus.loadtest;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.FrameWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One channel that a node opens for the load, from its OPEN to its end. Knows no socket. Owned by
 * the fleet's thread; times are nanoseconds since the run began.
 */
final class Lane {
  /**
   * What a lane is for.
   *
   * @param name of the channel
   * @param sender what it sends, or null for nothing
   * @param receiver what it receives, or null for nothing
   * @param topic that it publishes to or is a member of, or null
   */
  record Use(
      String name, @Nullable Sender sender, @Nullable Receiver receiver, @Nullable Topic topic) {
    /** Whether its messages are for nobody: it is there to be filled and left. */
    boolean toStick() {
      return receiver == null && topic == null;
    }
  }

  private enum State {
    NEW,
    OPENING,
    OPEN,
    OVER
  }

  private final Use use;
  private final Sender.Terms terms;
  private State state = State.NEW;
  private long regranted;

  Lane(Use use, Sender.Terms terms) {
    this.use = use;
    this.terms = terms;
  }

  boolean isNew() {
    return state == State.NEW;
  }

  boolean opening() {
    return state == State.OPENING;
  }

  boolean open() {
    return state == State.OPEN;
  }

  boolean over() {
    return state == State.OVER;
  }

  /** Puts its OPEN into the buffer; returns false when that has no room. */
  boolean open(ByteBuffer out) {
    int granted = use.receiver() == null ? 0 : use.receiver().grants().initial();
    byte[] bytes =
        FrameWriter.encode(new Frame.ChannelOpen(terms.channel(), granted, 0, use.name()));
    if (out.remaining() < bytes.length) {
      return false;
    }
    out.put(bytes);
    state = State.OPENING;
    return true;
  }

  /** The server opened it, too. */
  void accepted(long credit) {
    state = State.OPEN;
    terms.credit().granted(credit);
    if (use.topic() != null && use.receiver() != null) {
      use.topic().joined(use.receiver());
    }
  }

  void credited(long delta) {
    regranted += delta;
    terms.credit().granted(delta);
  }

  /** A DATA came in, which is in the inlet. */
  void received(Inlet in, long nowNanos) {
    Receiver receiver = use.receiver();
    Sender sender = use.sender();
    if (state != State.OVER
        && receiver != null
        && receiver.arrived(in, nowNanos)
        && sender != null) {
      sender.answered();
    }
  }

  /** The server left out so many messages. */
  void dropped(long messages) {
    if (use.receiver() != null) {
      use.receiver().dropped(messages);
    }
  }

  /**
   * Whether it was to be stuck, and is: it waits for credit, and got back no more than whoever does
   * not read may have taken in hand, which is a message, in however many fragments.
   */
  boolean stuck() {
    Sender sender = use.sender();
    return open()
        && use.toStick()
        && sender != null
        && sender.stalled()
        && regranted <= 2 * Credit.cost(sender.messageBytes());
  }

  /** When there is something to send, unless a frame comes first. */
  long dueNanos() {
    if (state != State.OPEN) {
      return state == State.NEW ? Pacing.AT_ONCE : Span.NEVER;
    }
    return Math.min(
        use.sender() == null ? Span.NEVER : use.sender().dueNanos(),
        use.receiver() == null ? Span.NEVER : use.receiver().grants().dueNanos());
  }

  /**
   * Puts what may leave now into the buffer.
   *
   * @return false when that has no room for something that could leave
   */
  boolean pump(ByteBuffer out, long nowNanos) {
    if (use.receiver() != null) {
      if (out.remaining() < FrameBytes.CREDIT_BYTES) {
        return false;
      }
      int grant = use.receiver().grants().take(nowNanos);
      if (grant > 0) {
        FrameBytes.putCredit(out, terms.channel(), grant);
      }
    }
    return use.sender() == null || use.sender().pump(terms, out, nowNanos);
  }

  /** No message is due any more: what was due by now still has to leave. */
  void spanEnded() {
    if (use.sender() != null && state != State.OVER) {
      use.sender().spanEnded();
    }
  }

  /**
   * Nothing happens on it any more.
   *
   * @param account whether what is missing by now is lost
   */
  void end(boolean account) {
    if (use.receiver() != null && account) {
      use.receiver().over();
    }
    if (use.topic() != null && use.receiver() != null && state == State.OPEN) {
      use.topic().left(use.receiver());
    }
    state = State.OVER;
  }
}
