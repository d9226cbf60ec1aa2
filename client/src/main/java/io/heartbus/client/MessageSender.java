package io.heartbus.client;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way out of one channel: cut into as many frames as credit and frame size ask
 * for, each waiting for credit first and then for room in the outbox. When the connection is lost
 * on the way it starts again on the next one; what had left cannot have been a whole message. Runs
 * on the caller's thread.
 */
final class MessageSender {
  /** What a DATA frame takes in the outbox beyond its payload. */
  private static final int OVERHEAD_BYTES = Wire.HEADER_BYTES + 5;

  private final ChannelState channel;
  private final byte[] message;
  private final boolean last;
  private @Nullable Link link;
  private int offset;

  /**
   * @param last whether nothing shall follow it on this channel
   */
  MessageSender(ChannelState channel, byte[] message, boolean last) {
    this.channel = channel;
    this.message = message;
    this.last = last;
  }

  /** Whether a part of the message has left, so that the rest has to follow. */
  boolean begun() {
    return offset > 0;
  }

  /**
   * Sends what is left of the message.
   *
   * @throws TimedOutException when the time is over; {@link #run} may be called again
   */
  void run(Deadline deadline) throws IOException, InterruptedException {
    boolean done = false;
    while (!done) {
      int size = awaitCredit(deadline);
      Link on = link;
      if (on == null) {
        throw new IllegalStateException("credit without a connection");
      }
      done =
          switch (on.outbox().reserve(size + OVERHEAD_BYTES, deadline)) {
            case GRANTED -> commit(on, size);
            case TIMED_OUT -> throw timedOut();
            case OVER -> awaitDetached(on, deadline);
          };
    }
  }

  /**
   * Sends the whole message if nothing has to be waited for; false, and nothing sent, otherwise.
   */
  boolean runNow() throws IOException {
    channel.lock.lock();
    try {
      refuseIfEnded();
      Link on = channel.link();
      if (on == null) {
        return false;
      }
      int frames = Math.max(1, Math.ceilDiv(message.length, on.payloadMax()));
      long cost = message.length + (long) frames * Wire.DATA_COST_BYTES;
      long bytes = message.length + (long) frames * OVERHEAD_BYTES;
      if (cost > on.credit.held()
          || bytes > Integer.MAX_VALUE
          || !on.outbox().tryReserve((int) bytes)) {
        return false;
      }
      link = on;
      boolean done = false;
      while (!done) {
        done = leave(on, Math.min(message.length - offset, on.payloadMax()));
      }
      return true;
    } finally {
      channel.lock.unlock();
    }
  }

  /** How many bytes the next frame may carry. */
  private int awaitCredit(Deadline deadline) throws IOException, InterruptedException {
    channel.lock.lockInterruptibly();
    try {
      while (true) {
        refuseIfEnded();
        Link present = channel.link();
        if (present != link) {
          link = present;
          offset = 0;
        }
        if (present != null) {
          int size = present.credit.payloadNow(message.length - offset, present.payloadMax());
          if (size >= 0) {
            return size;
          }
        }
        if (!deadline.await(channel.changed)) {
          throw timedOut();
        }
      }
    } finally {
      channel.lock.unlock();
    }
  }

  /** Sends one frame for which room is reserved; true when it was the last of the message. */
  private boolean commit(Link on, int size) throws IOException {
    channel.lock.lock();
    try {
      if (channel.ends.sendEnd() != null || channel.link() != on) {
        on.outbox().release(size + OVERHEAD_BYTES);
        refuseIfEnded();
        return false;
      }
      return leave(on, size);
    } finally {
      channel.lock.unlock();
    }
  }

  private boolean leave(Link on, int size) {
    boolean completes = offset + size == message.length;
    int flags = completes ? (last ? Wire.DATA_END : 0) : Wire.DATA_MORE;
    byte[] payload =
        size == message.length ? message : Arrays.copyOfRange(message, offset, offset + size);
    on.credit.spend(size, completes);
    on.outbox().data(Frame.Data.of(on.id, flags, payload), on.id, size + OVERHEAD_BYTES);
    offset += size;
    if (completes) {
      on.connection.counters().messagesSent.increment();
      if (last) {
        channel.noteLocalEnd();
      }
    }
    return completes;
  }

  /** The connection is about to go: waits until the channel knows. Always false. */
  private boolean awaitDetached(Link from, Deadline deadline)
      throws IOException, InterruptedException {
    channel.lock.lockInterruptibly();
    try {
      while (channel.link() == from) {
        if (!deadline.await(channel.changed)) {
          throw timedOut();
        }
      }
      return false;
    } finally {
      channel.lock.unlock();
    }
  }

  private void refuseIfEnded() throws IOException {
    ChannelEnd end = channel.ends.sendEnd();
    if (end != null) {
      throw end.exception(channel.name);
    }
    Link present = channel.link();
    if (present != null && !present.sendable) {
      throw ChannelEnd.reset(ErrorCode.CLOSED.code(), "was opened by the other side only to send")
          .exception(channel.name);
    }
  }

  private TimedOutException timedOut() {
    return new TimedOutException(
        begun()
            ? "channel " + channel.name + ": a part of the message has left, the rest follows"
            : "channel " + channel.name + ": nothing was sent, credit or room is missing");
  }
}
