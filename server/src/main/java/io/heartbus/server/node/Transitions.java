package io.heartbus.server.node;

import io.heartbus.server.liveness.FlapSettings;
import io.heartbus.server.node.Node.Arrival;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Every change of how a node stands, in one order, under one lock: so of all who want to end a
 * session exactly one does, a frame that comes in beside a verdict has one outcome, and followers
 * hear of each change in the place that it had. Any thread.
 */
final class Transitions {
  private static final long NANOS_PER_MS = 1_000_000;

  /** Guards the status of every node, and what followers were told of it. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Census census;
  private final NodeCounts counts;
  private final InstantSource wallClock;
  private final LongSupplier livenessClock;
  private final NodeFeed feed;

  Transitions(
      NodeCounts counts,
      FlapSettings flap,
      InstantSource wallClock,
      LongSupplier livenessClock,
      EventSink events) {
    this.counts = counts;
    this.census = new Census(counts);
    this.wallClock = wallClock;
    this.livenessClock = livenessClock;
    this.feed = new NodeFeed(counts, flap, livenessClock, events);
  }

  Census census() {
    return census;
  }

  /**
   * A session begins in the place of an earlier one, if there was one. Followers are told by {@link
   * #announce}, when the node can be found.
   *
   * @return the connection of the earlier session, if that was live
   */
  @Nullable Link begin(Node node, @Nullable Node previous) {
    lock.lock();
    try {
      Link replaced = previous == null ? null : succeed(node, previous);
      if (previous == null) {
        node.arrival = Arrival.FIRST;
      }
      census.entered(node, NodeState.ONLINE);
      counts.registered.increment();
      return replaced;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Link succeed(Node node, Node previous) {
    feed.announce(previous);
    NodeState before = previous.status().state();
    node.arrival = arrival(previous);
    census.left(previous, before);
    Link replaced = null;
    if (before != NodeState.OFFLINE) {
      previous.change(status(NodeState.OFFLINE, Cause.REPLACED));
      replaced = previous.release();
      if (node.arrival == Arrival.TAKEOVER) {
        counts.replaced.increment();
      }
    }
    node.inherit(previous);
    feed.succeeded(node);
    return replaced;
  }

  private static Arrival arrival(Node previous) {
    if (!previous.live()) {
      return Arrival.BACK;
    }
    return previous.isAwaited() ? Arrival.HEALING : Arrival.TAKEOVER;
  }

  /** Tells followers that a session has begun, unless they were told. */
  void announce(Node node) {
    lock.lock();
    try {
      feed.announce(node);
    } finally {
      lock.unlock();
    }
  }

  /** Something about many nodes has happened. */
  void tell(NodeEvent event) {
    lock.lock();
    try {
      feed.tell(event);
    } finally {
      lock.unlock();
    }
  }

  /** Moves a live node to ONLINE. Returns whether it is live. */
  boolean revive(Node node) {
    if (node.status().state() == NodeState.ONLINE) {
      return true;
    }
    lock.lock();
    try {
      NodeState before = node.status().state();
      if (before == NodeState.OFFLINE || node.isAwaited()) {
        return false;
      }
      if (before != NodeState.ONLINE) {
        feed.announce(node);
        move(node, NodeState.ONLINE, null);
        feed.tell(node, EventType.ONLINE, null, -1, null);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Moves a live node to SUSPECT or HELD, unless a frame came in since {@code heardNanos}. Of nodes
   * that are held followers hear by one event for all.
   *
   * @return whether it stands so now, and did not before
   */
  boolean doubt(Node node, NodeState to, Link link, long heardNanos) {
    lock.lock();
    try {
      NodeState before = node.status().state();
      boolean stays = before == NodeState.OFFLINE || before == to || node.isAwaited();
      if (stays || link.lastSeenNanos() != heardNanos) {
        return false;
      }
      feed.announce(node);
      move(node, to, null);
      if (to == NodeState.SUSPECT) {
        feed.tell(node, EventType.SUSPECT, null, silenceMs(heardNanos), null);
      } else {
        counts.held.increment();
        node.told = node.suppressed() ? node.told : EventType.MASS_LOSS;
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends the session of a doubted node for its silence, unless a frame came in since {@code
   * heardNanos}.
   *
   * @return whether this call did
   */
  boolean timeOut(Node node, Link link, long heardNanos) {
    lock.lock();
    try {
      NodeState state = node.status().state();
      boolean doubted = state == NodeState.SUSPECT || state == NodeState.HELD;
      return doubted
          && !node.isAwaited()
          && link.lastSeenNanos() == heardNanos
          && end(node, Cause.TIMEOUT, silenceMs(heardNanos));
    } finally {
      lock.unlock();
    }
  }

  /** Ends a session, if it is not over yet. Returns whether this call did. */
  boolean end(Node node, Cause cause, long silenceMs) {
    lock.lock();
    try {
      if (node.status().state() == NodeState.OFFLINE) {
        return false;
      }
      feed.announce(node);
      count(cause);
      move(node, NodeState.OFFLINE, cause);
      Link _ = node.release();
      feed.tell(node, EventType.OFFLINE, cause, silenceMs, null);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void count(Cause cause) {
    if (cause == Cause.TIMEOUT) {
      counts.timedOut.increment();
    } else if (cause == Cause.LEFT) {
      counts.left.increment();
    } else if (cause == Cause.DISCONNECTED) {
      counts.disconnected.increment();
    }
  }

  /** Ends the session of a node that was lost and not healed. Returns whether this call did. */
  boolean giveUp(Node node) {
    lock.lock();
    try {
      long lostMs = wallClock.millis() - node.status().sinceMs();
      return node.isAwaited() && end(node, Cause.DISCONNECTED, Math.max(0, lostMs));
    } finally {
      lock.unlock();
    }
  }

  /** Lets go of a lost connection, and of its node not yet. Returns whether this call did. */
  boolean lose(Node node) {
    lock.lock();
    try {
      if (!node.live() || node.isAwaited()) {
        return false;
      }
      feed.announce(node);
      move(node, NodeState.SUSPECT, Cause.DISCONNECTED);
      Link _ = node.release();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** A node that is offline is not known any more. */
  void forget(Node node) {
    lock.lock();
    try {
      feed.forget(node);
      census.left(node, NodeState.OFFLINE);
    } finally {
      lock.unlock();
    }
  }

  /** Tells how nodes stand that have settled after they came and went. Bounded work. */
  void tellSettled() {
    lock.lock();
    try {
      feed.tellSettled();
    } finally {
      lock.unlock();
    }
  }

  private void move(Node node, NodeState to, @Nullable Cause cause) {
    census.left(node, node.status().state());
    node.change(status(to, cause));
    census.entered(node, to);
  }

  private long silenceMs(long heardNanos) {
    return Math.max(0, livenessClock.getAsLong() - heardNanos) / NANOS_PER_MS;
  }

  private Node.Status status(NodeState state, @Nullable Cause cause) {
    return new Node.Status(state, cause, wallClock.millis());
  }
}
