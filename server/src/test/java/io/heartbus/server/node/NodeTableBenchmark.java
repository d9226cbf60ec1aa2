package io.heartbus.server.node;

import io.heartbus.protocol.Frame;
import io.heartbus.server.liveness.LivenessClock;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the books of a beat cost, and to find a node, one after the other in no order of memory. By
 * hand: {@code mvn -q -pl protocol,server -am -Dbenchmark=server process-test-classes
 * -Djmh.args=NodeTable}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class NodeTableBenchmark {
  private static final Frame.Pace PACE = new Frame.Pace(10_000, 30_000);

  /** How many there are: so few that they stay in the cache of the processor, or more. */
  @Param({"1000", "100000", "1000000"})
  public int nodes;

  private final LivenessClock clock = new LivenessClock(System::nanoTime);
  private NodeTable table;
  private SocketlessLink[] links;
  private String[] ids;
  private int next;

  /** Registers them. */
  @Setup
  public void fill() {
    table = new NodeTable(new NodeTableSettings(0, 0, 0), InstantSource.system());
    links = new SocketlessLink[nodes];
    ids = new String[nodes];
    for (int i = 0; i < nodes; i++) {
      links[i] = new SocketlessLink(clock.nowNanos());
      ids[i] = SimulatedFleet.id(i);
      Admission admission = new Admission(ids[i], false, 1, 1, 0, PACE, -1, null, Map.of());
      var _ = table.register(admission, links[i], links[i]::of);
    }
    Random random = new Random(1);
    for (int i = nodes - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      SocketlessLink link = links[i];
      links[i] = links[j];
      links[j] = link;
      String id = ids[i];
      ids[i] = ids[j];
      ids[j] = id;
    }
  }

  private int step() {
    next = next + 1 == nodes ? 0 : next + 1;
    return next;
  }

  /** What a reader does for every whole frame, and for a beat. */
  @Benchmark
  public Frame.Pace beat() {
    SocketlessLink link = links[step()];
    link.stamp(clock.nowNanos());
    Node node = link.node();
    if (!table.heard(node)) {
      throw new IllegalStateException("a node that beats is gone");
    }
    return node.tempo().beat();
  }

  /** A node by its id. */
  @Benchmark
  public Node find() {
    return table.find(ids[step()]);
  }
}
