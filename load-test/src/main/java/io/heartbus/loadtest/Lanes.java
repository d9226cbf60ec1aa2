package io.heartbus.loadtest;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.protocol.Wire;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The channels that one node opens for the load, all at once when it is let in. Knows no socket.
 * Owned by the fleet's thread; times are nanoseconds since the run began.
 */
final class Lanes {
  private static final int FIRST_CHANNEL = (int) Wire.DEFAULT_CHANNEL + 2;

  private final Lane[] lanes;
  private final MessageBook book;
  private final long patienceNanos;
  private long deadlineNanos = Span.NEVER;
  private int opening;
  private int turn;

  /**
   * Lanes for those uses.
   *
   * @param payloadBytesMax what one frame may hold
   * @param patienceNanos how long the server may take to answer
   */
  Lanes(List<Lane.Use> uses, int payloadBytesMax, MessageBook book, long patienceNanos) {
    this.book = book;
    this.patienceNanos = patienceNanos;
    this.lanes = new Lane[uses.size()];
    for (int place = 0; place < lanes.length; place++) {
      int channel = FIRST_CHANNEL + 2 * place;
      lanes[place] =
          new Lane(uses.get(place), new Sender.Terms(channel, new Credit(0), payloadBytesMax));
    }
    opening = lanes.length;
    book.opening(opening);
  }

  /** Whether a channel is one of these. */
  boolean has(long channel) {
    return find(channel) != null;
  }

  /** A DATA came in for one of these, which is in the inlet. */
  void received(Inlet in, long nowNanos) {
    Lane lane = find(in.channel());
    if (lane != null) {
      lane.received(in, nowNanos);
    }
  }

  void credited(long channel, long delta) {
    Lane lane = find(channel);
    if (lane != null) {
      lane.credited(delta);
    }
  }

  void accepted(Frame.ChannelAccept frame) throws ProtocolException {
    Lane lane = find(frame.channel());
    if (lane == null || !lane.opening()) {
      throw new ProtocolException(ErrorCode.UNEXPECTED_FRAME, "ACCEPT of what was not opened");
    }
    answered(1);
    book.opened();
    lane.accepted(frame.initialCredit());
  }

  /** The server closes a channel, which it has no reason to. */
  void closed(long channel, int code) {
    Lane lane = find(channel);
    if (lane != null && lane.open()) {
      lose(lane, "closed: " + Ending.name(code));
    }
  }

  /** An ERROR that ends no connection. Returns whether it was about one of these. */
  boolean fault(Frame.Fault fault) {
    Lane lane = find(fault.channel());
    if (lane == null) {
      return false;
    }
    if (fault.scope() == Frame.Scope.CHANNEL) {
      if (lane.opening()) {
        answered(1);
        lose(lane, "refused: " + Ending.error(fault));
      } else if (lane.open()) {
        lose(lane, "closed: " + Ending.error(fault));
      }
      return true;
    }
    long messages = fault.error() == ErrorCode.DROPPED ? count(fault.message()) : 0;
    lane.dropped(messages);
    return messages > 0;
  }

  /** When there is something to send or to give up, unless a frame comes first. */
  long dueNanos() {
    long due = opening > 0 ? deadlineNanos : Span.NEVER;
    for (Lane lane : lanes) {
      due = Math.min(due, lane.dueNanos());
    }
    return due;
  }

  /**
   * Puts what may leave now into the buffer.
   *
   * @return whether there is more than it has room for
   */
  boolean pump(ByteBuffer out, long nowNanos) {
    if (deadlineNanos <= nowNanos) {
      giveUpOpening();
    }
    for (int count = 0; count < lanes.length; count++) {
      // From where it ended last time: a full buffer must not be always the same lanes'.
      if (!pump(lanes[turn], out, nowNanos)) {
        return true;
      }
      turn = (turn + 1) % lanes.length;
    }
    return false;
  }

  private boolean pump(Lane lane, ByteBuffer out, long nowNanos) {
    if (lane.isNew()) {
      deadlineNanos = nowNanos + patienceNanos;
      return lane.open(out);
    }
    return !lane.open() || lane.pump(out, nowNanos);
  }

  /** No message is due any more. */
  void spanEnded() {
    for (Lane lane : lanes) {
      lane.spanEnded();
    }
  }

  /**
   * The node is gone, or the books are closed.
   *
   * @param account whether what is missing by now is lost
   */
  void over(boolean account) {
    answered(opening);
    for (Lane lane : lanes) {
      if (lane.stuck()) {
        book.stuck();
      }
      if (!lane.over()) {
        lane.end(account);
      }
    }
  }

  private void giveUpOpening() {
    deadlineNanos = Span.NEVER;
    answered(opening);
    for (Lane lane : lanes) {
      if (lane.opening()) {
        lose(lane, "refused: no answer");
      }
    }
  }

  private void lose(Lane lane, String reason) {
    lane.end(true);
    book.lost(reason);
  }

  private void answered(int count) {
    opening -= count;
    book.opening(-count);
  }

  private @Nullable Lane find(long channel) {
    long place = (channel - FIRST_CHANNEL) / 2;
    boolean one = channel >= FIRST_CHANNEL && channel % 2 == 1 && place < lanes.length;
    return one ? lanes[(int) place] : null;
  }

  private static long count(String message) {
    try {
      return Math.max(0, Long.parseLong(message));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
