package io.heartbus.loadtest.compare;

import io.heartbus.loadtest.compare.Measurement.Timing;
import java.time.Duration;
import java.util.List;

/**
 * What is measured, and how much of it. Memory comes first, while the servers are fresh; the rest
 * warms up what comes after it. Pure.
 */
final class Plan {
  private static final int SMALL_BYTES = 100;
  private static final int LARGE_BYTES = 1_024;

  /** How many messages each connection has under way. */
  private static final int AHEAD = 16;

  private static final int IDLE_MANY = 18_000;
  private static final int CONNECTS = 9_000;
  private static final int BEATING = 5_000;

  private Plan() {}

  /**
   * What a table is made of.
   *
   * @param connectionsMax what this process can hold
   */
  static List<Measurement> full(int connectionsMax) {
    int many = Math.min(IDLE_MANY, connectionsMax);
    int beating = Math.min(BEATING, connectionsMax);
    Timing timing = new Timing(Duration.ofSeconds(5), Duration.ofSeconds(10));
    return List.of(
        new Idle("idle", many / 6, many, 10_000, Duration.ofSeconds(15)),
        new Connects("connect", Math.min(CONNECTS, connectionsMax)),
        new OpenLoop("beat-fast", beating, 20_000, 0, timing),
        new OpenLoop("beat", beating, 4_500, 0, timing),
        new ClosedLoop("beat-full", 1_000, 0, 1, timing),
        new ClosedLoop("echo-single", 1_000, SMALL_BYTES, 1, timing),
        new ClosedLoop("echo-100", 1_000, SMALL_BYTES, AHEAD, timing),
        new ClosedLoop("echo-1k", 1_000, LARGE_BYTES, AHEAD, timing),
        new FanOut("fanout", 1_000, SMALL_BYTES, timing),
        new OpenLoop("latency", 500, 5_000, SMALL_BYTES, timing));
  }

  /** The same in miniature: to see that all works, not how well. */
  static List<Measurement> quick() {
    Timing timing = new Timing(Duration.ofMillis(300), Duration.ofMillis(500));
    return List.of(
        new Idle("idle", 200, 1_000, 20_000, Duration.ZERO),
        new Connects("connect", 500),
        new OpenLoop("beat-fast", 500, 3_000, 0, timing),
        new OpenLoop("beat", 500, 1_000, 0, timing),
        new ClosedLoop("beat-full", 50, 0, 1, timing),
        new ClosedLoop("echo-single", 50, SMALL_BYTES, 1, timing),
        new ClosedLoop("echo-100", 50, SMALL_BYTES, AHEAD, timing),
        new ClosedLoop("echo-1k", 50, LARGE_BYTES, AHEAD, timing),
        new FanOut("fanout", 100, SMALL_BYTES, timing),
        new OpenLoop("latency", 50, 1_000, SMALL_BYTES, timing));
  }
}
