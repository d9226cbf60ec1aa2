package io.heartbus.server.node;

import io.heartbus.protocol.Frame;
import io.heartbus.server.liveness.LivenessClock;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Nodes without sockets on the real table, whose beats come evenly and in no order of memory, and
 * of whom some fall silent. One thread registers and beats; another follows the verdicts.
 */
final class SimulatedFleet {
  private static final long NANOS_PER_MS = 1_000_000;
  private static final long TICK_NANOS = 10 * NANOS_PER_MS;
  private static final int GROUPS = 100;
  private static final int SAMPLES = 10_000;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final NodeTable table;
  private final Roster roster;
  private final LivenessClock clock;
  private final Frame.Pace pace;
  private final SocketlessLink[] links;

  /** The order of their beats. */
  private final int[] order;

  private final boolean[] silent;
  private int registered;

  /** What registering one node took. */
  final Samples registrations;

  /**
   * What the bookkeeping of one beat took of the processor, the mean of all beats of one tick: each
   * is of a node that nobody has touched for a while.
   */
  final Samples beats = new Samples(SAMPLES);

  /** How late a tick was. */
  final Samples lags = new Samples(SAMPLES);

  /** What the log says of them. Belongs to whoever follows. */
  final Verdicts verdicts;

  /** A fleet of so many at most, none of which is there yet. */
  SimulatedFleet(
      NodeTable table, Roster roster, LivenessClock clock, Frame.Pace pace, int nodesMax) {
    this.table = table;
    this.roster = roster;
    this.clock = clock;
    this.pace = pace;
    this.verdicts = new Verdicts(pace.timeoutMs());
    this.links = new SocketlessLink[nodesMax];
    this.order = new int[nodesMax];
    this.silent = new boolean[nodesMax];
    this.registrations = new Samples(nodesMax);
  }

  /** Has so many more register, with that many entries of metadata each. */
  void register(int count, int metadataEntries) {
    for (int end = registered + count; registered < end; registered++) {
      // As they come off the wire: texts of its own for each node.
      Map<String, String> metadata = new HashMap<>();
      for (int entry = 0; entry < metadataEntries; entry++) {
        metadata.put("key-" + entry, "value-" + (registered % 1_000));
      }
      String group = "group-" + registered % GROUPS;
      Admission admission =
          new Admission(id(registered), false, 1, 1, 0, pace, -1, group, Map.copyOf(metadata));
      SocketlessLink link = new SocketlessLink(clock.nowNanos());
      long beganNanos = System.nanoTime();
      var _ = table.register(admission, link, link::of);
      roster.add(link);
      registrations.add(System.nanoTime() - beganNanos);
      links[registered] = link;
      order[registered] = registered;
    }
  }

  static String id(int number) {
    return "sensor-%07d".formatted(number);
  }

  /** Shuffles the beats, and picks those that fall silent. */
  void shuffle(int victims, Random random) {
    for (int i = registered - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int other = order[j];
      order[j] = order[i];
      order[i] = other;
    }
    for (int chosen = 0; chosen < victims; ) {
      int victim = random.nextInt(registered);
      chosen += silent[victim] ? 0 : 1;
      silent[victim] = true;
    }
  }

  /**
   * Beats for so long: each node once in every interval, and those that are to fall silent just
   * once.
   */
  void beat(long durationNanos) {
    int perTick = Math.toIntExact(registered * TICK_NANOS / (pace.intervalMs() * NANOS_PER_MS));
    long beganNanos = System.nanoTime();
    int next = 0;
    for (long tick = 0; tick * TICK_NANOS < durationNanos; tick++) {
      long dueNanos = beganNanos + tick * TICK_NANOS;
      while (System.nanoTime() - dueNanos < 0) {
        LockSupport.parkNanos(dueNanos - System.nanoTime());
      }
      lags.add(System.nanoTime() - dueNanos);
      long startCpuNanos = threads.getCurrentThreadCpuTime();
      for (int i = 0; i < perTick; i++) {
        int node = order[next];
        if (silent[node]) {
          lastBeat(node);
        } else {
          beat(links[node]);
        }
        next = next + 1 == registered ? 0 : next + 1;
      }
      beats.add((threads.getCurrentThreadCpuTime() - startCpuNanos) / perTick);
    }
  }

  /**
   * Beats as fast as it goes for a few nodes, which are in the processor's cache by then.
   *
   * @return what one beat took of the processor, in nanoseconds
   */
  double beatWarm(int nodes, int rounds) {
    long startCpuNanos = threads.getCurrentThreadCpuTime();
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < nodes; i++) {
        if (!silent[order[i]]) {
          beat(links[order[i]]);
        }
      }
    }
    return (double) (threads.getCurrentThreadCpuTime() - startCpuNanos) / nodes / rounds;
  }

  private void beat(SocketlessLink link) {
    // What a reader does for every whole frame.
    link.stamp(clock.nowNanos());
    Node node = link.node();
    if (node == null || !table.heard(node)) {
      throw new IllegalStateException("a node that beats is gone");
    }
  }

  private void lastBeat(int node) {
    if (verdicts.lastBeat(id(node))) {
      beat(links[node]);
    }
  }
}
