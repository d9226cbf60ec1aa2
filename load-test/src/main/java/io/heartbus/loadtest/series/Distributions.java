package io.heartbus.loadtest.series;

import java.util.List;

/**
 * How the latencies of a run are spread, with the names of the JSON report: a public contract.
 * Immutable.
 */
public record Distributions(List<Bucket> heartbeats, List<Bucket> messages, List<Bucket> connects) {
  /** How many latencies these hold together. */
  public long count() {
    return count(heartbeats) + count(messages) + count(connects);
  }

  private static long count(List<Bucket> buckets) {
    return buckets.stream().mapToLong(Bucket::count).sum();
  }
}
