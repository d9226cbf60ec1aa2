package io.heartbus.server.connection;

import com.sun.management.OperatingSystemMXBean;
import io.heartbus.protocol.Frame;
import io.heartbus.server.node.HeapByClass;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import javax.management.JMException;

/**
 * A million connections in one process, with everything of the server but the kernel's sockets:
 * each has its virtual thread, frame reader, outbox, conversation, node and places in the books,
 * and speaks over a {@link BytePipe}. All register, and then beat every 30 s, evenly; some fall
 * silent. Prints memory, stops, processors, and how long beats and verdicts took, from the second
 * beat on. The fleet is in the same process, so its memory is part of what is printed. By hand,
 * from the root of the repository, with the {@code java} of a JDK 25:
 *
 * <pre>{@code
 * mvn -q -pl protocol,server -DskipTests package
 * java @conf/server-tight.jvmargs -Xmx2250m \
 *     -cp server/target/test-classes:server/target/heartbus-server.jar \
 *     io.heartbus.server.connection.MillionBenchmark [NODES] [SECONDS] [PER_SECOND]
 * }</pre>
 */
public final class MillionBenchmark {
  private static final PrintStream OUT = System.out;
  private static final double MILLI = 1e6;
  private static final double SECOND_NANOS = 1e9;
  private static final int VICTIMS_PER_MILLE = 2;
  private static final int MILLE = 1_000;
  private static final Frame.Pace PACE = new Frame.Pace(30_000, 90_000);

  /** After an interval in which all beat once: by then, whoever did not again is overdue. */
  private static final int SECONDS = 95;

  /** What a server lets in by default. */
  private static final int REGISTRATIONS_PER_SECOND = 20_000;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final OperatingSystemMXBean process =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final int nodes;
  private final long durationNanos;
  private final SocketlessBus bus = new SocketlessBus(PACE);
  private final PipedFleet fleet;

  private MillionBenchmark(int nodes, int seconds) {
    this.nodes = nodes;
    this.durationNanos = (long) (seconds * SECOND_NANOS);
    this.fleet = new PipedFleet(bus, PACE, nodes);
  }

  /** Runs it with so many nodes for so many seconds, and prints what it measured. */
  public static void main(String[] args) throws Exception {
    int nodes = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    int seconds = args.length > 1 ? Integer.parseInt(args[1]) : SECONDS;
    MillionBenchmark benchmark = new MillionBenchmark(nodes, seconds);
    int perSecond = args.length > 2 ? Integer.parseInt(args[2]) : REGISTRATIONS_PER_SECOND;
    try (SocketlessBus _ = benchmark.bus.start()) {
      HeapByClass empty = HeapByClass.now();
      benchmark.register(perSecond);
      benchmark.drive();
      HeapByClass full = HeapByClass.now();
      print("heap          live per node:%n  %s", lines(full, empty, nodes));
    }
  }

  private static String lines(HeapByClass full, HeapByClass empty, int nodes) {
    return String.join("\n  ", full.perNode(empty, nodes, ""));
  }

  private void register(int perSecond) throws IOException {
    long beganNanos = System.nanoTime();
    fleet.register(perSecond);
    double seconds = (System.nanoTime() - beganNanos) / SECOND_NANOS;
    print("registration  %d nodes in %.1f s: %.0f/s", nodes, seconds, nodes / seconds);
    print("resident      after registration %s", resident());
  }

  /** Has them beat and some fall silent, while the sweep passes. */
  private void drive() throws IOException, InterruptedException, JMException {
    int victims = nodes * VICTIMS_PER_MILLE / MILLE;
    fleet.shuffle(victims, new Random(1));
    long frozenNanos = -bus.clock().frozenNanos();
    Thread follower = Thread.ofPlatform().name("follower").start(() -> follow(victims));
    fleet.beat((long) (PACE.intervalMs() * MILLI));
    fleet.forgetTimes();
    try (Stops stops = Stops.begin()) {
      long cpuNanos = -process.getProcessCpuTime();
      long fleetCpuNanos = -threads.getCurrentThreadCpuTime();
      fleet.beat(durationNanos);
      cpuNanos += process.getProcessCpuTime();
      fleetCpuNanos += threads.getCurrentThreadCpuTime();
      follower.join();
      print("resident      after beats %s", resident());
      print("stops        %s", stops.text());
      print(
          "processors    %.2f in use, the fleet's thread %.2f of them",
          (double) cpuNanos / durationNanos, (double) fleetCpuNanos / durationNanos);
    }
    print(
        "beats         %d, %.0f/s, %d not answered, %d nodes told to go",
        fleet.beats(),
        fleet.handling.count() * SECOND_NANOS / durationNanos,
        fleet.beats() - fleet.answers(),
        fleet.farewells());
    print("handling      us: %s", fleet.handling.text());
    print("fleet         late, us: %s", fleet.lags.text());
    print(
        "detection     %d of %d silent nodes offline, %d false; after the deadline, ms: %s",
        fleet.verdicts.delays.size(),
        victims,
        fleet.verdicts.falseOnes(),
        fleet.verdicts.delays.text(MILLI));
    frozenNanos += bus.clock().frozenNanos();
    print("clock         stood still for %.0f ms", frozenNanos / MILLI);
  }

  private void follow(int victims) {
    try {
      fleet.verdicts.follow(bus.log(), victims, 2 * durationNanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What the kernel says of this process, now and at most. */
  private static String resident() throws IOException {
    StringBuilder text = new StringBuilder();
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS") || line.startsWith("VmHWM")) {
        text.append(line.replaceAll("\\s+", " ")).append("  ");
      }
    }
    return text.toString().strip();
  }

  private static void print(String format, Object... arguments) {
    OUT.format(Locale.ROOT, format + "%n", arguments);
  }
}
