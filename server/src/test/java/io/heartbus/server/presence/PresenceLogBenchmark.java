package io.heartbus.server.presence;

import io.heartbus.server.node.Cause;
import io.heartbus.server.node.EventType;
import io.heartbus.server.node.NodeEvent;
import io.heartbus.server.presence.LogSettings.Fsync;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What an event costs whoever appends it, which happens under the lock of all transitions, and what
 * it takes until it is told. By hand: {@code mvn -q -pl protocol,server -am -Dbenchmark=server
 * process-test-classes -Djmh.args=PresenceLog}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PresenceLogBenchmark {
  /** So many at once are far from too many for the disk. */
  private static final int EVENTS = 5_000;

  /** Where events are kept: in memory only, or on disk as well, with that policy. */
  @Param({"memory", "NEVER", "INTERVAL", "ALWAYS"})
  public String kept;

  private final NodeEvent event =
      new NodeEvent(
          EventType.OFFLINE,
          "node-1234567890",
          1_790_000_000_000_000L,
          Cause.TIMEOUT,
          "rack-7",
          30_000,
          null);

  private Path dir;
  private PresenceLog log;

  /** Opens a log of the usual size in a folder of its own. */
  @Setup
  public void open() throws IOException {
    dir = Files.createTempDirectory("presence-log");
    boolean onDisk = !kept.equals("memory");
    log =
        PresenceLog.open(
            new LogSettings(
                100_000,
                32 << 20,
                onDisk ? dir : null,
                onDisk ? Fsync.valueOf(kept) : Fsync.NEVER,
                1_000,
                16 << 20,
                64 << 20,
                86_400_000),
            InstantSource.system());
  }

  /** Waits until all is told, so that what is measured never waits for a bound. */
  @Setup(Level.Invocation)
  public void settle() {
    while (log.figures().waiting() > 0) {
      LockSupport.parkNanos(10_000);
    }
  }

  /** Appends, while the thread of the log writes. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void append() {
    for (int i = 0; i < EVENTS; i++) {
      log.append(event);
    }
  }

  /** Appends, and waits until the last event can be read. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public boolean appendAndTell() throws InterruptedException {
    long last = log.last();
    append();
    return log.await(last + EVENTS - 1, Long.MAX_VALUE);
  }

  /** Throws it all away. */
  @TearDown
  public void close() throws IOException {
    if (!log.warnings().isEmpty()) {
      throw new IllegalStateException("the disk was not what was measured: " + log.warnings());
    }
    log.close();
    try (Stream<Path> files = Files.list(dir)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(dir);
  }
}
