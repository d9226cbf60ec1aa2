package io.heartbus.loadtest;

import java.nio.ByteBuffer;

/**
 * The messages that leave on one channel: the next one as soon as it is due and the credit is
 * there, in fragments if it must be. Knows no socket. Owned by the fleet's thread; times are
 * nanoseconds since the run began.
 */
final class Sender {
  /** Who has to know that a message has left. */
  interface Audience {
    void sent();
  }

  /** On what terms a channel sends: its id, its credit, and what one frame may hold. */
  record Terms(int channel, Credit credit, int payloadBytesMax) {}

  private final Stamp stamp;
  private final int number;
  private final Pacing pacing;
  private final Flow flow;
  private final Audience audience;
  private long seq;
  private int leftBytes;
  private long unsent;
  private boolean stalled;

  /** Sends as {@code number}, which no other sender of the run has. */
  Sender(Stamp stamp, int number, Pacing pacing, Flow flow, Audience audience) {
    this.stamp = stamp;
    this.number = number;
    this.pacing = pacing;
    this.flow = flow;
    this.audience = audience;
  }

  int number() {
    return number;
  }

  int messageBytes() {
    return stamp.messageBytes();
  }

  /** How many messages have left whole. */
  long sent() {
    return seq;
  }

  /** Whether a message waits for credit. */
  boolean stalled() {
    return stalled;
  }

  /** When there is something to send, unless credit or a message comes first. */
  long dueNanos() {
    return stalled ? Span.NEVER : pacing.dueNanos();
  }

  /** One of its messages came back. */
  void answered() {
    pacing.answered();
  }

  /** The span is over: what was due by then still has to leave. */
  void spanEnded() {
    unsent = pacing.backlog() + (leftBytes > 0 ? 1 : 0);
    flow.unsentChanged(unsent);
  }

  /**
   * Puts what may leave now into the buffer.
   *
   * @return false when the buffer has no room for something that could leave
   */
  boolean pump(Terms terms, ByteBuffer out, long nowNanos) {
    while (leftBytes > 0 || pacing.dueNanos() <= nowNanos) {
      int waiting = Math.min(stamp.messageBytes() - leftBytes, terms.payloadBytesMax());
      int bytes = terms.credit().payloadBytes(waiting);
      if (bytes < 0) {
        stall();
        return true;
      }
      if (out.remaining() < FrameBytes.DATA_BYTES + bytes) {
        return false;
      }
      terms.credit().spent(bytes);
      put(terms.channel(), bytes, out, nowNanos);
    }
    stalled = false;
    return true;
  }

  private void stall() {
    if (!stalled) {
      stalled = true;
      flow.stalled();
    }
  }

  private void put(int channel, int bytes, ByteBuffer out, long nowNanos) {
    boolean whole = leftBytes + bytes == stamp.messageBytes();
    stalled = false;
    FrameBytes.putData(out, channel, !whole, bytes);
    int from = leftBytes;
    if (from == 0) {
      stamp.put(out, number, seq, pacing.begin(nowNanos));
      from = Stamp.BYTES;
    }
    Stamp.putFiller(out, seq, from, leftBytes + bytes - from);
    leftBytes += bytes;
    if (whole) {
      left();
    }
  }

  private void left() {
    leftBytes = 0;
    seq++;
    if (unsent > 0) {
      unsent--;
      flow.unsentChanged(-1);
    }
    audience.sent();
  }
}
