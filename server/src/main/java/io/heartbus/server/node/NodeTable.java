package io.heartbus.server.node;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The directory of all known nodes, live ones and those that went offline not too long ago: one
 * entry per id. Any thread.
 *
 * <p>A session changes how it stands under one lock for all nodes, so that of all who want to end
 * it exactly one does, and a frame that comes in beside a verdict has one outcome. Lock order: an
 * entry of the directory, then the transitions, the index or the shelf.
 */
public final class NodeTable {
  private static final long TAKEOVER_WINDOW_NANOS = 60_000_000_000L;
  private static final int EVICTIONS_PER_PASS_MAX = 10_000;
  private static final int PAGE_NODES_EXAMINED = 5_000;
  private static final int MICROS_PER_MS = 1_000;
  private static final int NANOS_PER_MS = 1_000_000;

  private final ConcurrentHashMap<String, Node> directory = new ConcurrentHashMap<>();
  private final IdIndex index = new IdIndex();
  private final OfflineShelf shelf = new OfflineShelf();
  private final NodeCounts counts = new NodeCounts();
  private final NodeTableSettings settings;
  private final InstantSource wallClock;

  /** Guards the status of every node. Nothing else is locked under it. */
  private final ReentrantLock transitions = new ReentrantLock();

  /**
   * An empty table. The wall clock is for epochs and for people, never for a judgement of silence.
   */
  public NodeTable(NodeTableSettings settings, InstantSource wallClock) {
    this.settings = settings;
    this.wallClock = wallClock;
  }

  public NodeCounts counts() {
    return counts;
  }

  /** The newest session of that node, live or over; null when the id is not known. */
  public @Nullable Node find(String id) {
    return directory.get(id);
  }

  /**
   * Lets a node in, unless it comes late or too often. A live session of the same id is over with
   * that; the caller tells its connection.
   *
   * @param admitted runs before anybody can find the new session; must not block nor call back
   */
  public Registration register(Admission admission, Link link, Consumer<Node> admitted) {
    // The lambda runs exactly once, under the lock of its entry.
    Registration[] outcome = new Registration[1];
    directory.compute(
        admission.id(),
        (id, current) -> {
          Registration judged = judge(admission, current, link);
          outcome[0] = judged;
          if (!(judged instanceof Registration.Admitted(Node node, Link replaced))) {
            return current;
          }
          if (current == null) {
            index.add(id);
          } else if (replaced == null) {
            shelf.remove(current);
            counts.leftState(NodeState.OFFLINE);
          }
          counts.entered(NodeState.ONLINE);
          counts.registered.increment();
          admitted.accept(node);
          return node;
        });
    return outcome[0];
  }

  private Registration judge(Admission admission, @Nullable Node current, Link link) {
    long nowMicros = ChronoUnit.MICROS.between(Instant.EPOCH, wallClock.instant());
    long lastEpoch = Math.max(admission.lastEpoch(), current == null ? 0 : current.epoch());
    Node node =
        new Node(admission, Math.max(nowMicros, lastEpoch + 1), nowMicros / MICROS_PER_MS, link);
    if (current == null) {
      return new Registration.Admitted(node, null);
    }
    if (current.outrunsLate(admission)) {
      return new Registration.Late();
    }
    if (!current.live()) {
      return new Registration.Admitted(node, null);
    }
    long waitNanos =
        node.takeOverFrom(
            current, settings.takeoversMax(), link.lastSeenNanos(), TAKEOVER_WINDOW_NANOS);
    if (waitNanos > 0) {
      return new Registration.Flapping(Math.ceilDiv(waitNanos, NANOS_PER_MS));
    }
    Link replaced = end(current, Cause.REPLACED);
    return new Registration.Admitted(node, replaced);
  }

  /**
   * Ends a session, if it is not over yet, and lets go of its connection.
   *
   * @return the connection, for whoever has to tell it; null when the session was over already
   */
  public @Nullable Link leave(Node node, Cause cause) {
    return shelve(node, end(node, cause));
  }

  /**
   * Ends the session of a suspect for its silence, unless a frame came in since that time. Only the
   * sweep calls it.
   *
   * @return the connection, for the sweep to tell it; null when it spoke, or was over already
   */
  @Nullable Link timeOut(Node node, Link link, long heardNanos) {
    Link released = null;
    transitions.lock();
    try {
      if (node.status().state() != NodeState.ONLINE && link.lastSeenNanos() == heardNanos) {
        released = end(node, Cause.TIMEOUT);
      }
    } finally {
      transitions.unlock();
    }
    return shelve(node, released);
  }

  private @Nullable Link shelve(Node node, @Nullable Link released) {
    if (released != null) {
      // A newer session may have come meanwhile; then the entry is its own.
      directory.computeIfPresent(
          node.id(),
          (_, current) -> {
            if (current == node) {
              shelf.put(node);
            }
            return current;
          });
    }
    return released;
  }

  private @Nullable Link end(Node node, Cause cause) {
    transitions.lock();
    try {
      NodeState before = node.status().state();
      if (before == NodeState.OFFLINE) {
        return null;
      }
      node.change(status(NodeState.OFFLINE, cause));
      counts.leftState(before);
      if (cause == Cause.REPLACED) {
        counts.replaced.increment();
      } else {
        counts.entered(NodeState.OFFLINE);
        countEnd(cause);
      }
      return node.release();
    } finally {
      transitions.unlock();
    }
  }

  private void countEnd(Cause cause) {
    if (cause == Cause.TIMEOUT) {
      counts.timedOut.increment();
    } else if (cause == Cause.LEFT) {
      counts.left.increment();
    }
  }

  /**
   * A whole frame of that node came in, and was stamped. Whoever was suspect is online with that.
   * Only the reader of the node's connection calls it.
   *
   * @return whether the session is live; if not, the frame came too late
   */
  public boolean heard(Node node) {
    return turn(node, NodeState.ONLINE);
  }

  /** Moves a live node to another live state. Returns whether it is live. */
  boolean turn(Node node, NodeState state) {
    if (node.status().state() == state) {
      return true;
    }
    transitions.lock();
    try {
      NodeState before = node.status().state();
      if (before == NodeState.OFFLINE) {
        return false;
      }
      if (before != state) {
        node.change(status(state, null));
        counts.leftState(before);
        counts.entered(state);
      }
      return true;
    } finally {
      transitions.unlock();
    }
  }

  private Node.Status status(NodeState state, @Nullable Cause cause) {
    return new Node.Status(state, cause, wallClock.millis());
  }

  /** Forgets offline nodes that are over the bounds of retention. Bounded work. */
  void forgetExpired() {
    long beforeMs = wallClock.millis() - settings.retainMs();
    for (Node node :
        shelf.takeExpired(beforeMs, settings.retainNodesMax(), EVICTIONS_PER_PASS_MAX)) {
      directory.computeIfPresent(
          node.id(),
          (id, current) -> {
            if (current != node) {
              return current;
            }
            index.remove(id);
            counts.leftState(NodeState.OFFLINE);
            return null;
          });
    }
  }

  /**
   * Nodes in byte order of their ids.
   *
   * @param next where the next page starts: pass it as {@code after}; null when this is the last
   */
  public record Page(List<Node> nodes, @Nullable String next) {}

  /**
   * One page of the nodes that match. Looks at a bounded number of nodes, so a page may be short,
   * or empty, and yet have a next one.
   *
   * @param prefix what ids start with; empty for all
   * @param after exclusive; null for the first page
   * @param limit how many nodes at most
   */
  public Page page(Predicate<Node> filter, String prefix, @Nullable String after, int limit) {
    int examinedMax = Math.max(limit, PAGE_NODES_EXAMINED);
    List<String> ids =
        after == null || IdOrder.BYTES.compare(after, prefix) < 0
            ? index.from(prefix, true, examinedMax)
            : index.from(after, false, examinedMax);
    List<Node> nodes = new ArrayList<>(Math.min(limit, ids.size()));
    for (String id : ids) {
      if (!id.startsWith(prefix)) {
        return new Page(nodes, null);
      }
      Node node = directory.get(id);
      if (node != null && filter.test(node)) {
        nodes.add(node);
      }
      if (nodes.size() == limit) {
        return new Page(nodes, id);
      }
    }
    return new Page(nodes, ids.size() == examinedMax ? ids.getLast() : null);
  }
}
