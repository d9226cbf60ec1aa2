package io.heartbus.loadtest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What is true of the nodes of a run beside what the presence feed says of them. Any thread writes,
 * so that both are compared as they were when the feed spoke: whoever does something to a node says
 * so here before it can show. Each call holds one lock for a short time. Times are those of the
 * machine's monotonic clock.
 */
final class PresenceBook {
  /** A verdict so much before its deadline is early: less than that is how finely it is told. */
  private static final long EARLY_NANOS = 1_000_000;

  private static final long POLL_NANOS = 20_000_000;
  private static final double NANOS_PER_HOUR = 3.6e12;

  /** What became of the victims of one fault. */
  private static final class Account {
    private final LatencyRecorder detection = new LatencyRecorder();
    private final LatencyRecorder delay = new LatencyRecorder();
    private int victims;
    private int detected;
    private int wrongCause;
    private int early;
    private int unsure;
    private @Nullable String skipped;
  }

  private final String prefix;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();

  /** All below is guarded by lock. */
  private final Watched[] nodes;

  private final FeedOrder order = new FeedOrder();
  private final Map<Fault, Account> accounts = new EnumMap<>(Fault.class);

  /** A verdict on the dead that comes later owes itself to their connections being closed. */
  private long overNanos = Long.MAX_VALUE;

  private long falseOffline;
  private long falseSuspect;
  private long neglected;
  private long illegal;
  private long resumed;
  private long massLosses;
  private long stalls;

  /** A book of so many nodes, whose ids are the prefix and their number. */
  PresenceBook(String prefix, int count) {
    this.prefix = prefix;
    this.nodes = new Watched[count];
    Arrays.setAll(nodes, _ -> new Watched());
    for (Fault fault : Fault.values()) {
      accounts.put(fault, new Account());
    }
  }

  /** A node was let in. */
  void entered(int index, long nowNanos, long intervalMs, long timeoutMs) {
    lock.lock();
    try {
      nodes[index].entered(nowNanos, intervalMs, timeoutMs);
    } finally {
      lock.unlock();
    }
  }

  /** A frame of a node is about to leave. */
  void spoke(int index, long nowNanos) {
    lock.lock();
    try {
      nodes[index].spoke(nowNanos);
    } finally {
      lock.unlock();
    }
  }

  /** A node dies between these two moments. */
  void killed(int index, Fault fault, long beginNanos, long endNanos) {
    lock.lock();
    try {
      nodes[index].killed(fault, beginNanos, endNanos);
      account(fault).victims++;
    } finally {
      lock.unlock();
    }
  }

  /** Nobody dies of that fault, for that reason. */
  void skipped(Fault fault, String reason) {
    lock.lock();
    try {
      account(fault).skipped = reason;
    } finally {
      lock.unlock();
    }
  }

  /** So many nodes, as far as they live, are let go. */
  void release(int first, int count, long nowNanos) {
    lock.lock();
    try {
      for (int index = first; index < first + count; index++) {
        nodes[index].left(nowNanos);
      }
    } finally {
      lock.unlock();
    }
  }

  /** All nodes that live are about to say goodbye, and what is left of the dead is closed. */
  void leaving(long nowNanos) {
    lock.lock();
    try {
      overNanos = nowNanos;
      for (Watched node : nodes) {
        node.left(nowNanos);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The feed is connected, and says which log it is of and behind which number it goes on. */
  void begins(String epoch, long position, boolean again) {
    lock.lock();
    try {
      order.begins(epoch, position);
      resumed += again ? 1 : 0;
    } finally {
      lock.unlock();
    }
  }

  /** The feed says that these cannot be read any more. */
  void gap(long from, long to) {
    lock.lock();
    try {
      order.gap(from, to);
    } finally {
      lock.unlock();
    }
  }

  /** The feed says that something happened. */
  void event(FeedEvent event, long arrivedNanos) {
    lock.lock();
    try {
      if (order.event(event.seq())) {
        massLosses += event.type().equals(FeedEvent.MASS_LOSS) ? 1 : 0;
        stalls += event.type().equals(FeedEvent.STALL) ? 1 : 0;
        Watched node = watched(event.node());
        if (node != null) {
          judge(node, event, arrivedNanos);
          moved.signalAll();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the feed has said all that there is to say, or that time is over. */
  void awaitAll(long limitNanos) throws InterruptedException {
    long leftNanos = limitNanos;
    lock.lockInterruptibly();
    try {
      while (owed() > 0 && leftNanos > 0) {
        // Not at each of thousands of events: counting takes a while.
        long pauseNanos = Math.min(leftNanos, POLL_NANOS);
        leftNanos -= pauseNanos - Math.max(0, moved.awaitNanos(pauseNanos));
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * All of it, at the end.
   *
   * @param complete whether what the feed has not said by now is missing; if not, who died and was
   *     not found does not count
   */
  DetectionFigures figures(long nowNanos, boolean complete) {
    lock.lock();
    try {
      List<DetectionFigures.FaultFigures> faults = new ArrayList<>();
      for (Fault fault : Fault.values()) {
        Account account = account(fault);
        faults.add(
            new DetectionFigures.FaultFigures(
                fault.text(),
                complete ? account.victims : account.detected,
                account.detected,
                account.wrongCause,
                account.early,
                account.unsure,
                account.detection.latencies(),
                account.delay.latencies(),
                account.skipped));
      }
      double nodeHours = Arrays.stream(nodes).mapToLong(node -> node.aliveNanos(nowNanos)).sum();
      return new DetectionFigures(
          faults,
          DetectionFigures.FalseVerdicts.of(
              nodeHours / NANOS_PER_HOUR, falseOffline, falseSuspect, neglected),
          new DetectionFigures.Feed(
              order.events(),
              order.missing(),
              order.duplicated(),
              order.reordered(),
              illegal,
              complete ? owed() : 0,
              order.gaps(),
              order.gapEvents(),
              resumed,
              order.otherLogs(),
              massLosses,
              stalls));
    } finally {
      lock.unlock();
    }
  }

  private void judge(Watched node, FeedEvent event, long arrivedNanos) {
    if (!node.tell(event, massLosses > 0)) {
      illegal++;
    }
    boolean offline = event.type().equals(FeedEvent.OFFLINE);
    if (offline && node.fault() != null && node.faultNanos() <= arrivedNanos) {
      if (arrivedNanos < overNanos) {
        detected(node, node.fault(), event, arrivedNanos);
      }
    } else if (!node.alive(arrivedNanos)) {
      return;
    } else if (offline || event.type().equals(FeedEvent.SUSPECT)) {
      boolean own = node.neglected(event, arrivedNanos);
      neglected += own ? 1 : 0;
      falseOffline += !own && offline ? 1 : 0;
      falseSuspect += !own && !offline ? 1 : 0;
    }
  }

  private void detected(Watched node, Fault fault, FeedEvent event, long arrivedNanos) {
    if (!node.detect()) {
      return;
    }
    Account account = account(fault);
    account.detected++;
    account.wrongCause += fault.cause().equals(event.cause()) ? 0 : 1;
    account.detection.record(arrivedNanos - node.faultNanos());
    if (!fault.byTimeout()) {
      return;
    }
    long delayNanos = arrivedNanos - node.deadlineNanos();
    if (node.unsure()) {
      account.unsure++;
    } else if (delayNanos < -EARLY_NANOS) {
      account.early++;
    } else {
      account.delay.record(delayNanos);
    }
  }

  private long owed() {
    return Arrays.stream(nodes).filter(Watched::owed).count();
  }

  private @Nullable Watched watched(@Nullable String id) {
    if (id == null || !id.startsWith(prefix)) {
      return null;
    }
    try {
      int index = Integer.parseInt(id, prefix.length(), id.length(), 10);
      return index >= 0 && index < nodes.length ? nodes[index] : null;
    } catch (NumberFormatException e) {
      // A node of somebody else.
      return null;
    }
  }

  private Account account(Fault fault) {
    return Objects.requireNonNull(accounts.get(fault));
  }
}
