package io.heartbus.server.channel;

import io.heartbus.server.channel.GroupMember.Work;
import io.heartbus.server.channel.SendQueue.Outgoing;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One work queue: each message goes to one member that has credit for it, in turn, and never to its
 * sender. A message counts as taken when the credit it cost has been given back; when a member ends
 * before that, the message goes to another. So it arrives at least once, while there are members.
 *
 * <p>The group's lock is the innermost: nothing else is locked under it. A virtual thread that
 * lives while there is something to hand out does that.
 */
final class Group {
  /** How far the dispatcher looks past messages that nobody takes now. */
  private static final int LOOK_AHEAD = 32;

  private final Route route;
  private final ChannelCounts counts;
  private final BufferedBytes buffered;

  /** Guards all below it but the rounds. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Signal room = new Signal(lock);

  /** In turn: who got something goes to the end. Who only sends is no member. */
  private final Map<ServerChannel, @Nullable GroupMember> channels = new LinkedHashMap<>();

  private final ArrayDeque<Work> waiting = new ArrayDeque<>();
  private int waitingBytes;

  /** How often somebody asked for a round since the thread last looked; above 0, there is one. */
  private final AtomicInteger rounds = new AtomicInteger();

  Group(Route route, ChannelCounts counts, BufferedBytes buffered) {
    this.route = route;
    this.counts = counts;
    this.buffered = buffered;
  }

  void enter(ServerChannel channel) {
    lock.lock();
    try {
      channels.put(channel, channel.receives() ? new GroupMember(buffered) : null);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes a channel out; what it had not taken waits again, first. Returns whether that was the
   * last one, in which case nothing waits any more: there is nobody to take it.
   */
  boolean leave(ServerChannel channel) {
    boolean last;
    lock.lock();
    try {
      GroupMember member = channels.remove(channel);
      Work untaken = member == null ? null : member.takeBackNewest();
      while (member != null && untaken != null) {
        waiting.addFirst(untaken);
        waitingBytes += untaken.bytes();
        counts.queuedMessages.increment();
        untaken = member.takeBackNewest();
      }
      last = channels.isEmpty();
      while (last && !waiting.isEmpty()) {
        drop(waiting.remove());
      }
      // Who waits for room may be the one who left.
      room.all();
    } finally {
      lock.unlock();
    }
    dispatchSoon();
    return last;
  }

  /** A member has given back credit, and with it taken its oldest messages. */
  void credited(ServerChannel channel, long delta) {
    lock.lock();
    try {
      GroupMember member = channels.get(channel);
      if (member != null) {
        member.credited(delta);
      }
    } finally {
      lock.unlock();
    }
    dispatchSoon();
  }

  /** Adds a message. Under {@link Overflow#BLOCK}, waits for room while its sender lives. */
  void add(ServerChannel from, byte[] message) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (channels.containsKey(from) && !fits(message.length)) {
        switch (route.overflow()) {
          case BLOCK -> {
            if (from.isGone()) {
              counts.dropped.increment();
              return;
            }
            // What was given back for this message must not wait with it.
            from.flushSoon();
            long _ = room.await(TimeUnit.SECONDS.toNanos(1));
          }
          case DROP_OLDEST, LATEST -> drop(waiting.remove());
          case DROP_NEWEST, DISCONNECT -> {
            counts.dropped.increment();
            return;
          }
        }
      }
      if (!channels.containsKey(from)) {
        counts.dropped.increment();
        return;
      }
      waiting.add(new Work(message, from));
      waitingBytes += message.length;
      counts.queuedMessages.increment();
      buffered.add(message.length);
    } finally {
      lock.unlock();
    }
    dispatchSoon();
  }

  private boolean fits(int bytes) {
    return waiting.isEmpty()
        || (waiting.size() < route.waitingMessagesMax()
            && waitingBytes + bytes <= route.messageBytesMax()
            && !buffered.over());
  }

  private void drop(Work work) {
    waitingBytes -= work.bytes();
    counts.queuedMessages.decrement();
    buffered.remove(work.bytes());
    counts.dropped.increment();
  }

  /** Has what waits handed out. Any thread; does not block. */
  void dispatchSoon() {
    if (rounds.getAndIncrement() == 0) {
      Thread.startVirtualThread(this::dispatch);
    }
  }

  private void dispatch() {
    int seen = rounds.get();
    try {
      do {
        seen = rounds.get();
        handOutAll();
      } while (rounds.addAndGet(-seen) > 0);
    } catch (Throwable surprise) {
      // The next who asks gets a new thread.
      rounds.set(0);
      throw surprise;
    }
  }

  private void handOutAll() {
    Set<ServerChannel> written = new LinkedHashSet<>();
    boolean gave = true;
    while (gave) {
      gave = false;
      for (Work work : firstWaiting()) {
        ServerChannel taker = give(work);
        if (taker != null) {
          written.add(taker);
          gave = true;
        }
      }
    }
    written.forEach(ServerChannel::flushSoon);
  }

  private List<Work> firstWaiting() {
    List<Work> first = new ArrayList<>();
    lock.lock();
    try {
      Iterator<Work> works = waiting.iterator();
      while (works.hasNext() && first.size() < LOOK_AHEAD) {
        first.add(works.next());
      }
      return first;
    } finally {
      lock.unlock();
    }
  }

  /** Gives a message to the first in turn that takes it. Only the dispatching thread calls it. */
  private @Nullable ServerChannel give(Work work) {
    ServerChannel taker = give(work, candidates(work, false), false);
    // Whoever has taken all it got will not have more credit than now.
    return taker == null ? give(work, candidates(work, true), true) : taker;
  }

  private @Nullable ServerChannel give(Work work, List<ServerChannel> candidates, boolean inParts) {
    for (ServerChannel candidate : candidates) {
      Outgoing outgoing = candidate.output().sendNow(work.message, inParts);
      if (outgoing != null && book(work, candidate, outgoing)) {
        return candidate;
      }
    }
    return null;
  }

  /** Who may get a message: members that do not have too much in hand already. */
  private List<ServerChannel> candidates(Work work, boolean idle) {
    List<ServerChannel> candidates = new ArrayList<>();
    lock.lock();
    try {
      channels.forEach((channel, member) -> {
        if (member != null
            && !channel.equals(work.from)
            && member.mayTake(work, idle, route.messageBytesMax())) {
          candidates.add(channel);
        }
      });
      return candidates;
    } finally {
      lock.unlock();
    }
  }

  private boolean book(Work work, ServerChannel taker, Outgoing outgoing) {
    lock.lock();
    try {
      GroupMember member = channels.remove(taker);
      if (member == null) {
        // It ended in this moment, so nobody knows whether it took the message: another gets it.
        return false;
      }
      channels.put(taker, member);
      if (waiting.remove(work)) {
        waitingBytes -= work.bytes();
        counts.queuedMessages.decrement();
        if (taker.set().carrier().credited()) {
          member.handed(work, outgoing);
        } else {
          buffered.remove(work.bytes());
        }
      }
      room.all();
      return true;
    } finally {
      lock.unlock();
    }
  }
}
