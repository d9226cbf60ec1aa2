package io.heartbus.server.http;

import io.heartbus.protocol.FrameType;
import io.heartbus.server.node.NodeCounts;
import io.heartbus.server.node.NodeState;
import io.heartbus.server.node.Sweeper;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the server as a whole is: its totals, whether it lives, whether it takes nodes. Any thread.
 */
final class StatusResource implements AutoCloseable {
  private static final int HEARTBEATS = 0;
  private static final int MESSAGES = 1;
  private static final int CLOCK_TICKS = 2;

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /** What stands for a delay over the last bound of the histogram. */
  private static final double DELAY_MS_MAX = 60_000;

  private final HttpSources sources;
  private final long startNanos = System.nanoTime();
  private final Rates rates;

  StatusResource(HttpSources sources) {
    this.sources = sources;
    this.rates =
        new Rates(
                sources.connections().framesIn(FrameType.HEARTBEAT_REQ)::sum,
                () -> sources.channels().received.sum() + sources.channels().sent.sum(),
                sources.clock()::ticks)
            .start();
  }

  /** The totals, as the API shows them. */
  record Summary(
      String version,
      long uptimeSeconds,
      Map<NodeState, Long> nodes,
      int connections,
      long channels,
      double heartbeatsPerSecond,
      double messagesPerSecond,
      Detection detection) {}

  /**
   * How long after its deadline a silent node is offline.
   *
   * @param promisedMs at most
   * @param p99Ms what 99 of 100 verdicts did not exceed, rounded up to a bound of the histogram;
   *     null while there was no verdict
   */
  record Detection(long promisedMs, @Nullable Double p99Ms) {}

  /** 200 with the totals. */
  Reply summary() {
    NodeCounts counts = sources.nodes().counts();
    Map<NodeState, Long> nodes = new EnumMap<>(NodeState.class);
    for (NodeState state : NodeState.values()) {
      nodes.put(state, counts.in(state));
    }
    return Reply.json(
        new Summary(
            sources.version(),
            uptimeNanos() / NANOS_PER_SECOND,
            nodes,
            sources.roster().size(),
            sources.channels().open.get(),
            rounded(rates.perSecond(HEARTBEATS)),
            rounded(rates.perSecond(MESSAGES)),
            new Detection(Sweeper.promisedMs(sources.checkIntervalMs()), p99Ms(counts))));
  }

  /** Whether the process does what it is for; if not, restarting it may help. */
  Reply health() throws Refusal {
    if (rates.stands(CLOCK_TICKS)) {
      throw new Refusal(Refusal.UNAVAILABLE, "the liveness clock stands still");
    }
    return Reply.json(Map.of("status", "ok"));
  }

  /** Ready, but not all is well. */
  record Readiness(String status, List<String> warnings) {}

  /** Whether nodes should be sent here; if so, with what is not well nevertheless. */
  Reply readiness() throws Refusal {
    @Nullable String reason = sources.unreadiness().get();
    if (reason != null) {
      throw new Refusal(Refusal.UNAVAILABLE, reason);
    }
    Reply healthy = health();
    List<String> warnings = sources.warnings().get();
    return warnings.isEmpty() ? healthy : Reply.json(new Readiness("ok", warnings));
  }

  /** Begins to take leave of all nodes; one that has begun goes on. */
  Reply drain() {
    sources.drain().run();
    return Reply.accepted();
  }

  /** Since this endpoint was opened. */
  long uptimeNanos() {
    return System.nanoTime() - startNanos;
  }

  @Override
  public void close() {
    rates.close();
  }

  private static @Nullable Double p99Ms(NodeCounts counts) {
    double p99Ms = counts.detectionDelay.quantileMs(0.99);
    return Double.isNaN(p99Ms) ? null : Math.min(p99Ms, DELAY_MS_MAX);
  }

  private static double rounded(double rate) {
    return Math.round(rate * 10) / 10.0;
  }
}
