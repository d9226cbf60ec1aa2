package io.heartbus.client;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One channel between its users and its connection: where it is attached, what came in, and how far
 * both directions are. One lock, held only for moments: the reader thread takes it for every frame,
 * so nobody may write to a socket or wait for anything else while holding it. It nests outside the
 * lock of {@link Outbox} and inside that of {@link ChannelTable}.
 */
final class ChannelState {
  final String name;
  final ChannelKind kind;
  final long receiveCredit;
  final ReentrantLock lock = new ReentrantLock();
  final Condition changed = lock.newCondition();

  // Guarded by lock.
  final Inbox inbox;
  final ChannelEnds ends;
  private @Nullable Link link;
  private boolean accepted;

  /**
   * @param receiveCredit what the other side is granted, 0 = this side only sends
   */
  ChannelState(String name, ChannelKind kind, int messageBytesMax, long receiveCredit) {
    this.name = name;
    this.kind = kind;
    this.receiveCredit = receiveCredit;
    this.inbox = new Inbox(messageBytesMax);
    this.ends = new ChannelEnds(kind);
  }

  /** Where the channel is attached now; null between connections and at the end. */
  @Nullable Link link() {
    return link;
  }

  /** The channel is on a connection that knows it; false when it is over and wants none. */
  boolean attach(Link newLink) {
    lock.lock();
    try {
      if (!ends.start()) {
        return false;
      }
      link = newLink;
      accepted = true;
      inbox.attach(receiveCredit);
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The channel is on a connection whose server is asked for it in the same moment: nothing of it
   * can leave before the OPEN does.
   *
   * @param reserved what is set aside in the outbox for the OPEN
   * @return false when the channel is over and wants no connection
   */
  boolean open(Link newLink, int reserved) {
    lock.lock();
    try {
      if (!attach(newLink)) {
        return false;
      }
      accepted = false;
      newLink.outbox().ahead(new Frame.ChannelOpen(newLink.id, receiveCredit, 0, name), reserved);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * What may be missing now that a connection was lost, and whether the channel awaits the next.
   */
  record Detached(ChannelLoss loss, boolean lasting) {}

  /** That connection is over; null when the channel had left it before. */
  @Nullable Detached detach(Link oldLink, IOException cause) {
    lock.lock();
    try {
      if (link != oldLink) {
        return null;
      }
      ChannelLoss loss = new ChannelLoss(oldLink.credit.messagesUnconfirmed(), inbox.cut());
      boolean lasting = ends.lasts();
      link = null;
      if (!lasting) {
        ends.finish(ChannelEnd.connectionLost(cause));
      }
      changed.signalAll();
      return new Detached(loss, lasting);
    } finally {
      lock.unlock();
    }
  }

  /** Both directions end without a word to the other side, which wants nothing more. */
  void end(ChannelEnd end) {
    lock.lock();
    try {
      if (link != null) {
        link.outbox().discard(link.id);
      }
      endQuietly(end);
    } finally {
      lock.unlock();
    }
  }

  /** Both directions end on this side; what waits to leave still does. */
  void endQuietly(ChannelEnd end) {
    lock.lock();
    try {
      ends.finish(end);
      leaveIfOver();
    } finally {
      lock.unlock();
    }
  }

  /** The other side accepted, with so much credit beyond what was assumed; false: it may not. */
  boolean accept(Link on, long extraCredit) {
    lock.lock();
    try {
      boolean first = !accepted;
      accepted = true;
      changed.signalAll();
      return first && on.credit.enlarged(extraCredit);
    } finally {
      lock.unlock();
    }
  }

  /** The other side grants more; false when that breaks SPEC. */
  boolean granted(Link on, long delta) {
    lock.lock();
    try {
      changed.signalAll();
      return on.credit.granted(delta);
    } finally {
      lock.unlock();
    }
  }

  /** What became of a DATA frame. */
  enum Arrival {
    TAKEN,
    NOT_GRANTED,
    AFTER_END
  }

  /**
   * A frame came in; one for a closed channel is forgotten, and grants nothing. Whoever takes the
   * message finds it counted.
   */
  Arrival arrived(Frame.Data data, LongAdder messages) {
    lock.lock();
    try {
      if (ends.remoteEnded()) {
        return Arrival.AFTER_END;
      }
      if (!inbox.arrived(data)) {
        return Arrival.NOT_GRANTED;
      }
      messages.add(data.more() ? 0 : 1);
      if (ends.closed()) {
        inbox.clear();
      }
      if (data.end()) {
        ends.endRemote();
      }
      leaveIfOver();
      return Arrival.TAKEN;
    } finally {
      lock.unlock();
    }
  }

  /** The other side sends nothing more. */
  void endRemote() {
    lock.lock();
    try {
      ends.endRemote();
      leaveIfOver();
    } finally {
      lock.unlock();
    }
  }

  /** Ends this side's direction behind what was sent; nothing when that has happened already. */
  void endLocal() {
    lock.lock();
    try {
      if (ends.localEnded() || ends.isOver()) {
        return;
      }
      if (link == null) {
        ends.finish(ChannelEnd.normal("was ended while there was no connection"));
        changed.signalAll();
      } else {
        link.outbox().data(new Frame.ChannelClose(link.id, ErrorCode.NORMAL.code()), link.id, 0);
        noteLocalEnd();
      }
    } finally {
      lock.unlock();
    }
  }

  /** What was sent last said that it is the last. Guarded by lock. */
  void noteLocalEnd() {
    ends.endLocal();
    leaveIfOver();
  }

  /** Nobody will receive any more. */
  void close() {
    lock.lock();
    try {
      if (ends.closed()) {
        return;
      }
      endLocal();
      ends.close();
      inbox.clear();
      if (link != null) {
        link.connection.channels().linger(this);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Tells the other side, forgets what waits to leave, and ends both directions.
   *
   * @param complaint sent instead of a CLOSE when the other side broke SPEC
   */
  void reset(ChannelEnd end, Frame.@Nullable Fault complaint) {
    lock.lock();
    try {
      if (ends.isOver()) {
        return;
      }
      if (link != null) {
        link.connection.control(
            complaint == null ? new Frame.ChannelClose(link.id, end.code()) : complaint);
      }
      inbox.clear();
      end(end);
    } finally {
      lock.unlock();
    }
  }

  boolean busy() {
    return ask(ends::busy);
  }

  /** Whether its users can still do anything with it. */
  boolean isOpen() {
    return ask(() -> !ends.isOver() && !ends.closed());
  }

  boolean accepted() {
    return ask(() -> accepted);
  }

  private boolean ask(BooleanSupplier question) {
    lock.lock();
    try {
      return question.getAsBoolean();
    } finally {
      lock.unlock();
    }
  }

  private void leaveIfOver() {
    Link last = link;
    if (ends.isOver() && last != null) {
      link = null;
      last.connection.channels().remove(last.id, this);
    }
    changed.signalAll();
  }
}
