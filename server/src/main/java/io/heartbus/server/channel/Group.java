package io.heartbus.server.channel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  /** A message, and who must not get it. */
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

    long cost() {
      return OutboundCredit.cost(message.length);
    }
  }

  /** What a member was sent and has not given credit back for. */
  private static final class Member {
    final ArrayDeque<Work> untaken = new ArrayDeque<>();
    long coveredCost;
  }

  private final Route route;
  private final ChannelCounts counts;
  private final ReentrantLock lock = new ReentrantLock();
  private final Signal room = new Signal(lock);

  /** Members in turn: who got something goes to the end. Senders are in it with a null. */
  private final Map<ServerChannel, @Nullable Member> channels = new LinkedHashMap<>();

  private final ArrayDeque<Work> waiting = new ArrayDeque<>();
  private int waitingBytes;

  /** How often somebody asked for a round since the thread last looked; above 0, there is one. */
  private final AtomicInteger rounds = new AtomicInteger();

  Group(Route route, ChannelCounts counts) {
    this.route = route;
    this.counts = counts;
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
   * last.
   */
  boolean leave(ServerChannel channel) {
    boolean last;
    lock.lock();
    try {
      Member member = channels.remove(channel);
      if (member != null) {
        while (!member.untaken.isEmpty()) {
          Work work = member.untaken.removeLast();
          waiting.addFirst(work);
          waitingBytes += work.bytes();
        }
      }
      last = channels.isEmpty();
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
        settle(member);
      }
    } finally {
      lock.unlock();
    }
    dispatchSoon();
  }

  /** Adds a message. Under {@link Overflow#BLOCK}, waits for room. */
  void add(ServerChannel from, byte[] message) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!fits(message.length)) {
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
      waiting.add(new Work(message, from));
      waitingBytes += message.length;
    } finally {
      lock.unlock();
    }
    dispatchSoon();
  }

  private boolean fits(int bytes) {
    return waiting.isEmpty()
        || (waiting.size() < route.queueMessagesMax()
            && waitingBytes + bytes <= route.messageBytesMax());
  }

  private void drop(Work work) {
    waitingBytes -= work.bytes();
    counts.dropped.increment();
  }

  /** Has what waits handed out. Any thread; does not block. */
  void dispatchSoon() {
    if (rounds.getAndIncrement() == 0) {
      Thread.startVirtualThread(this::dispatch);
    }
  }

  private void dispatch() {
    int seen;
    do {
      seen = rounds.get();
      List<ServerChannel> written = new ArrayList<>();
      while (handOut(written)) {
        // As long as somebody takes something.
      }
      written.forEach(ServerChannel::flushSoon);
    } while (rounds.addAndGet(-seen) > 0);
  }

  /** Hands out the first message that somebody takes. Only the dispatching thread calls it. */
  private boolean handOut(List<ServerChannel> written) {
    Work work;
    List<ServerChannel> candidates = new ArrayList<>();
    lock.lock();
    try {
      work = waiting.peek();
      if (work == null) {
        return false;
      }
      channels.forEach((channel, member) -> {
        if (member != null && !channel.equals(work.from)) {
          candidates.add(channel);
        }
      });
    } finally {
      lock.unlock();
    }
    for (ServerChannel candidate : candidates) {
      if (give(work, candidate)) {
        written.add(candidate);
        return true;
      }
    }
    return false;
  }

  private boolean give(Work work, ServerChannel candidate) {
    if (!candidate.sendNow(work.message)) {
      return false;
    }
    lock.lock();
    try {
      Member member = channels.remove(candidate);
      if (member == null) {
        // It ended in this moment, so nobody knows whether it took the message: another one gets
        // it.
        return false;
      }
      channels.put(candidate, member);
      if (waiting.remove(work)) {
        waitingBytes -= work.bytes();
      }
      member.untaken.add(work);
      settle(member);
      room.all();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private static void settle(Member member) {
    Work oldest = member.untaken.peek();
    while (oldest != null && member.coveredCost >= oldest.cost()) {
      member.coveredCost -= oldest.cost();
      member.untaken.remove();
      oldest = member.untaken.peek();
    }
  }
}
