package io.heartbus.server.presence;

import io.heartbus.server.node.Cause;
import io.heartbus.server.node.EventType;
import io.heartbus.server.node.NodeEvent;
import java.time.InstantSource;
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
 * What it costs to read from a full presence log in memory. By hand: {@code mvn -q -pl
 * protocol,server -am -Dbenchmark=server process-test-classes -Djmh.args=PresencePage}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PresencePageBenchmark {
  private static final int KEPT = 100_000;

  /** How many events are read at once. */
  @Param({"1", "100", "1000"})
  public int events;

  private final PresenceLog log =
      new PresenceLog(LogSettings.inMemory(KEPT, 1 << 30), InstantSource.system(), "benchmark", 0);
  private long position;

  /** Fills it twice. */
  @Setup
  public void fill() {
    for (int i = 0; i < 2 * KEPT; i++) {
      log.append(
          new NodeEvent(EventType.OFFLINE, "node-" + i, i + 1, Cause.TIMEOUT, "rack-7", 0, null));
    }
    position = log.last() - KEPT;
  }

  /** The next page; after the last one the first. */
  @Benchmark
  public PresenceLog.Slice read() {
    PresenceLog.Slice slice = log.read(position, events);
    position = slice.next(position);
    if (position >= log.last()) {
      position = log.last() - KEPT;
    }
    return slice;
  }
}
