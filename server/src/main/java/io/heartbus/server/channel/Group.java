package io.heartbus.server.channel;

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

  private static final class Work {
    final byte[] message;
    final ServerChannel from;

    Work(byte[] message, ServerChannel from) {
      this.message = message;
      this.from = from;
    }

    int bytes() {
      return message.length;
    }
  }

  /** What a member was sent and has not given credit back for. */
  private static final class Member {
    final ArrayDeque<Work> untaken = new ArrayDeque<>();
    int untakenBytes;
    long coveredCost;
  }

  private final Route route;
  private final ChannelCounts counts;
  private final BufferedBytes buffered;
  private final ReentrantLock lock = new ReentrantLock();
  private final Signal room = new Signal(lock);

  /** In turn: who got something goes to the end. Who only sends is no member. Guarded by lock. */
  private final Map<ServerChannel, @Nullable Member> channels = new LinkedHashMap<>();

  /** Guarded by lock. */
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
      channels.put(channel, channel.receives() ? new Member() : null);
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
      Member member = channels.remove(channel);
      while (member != null && !member.untaken.isEmpty()) {
        Work work = member.untaken.removeLast();
        waiting.addFirst(work);
        waitingBytes += work.bytes();
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
      Member member = channels.get(channel);
      if (member != null) {
        member.coveredCost += delta;
        settle(channel, member);
      }
    } finally {
      lock.unlock();
    }
    dispatchSoon();
  }

  private void settle(ServerChannel channel, Member member) {
    Work oldest = member.untaken.peek();
    while (oldest != null && member.coveredCost >= channel.set().cost(oldest.bytes())) {
      member.coveredCost -= channel.set().cost(oldest.bytes());
      member.untakenBytes -= oldest.bytes();
      buffered.remove(oldest.bytes());
      member.untaken.remove();
      oldest = member.untaken.peek();
    }
  }

  /** Adds a message. Under {@link Overflow#BLOCK}, waits for room while its sender lives. */
  void add(ServerChannel from, byte[] message) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (channels.containsKey(from) && !fits(message.length)) {
        switch (route.overflow()) {
          case BLOCK -> {
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
      buffered.add(message.length);
    } finally {
      lock.unlock();
    }
    dispatchSoon();
  }

  private boolean fits(int bytes) {
    return waiting.isEmpty()
        || (waiting.size() < route.queueMessagesMax()
            && waitingBytes + bytes <= route.messageBytesMax()
            && !buffered.over());
  }

  private void drop(Work work) {
    waitingBytes -= work.bytes();
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
    for (ServerChannel candidate : candidates(work)) {
      if (candidate.sendNow(work.message) && book(work, candidate)) {
        return candidate;
      }
    }
    return null;
  }

  /** Who may get a message: members that do not have too much in hand already. */
  private List<ServerChannel> candidates(Work work) {
    List<ServerChannel> candidates = new ArrayList<>();
    lock.lock();
    try {
      channels.forEach((channel, member) -> {
        if (member != null
            && !channel.equals(work.from)
            && (member.untaken.isEmpty()
                || member.untakenBytes + work.bytes() <= route.messageBytesMax())) {
          candidates.add(channel);
        }
      });
      return candidates;
    } finally {
      lock.unlock();
    }
  }

  private boolean book(Work work, ServerChannel taker) {
    lock.lock();
    try {
      Member member = channels.remove(taker);
      if (member == null) {
        // It ended in this moment, so nobody knows whether it took the message: another gets it.
        return false;
      }
      channels.put(taker, member);
      if (waiting.remove(work)) {
        waitingBytes -= work.bytes();
        if (taker.set().carrier().credited()) {
          member.untaken.add(work);
          member.untakenBytes += work.bytes();
          settle(taker, member);
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
