package io.heartbus.server.node;

import io.heartbus.protocol.Frame;
import io.heartbus.server.liveness.LivenessClock;
import io.heartbus.server.liveness.MassLossSettings;
import io.heartbus.server.presence.LogSettings;
import io.heartbus.server.presence.PresenceLog;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import javax.management.JMException;

/**
 * A million nodes in one process, with all of presence but the sockets: the real table, liveness
 * clock, roster, sweep and presence log, driven by 100,000 beats a second. Prints what a beat's
 * bookkeeping and a pass of the sweep cost, how late the verdicts on 2,000 nodes are that fall
 * silent, what a node takes of the heap, and how long pages of nodes take meanwhile. Takes about a
 * minute. Run by hand, from the root of the repository, with the {@code java} of a JDK 25:
 *
 * <pre>{@code
 * mvn -q -pl protocol,server -DskipTests package
 * java @conf/server.jvmargs -cp server/target/test-classes:server/target/heartbus-server.jar \
 *     io.heartbus.server.node.PresenceBenchmark
 * }</pre>
 */
public final class PresenceBenchmark {
  private static final PrintStream OUT = System.out;
  private static final int NODES = 1_000_000;
  private static final int VICTIMS = 2_000;
  private static final int CHECK_MS = 250;
  private static final int WARM_NODES = 1_000;
  private static final int WARM_ROUNDS = 5_000;
  private static final int PAGE_NODES = 1_000;
  private static final double MICRO = 1e3;
  private static final double MILLI = 1e6;
  private static final long NANOS_PER_MS = 1_000_000;
  private static final long PAGE_EVERY_NANOS = 50 * NANOS_PER_MS;
  private static final Frame.Pace PACE = new Frame.Pace(10_000, 25_000);

  /** All have beaten once by then, and whoever did not beat again is overdue by two seconds. */
  private static final long BEAT_NANOS =
      (PACE.intervalMs() + PACE.timeoutMs() + 2_000) * NANOS_PER_MS;

  /** The guard's usual settings: so few silent nodes are no mass loss. */
  private static final MassLossSettings USUAL = new MassLossSettings(0.01, 50, 0.55, 20, 1, 2);

  private final LivenessClock clock = new LivenessClock(System::nanoTime).start();
  private final PresenceLog log =
      new PresenceLog(
          new LogSettings(10_000, 10 << 20, null, LogSettings.Fsync.NEVER, 1_000, 1, 1, 1),
          InstantSource.system(),
          "benchmark",
          0);
  private final NodeTable table =
      new NodeTable(
          new NodeTableSettings(10, 86_400_000, NODES),
          InstantSource.system(),
          clock::nowNanos,
          log);
  private final Roster roster = new Roster();
  private final SimulatedFleet fleet = new SimulatedFleet(table, roster, clock, PACE, NODES);
  private final Samples pages = new Samples(1_000);
  private volatile boolean over;

  private PresenceBenchmark() {}

  /** Runs it and prints what it measured. */
  public static void main(String[] args) throws InterruptedException, JMException {
    PresenceBenchmark benchmark = new PresenceBenchmark();
    benchmark.fill();
    benchmark.drive();
    // The clock's thread, and whatever else there is, ends with the process.
    benchmark.clock.close();
  }

  /** Registers all nodes, and weighs them on the way. */
  private void fill() throws JMException {
    int warmUp = NODES / 5;
    fleet.register(warmUp, 0);
    HeapByClass before = HeapByClass.now();
    int half = (NODES - warmUp) / 2;
    fleet.register(half, 0);
    HeapByClass between = HeapByClass.now();
    fleet.register(NODES - warmUp - half, 2);
    HeapByClass after = HeapByClass.now();
    String link = SocketlessLink.class.getName();
    OUT.format(Locale.ROOT, "registration  us: %s%n", fleet.registrations.text(MICRO));
    OUT.format(
        Locale.ROOT,
        "heap          per node, without its connection: %s%n",
        lines(between.perNode(before, half, link)));
    OUT.format(
        Locale.ROOT,
        "heap          with two entries of metadata: %s%n",
        lines(after.perNode(between, half, link)));
  }

  /** Has them beat and some fall silent, while the sweep passes and somebody reads pages. */
  private void drive() throws InterruptedException {
    fleet.shuffle(VICTIMS, new Random(1));
    // Weighing the heap stopped the process; that is over.
    long frozenNanos = -clock.frozenNanos();
    Thread follower = Thread.ofPlatform().name("follower").start(this::follow);
    Thread reader = Thread.ofPlatform().name("pages").start(this::readPages);
    try (Sweeper sweeper = new Sweeper(table, roster, clock, USUAL)) {
      var _ = sweeper.start(CHECK_MS);
      long cpuNanos = -sweepCpuNanos();
      long passes = -passes();
      fleet.beat(BEAT_NANOS);
      cpuNanos += sweepCpuNanos();
      passes += passes();
      OUT.format(
          Locale.ROOT,
          "sweep         %d passes, CPU %.1f ms each%n",
          passes,
          cpuNanos / MILLI / passes);
    }
    frozenNanos += clock.frozenNanos();
    over = true;
    follower.join();
    reader.join();
    OUT.format(
        Locale.ROOT,
        "sweep         elapsed p99 under %.0f ms%n",
        table.counts().sweepDuration.quantileMs(0.99));
    OUT.format(
        Locale.ROOT,
        "beat          CPU, ns: mean %.0f; by ticks of 1,000: %s%n",
        fleet.beats.mean(),
        fleet.beats.text(1));
    OUT.format(
        Locale.ROOT,
        "beat          of a node in the cache: CPU %.0f ns%n",
        fleet.beatWarm(WARM_NODES, WARM_ROUNDS));
    OUT.format(Locale.ROOT, "driver        late, ms: %s%n", fleet.lags.text(MILLI));
    OUT.format(
        Locale.ROOT,
        "detection     %d of %d silent nodes offline, %d false; after the deadline, ms: %s%n",
        fleet.verdicts.delays.size(),
        VICTIMS,
        fleet.verdicts.falseOnes(),
        fleet.verdicts.delays.text(MILLI));
    OUT.format(Locale.ROOT, "clock         stood still for %.0f ms%n", frozenNanos / MILLI);
    OUT.format(
        Locale.ROOT,
        "pages         %d of %d nodes, us: %s%n",
        pages.size(),
        PAGE_NODES,
        pages.text(MICRO));
  }

  private void follow() {
    try {
      fleet.verdicts.follow(log, VICTIMS, BEAT_NANOS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void readPages() {
    Random random = new Random(2);
    while (!over) {
      String after = SimulatedFleet.id(random.nextInt(NODES - PAGE_NODES));
      long beganNanos = System.nanoTime();
      NodeTable.Page page = table.page(_ -> true, "", after, PAGE_NODES);
      pages.add(System.nanoTime() - beganNanos);
      if (page.nodes().size() != PAGE_NODES) {
        throw new IllegalStateException("a page of " + page.nodes().size());
      }
      LockSupport.parkNanos(PAGE_EVERY_NANOS);
    }
  }

  private long passes() {
    return Arrays.stream(table.counts().sweepDuration.counts()).sum();
  }

  private static String lines(List<String> each) {
    return String.join("\n", each);
  }

  private static long sweepCpuNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
        .filter(thread -> thread != null && thread.getThreadName().equals("sweeper"))
        .mapToLong(thread -> threads.getThreadCpuTime(thread.getThreadId()))
        .sum();
  }
}
