package io.heartbus.loadtest;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.protocol.Wire;
import org.jspecify.annotations.Nullable;

/**
 * What a node has from the moment the server lets it in: its heart, its credit, its doubts, and its
 * answers to what the server says. Knows no socket. Owned by the fleet's thread; times are
 * nanoseconds since the run began.
 */
final class Session {
  private final Heart heart;
  private final Credit credit;
  private final @Nullable Doubt doubt;
  private final Measurements measurements;

  /** A session on the terms of that answer; a node that never gives up has no doubts. */
  Session(Heart heart, Frame.Registered answer, boolean givesUp, Measurements measurements) {
    this.heart = heart;
    this.credit = new Credit(answer.initialCredit());
    this.doubt = givesUp ? new Doubt() : null;
    this.measurements = measurements;
  }

  Heart heart() {
    return heart;
  }

  Credit credit() {
    return credit;
  }

  /** What to do about the server's silence. */
  Doubt.Advice advice(long nowNanos) {
    return doubt == null ? Doubt.Advice.WAIT : doubt.advice(heart.timeoutNanos(), nowNanos);
  }

  /** When there is something to send, or to doubt, unless a frame comes first. */
  long dueNanos(boolean beating) {
    long beat = beating ? heart.dueNanos() : Long.MAX_VALUE;
    return doubt == null ? beat : Math.min(beat, doubt.dueNanos(heart.timeoutNanos()));
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
      case Frame.Data data -> took(data);
      case Frame.Credit(var channel, var delta) -> {
        if (channel == Wire.DEFAULT_CHANNEL) {
          credit.granted(delta);
        }
        yield null;
      }
      case Frame.ChannelClose(var channel, var _) -> {
        if (channel == Wire.DEFAULT_CHANNEL) {
          credit.closed();
        }
        yield null;
      }
      case Frame.Pong _, Frame.ChannelAccept _, Frame.Ack _ -> null;
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

  static ProtocolException unexpected(Frame frame) {
    return new ProtocolException(ErrorCode.UNEXPECTED_FRAME, frame.type() + " now");
  }

  private @Nullable Frame took(Frame.Data data) {
    if (!data.more()) {
      measurements.messageReceived();
    }
    long grant = credit.took(data.payload().length);
    return grant == 0 ? null : new Frame.Credit(data.channel(), grant);
  }
}
