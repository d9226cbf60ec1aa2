package io.heartbus.loadtest;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.protocol.Wire;
import org.jspecify.annotations.Nullable;

/**
 * What a node has from the moment the server lets it in: its heart, its channels, its doubts, and
 * its answers to what the server says. Knows no socket. Owned by the fleet's thread; times are
 * nanoseconds since the run began.
 */
final class Session {
  /** What a node grants on its default channel. */
  static final int GRANT_BYTES = 4096;

  private final Heart heart;
  private final Lanes lanes;
  private final Credit credit;
  private final Grants grants = new Grants.Prompt(GRANT_BYTES);
  private final @Nullable Doubt doubt;
  private final Measurements measurements;
  private long leaveNanos = Long.MAX_VALUE;

  /** A session whose default channel may send so much; one that never gives up has no doubts. */
  Session(Heart heart, Lanes lanes, long credit, boolean givesUp, Measurements measurements) {
    this.heart = heart;
    this.lanes = lanes;
    this.credit = new Credit(credit);
    this.doubt = givesUp ? new Doubt() : null;
    this.measurements = measurements;
  }

  Heart heart() {
    return heart;
  }

  /** Its channels but the default one. */
  Lanes lanes() {
    return lanes;
  }

  /** What may be sent on the default channel. */
  Credit credit() {
    return credit;
  }

  /** What to do about the server's silence. */
  Doubt.Advice advice(long nowNanos) {
    return doubt == null ? Doubt.Advice.WAIT : doubt.advice(heart.timeoutNanos(), nowNanos);
  }

  /** Has the node leave then, and beat on from now until then. */
  void leaveAt(long nanos, long nowNanos) {
    leaveNanos = nanos;
    heart.resume(nowNanos);
  }

  /** Whether it is time to leave. */
  boolean leaves(long nowNanos) {
    return leaveNanos <= nowNanos;
  }

  /**
   * When there is something to send, to doubt, or to leave, unless a frame comes first.
   *
   * @param beating whether beats are sent
   * @param sending whether messages are
   */
  long dueNanos(boolean beating, boolean sending) {
    long beat = beating ? heart.dueNanos() : Long.MAX_VALUE;
    long message = sending ? lanes.dueNanos() : Long.MAX_VALUE;
    long due = Math.min(Math.min(beat, message), leaveNanos);
    return doubt == null ? due : Math.min(due, doubt.dueNanos(heart.timeoutNanos()));
  }

  /** Messages that are due leave now: notes how late that is. */
  void sending(long nowNanos) {
    long due = lanes.dueNanos();
    if (due != Pacing.AT_ONCE && due <= nowNanos) {
      measurements.done(due, nowNanos);
    }
  }

  /** Any frame at all came in. */
  void heard(long nowNanos) {
    if (doubt != null) {
      doubt.heard(nowNanos);
    }
  }

  /**
   * Takes a frame that neither begins nor ends a connection.
   *
   * @return what to send back, or null
   * @throws ProtocolException when the server may not send that to a node that is in
   */
  @Nullable Frame answer(Frame frame, long nowNanos) throws ProtocolException {
    return switch (frame) {
      case Frame.HeartbeatResponse answer -> {
        heart.answered(answer, nowNanos);
        yield null;
      }
      case Frame.Ping(var opaque) -> new Frame.Pong(opaque);
      case Frame.Data data -> took(data, nowNanos);
      case Frame.Credit(var channel, var delta) -> {
        credited(channel, delta);
        yield null;
      }
      case Frame.ChannelAccept accept -> {
        lanes.accepted(accept);
        yield null;
      }
      case Frame.ChannelClose(var channel, var code) -> {
        if (channel == Wire.DEFAULT_CHANNEL) {
          credit.closed();
        } else {
          lanes.closed(channel, code);
        }
        yield null;
      }
      case Frame.Pong _, Frame.Ack _ -> null;
      case Frame.Registered _,
          Frame.Register _,
          Frame.HeartbeatRequest _,
          Frame.ChannelOpen _,
          Frame.Unregister _,
          Frame.Fault _,
          Frame.GoAway _ ->
          throw unexpected(frame);
    };
  }

  /**
   * Takes the inlet's frame if it is one of those that a load is made of. Returns whether it was.
   */
  boolean take(Inlet in, long nowNanos) {
    heard(nowNanos);
    if (in.isData() && lanes.has(in.channel())) {
      lanes.received(in, nowNanos);
      return true;
    }
    if (in.isCredit()) {
      credited(in.channel(), in.delta());
      return true;
    }
    return false;
  }

  /** The node is gone; {@code lost} says that what is still to come is missing. */
  void stop(boolean lost) {
    heart.stop(lost);
    lanes.over(lost);
  }

  static ProtocolException unexpected(Frame frame) {
    return new ProtocolException(ErrorCode.UNEXPECTED_FRAME, frame.type() + " now");
  }

  private void credited(long channel, long delta) {
    if (channel == Wire.DEFAULT_CHANNEL) {
      credit.granted(delta);
    } else {
      lanes.credited(channel, delta);
    }
  }

  private @Nullable Frame took(Frame.Data data, long nowNanos) {
    if (data.channel() != Wire.DEFAULT_CHANNEL) {
      measurements.notice("DATA on a channel that was never opened");
      return null;
    }
    if (!data.more()) {
      measurements.messages().plainReceived();
    }
    grants.took(Credit.cost(data.payload().length));
    int grant = grants.take(nowNanos);
    return grant == 0 ? null : new Frame.Credit(data.channel(), grant);
  }
}
