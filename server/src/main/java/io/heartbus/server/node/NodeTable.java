package io.heartbus.server.node;

import io.heartbus.server.liveness.LivenessClock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The directory of all known nodes, live ones and those that went offline not too long ago: one
 * entry per id. Any thread.
 *
 * <p>Lock order: an entry of the directory, then the transitions, the index or the shelf. A change
 * is in the directory before followers hear of it, so who reads a page and then the events from
 * before it misses nothing.
 */
public final class NodeTable {
  private static final long TAKEOVER_WINDOW_NANOS = 60_000_000_000L;
  private static final int PER_PASS_MAX = 10_000;
  private static final int PAGE_NODES_EXAMINED = 5_000;
  private static final int MICROS_PER_MS = 1_000;
  private static final long NANOS_PER_MS = 1_000_000;

  private final ConcurrentHashMap<String, Node> directory = new ConcurrentHashMap<>();
  private final IdIndex index = new IdIndex();
  private final OfflineShelf shelf = new OfflineShelf();
  private final GraceQueue awaited = new GraceQueue();
  private final NodeCounts counts = new NodeCounts();
  private final NodeTableSettings settings;
  private final InstantSource wallClock;
  private final LongSupplier livenessClock;
  private final Transitions transitions;

  /** An empty table that nobody follows, and that knows neither grace nor damping. */
  public NodeTable(NodeTableSettings settings, InstantSource wallClock) {
    this(settings, wallClock, () -> 0, _ -> {});
  }

  /**
   * An empty table.
   *
   * @param wallClock is for epochs and for people, never for a judgement of silence
   * @param livenessClock nanoseconds of liveness time
   * @param events who follows it
   */
  public NodeTable(
      NodeTableSettings settings,
      InstantSource wallClock,
      LongSupplier livenessClock,
      EventSink events) {
    this.settings = settings;
    this.wallClock = wallClock;
    this.livenessClock = livenessClock;
    this.transitions = new Transitions(counts, settings.flap(), wallClock, livenessClock, events);
  }

  public NodeCounts counts() {
    return counts;
  }

  /** The newest session of that node, live or over; null when the id is not known. */
  public @Nullable Node find(String id) {
    return directory.get(id);
  }

  /**
   * Every group with how many of its nodes are in each state, in byte order of the labels; the
   * empty text stands for nodes that name none. O(groups).
   */
  public SortedMap<String, Map<NodeState, Long>> groups() {
    return transitions.census().byGroup(IdOrder.BYTES);
  }

  /**
   * Lets a node in, unless it comes late or too often. A live session of the same id is over with
   * that; the caller tells its connection.
   *
   * @param admitted runs before anybody can find the new session; must not block nor call back
   */
  public Registration register(Admission asked, Link link, Consumer<Node> admitted) {
    Admission admission = asked.inGroup(transitions.census().known(asked.group()));
    // The lambda runs exactly once, under the lock of its entry.
    Registration[] outcome = new Registration[1];
    directory.compute(
        admission.id(),
        (id, current) -> {
          Registration judged = judge(admission, current, link);
          outcome[0] = judged;
          if (!(judged instanceof Registration.Admitted(Node node, _))) {
            return current;
          }
          if (current == null) {
            index.add(id);
          } else if (current.isAwaited()) {
            awaited.healed();
          } else if (!current.live()) {
            shelf.remove(current);
          }
          Link replaced = transitions.begin(node, current);
          outcome[0] = new Registration.Admitted(node, replaced);
          admitted.accept(node);
          return node;
        });
    if (outcome[0] instanceof Registration.Admitted(Node node, _)) {
      transitions.announce(node);
    }
    return outcome[0];
  }

  private Registration judge(Admission admission, @Nullable Node current, Link link) {
    long nowMicros = ChronoUnit.MICROS.between(Instant.EPOCH, wallClock.instant());
    long lastEpoch = Math.max(admission.lastEpoch(), current == null ? 0 : current.epoch());
    Node node =
        new Node(
            admission,
            Math.max(nowMicros, lastEpoch + 1),
            nowMicros / MICROS_PER_MS,
            (int) settings.grace().graceMs(admission.group(), admission.askedGraceMs()),
            link);
    if (current != null && current.outrunsLate(admission)) {
      return new Registration.Late();
    }
    if (current != null && current.live() && !current.isAwaited()) {
      long waitNanos =
          node.takeOverFrom(
              current, settings.takeoversMax(), link.lastSeenNanos(), TAKEOVER_WINDOW_NANOS);
      if (waitNanos > 0) {
        return new Registration.Flapping(Math.ceilDiv(waitNanos, NANOS_PER_MS));
      }
    }
    return new Registration.Admitted(node, null);
  }

  /**
   * Ends a session, if it is not over yet, and lets go of its connection. A connection that was
   * just lost may be healed for as long as the grace says; the session ends after that.
   *
   * @return whether this call did; then somebody has to tell the connection
   */
  public boolean leave(Node node, Cause cause) {
    if (cause == Cause.DISCONNECTED && node.graceMs() > 0) {
      // The clock may be about to make a step.
      long nowNanos = livenessClock.getAsLong() + LivenessClock.STALE_NANOS;
      boolean lost = transitions.lose(node);
      if (lost) {
        awaited.add(node, nowNanos + node.graceMs() * NANOS_PER_MS);
      }
      return lost;
    }
    Link link = node.link();
    long silenceNanos = link == null ? -1 : livenessClock.getAsLong() - link.lastSeenNanos();
    boolean ended =
        transitions.end(node, cause, silenceNanos < 0 ? -1 : silenceNanos / NANOS_PER_MS);
    if (ended) {
      shelve(node);
    }
    return ended;
  }

  /**
   * Ends the session of a doubted node for its silence, unless a frame came in since that time.
   * Only the sweep calls it.
   *
   * @return whether it did; then the sweep tells the connection
   */
  boolean timeOut(Node node, Link link, long heardNanos) {
    boolean ended = transitions.timeOut(node, link, heardNanos);
    if (ended) {
      shelve(node);
    }
    return ended;
  }

  private void shelve(Node node) {
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

  /**
   * A whole frame of that node came in, and was stamped. Whoever was doubted is online with that.
   * Only the reader of the node's connection calls it.
   *
   * @return whether the session is live; if not, the frame came too late
   */
  public boolean heard(Node node) {
    return transitions.revive(node);
  }

  /** For the sweep. */
  Transitions transitions() {
    return transitions;
  }

  /** The live nodes of that group. */
  long live(String group) {
    return transitions.census().live(group);
  }

  /**
   * Asks a live node for another pace, which it is told with its next beat. What is null stays, but
   * the timeout is three intervals at least. False when the node, or its version, cannot be told.
   */
  public boolean retune(Node node, @Nullable Integer intervalMs, @Nullable Integer timeoutMs) {
    if (node.legacy() || node.link() == null) {
      return false;
    }
    Tempo tempo = node.tempo();
    int interval = intervalMs == null ? tempo.latestIntervalMs() : intervalMs;
    int timeout = timeoutMs == null ? tempo.latestTimeoutMs() : timeoutMs;
    tempo.change(interval, (int) Math.max(timeout, Math.min(Integer.MAX_VALUE, 3L * interval)));
    return true;
  }

  /** Gives up on lost nodes whose time to heal is over. Bounded work. */
  void giveUpOnLost() {
    awaited.takeDue(livenessClock.getAsLong(), PER_PASS_MAX).forEach(this::giveUp);
  }

  private void giveUp(Node node) {
    if (transitions.giveUp(node)) {
      shelve(node);
    }
  }

  /** Gives up on all lost nodes: nobody can come back any more. */
  public void close() {
    awaited.takeAll().forEach(this::giveUp);
  }

  /** Forgets offline nodes that are over the bounds of retention. Bounded work. */
  void forgetExpired() {
    long beforeMs = wallClock.millis() - settings.retainMs();
    for (Node node : shelf.takeExpired(beforeMs, settings.retainNodesMax(), PER_PASS_MAX)) {
      directory.computeIfPresent(
          node.id(),
          (id, current) -> {
            if (current != node) {
              return current;
            }
            index.remove(id);
            transitions.forget(node);
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
