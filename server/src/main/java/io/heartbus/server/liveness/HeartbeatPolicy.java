package io.heartbus.server.liveness;

/**
 * What the server lets nodes agree to; the formula of SPEC §3. All times in milliseconds.
 *
 * @param intervalMs what a node gets that leaves the choice to the server
 * @param timeoutMs likewise
 * @param intervalMinMs the floor for what a node may ask
 * @param timeoutMinMs likewise
 * @param intervalMaxMs the cap
 * @param timeoutMaxMs likewise
 * @param beatsPerSecondMax stretches the interval when there are many nodes
 * @param ackEvery how many beats get one answer; 0 = none
 */
public record HeartbeatPolicy(
    long intervalMs,
    long timeoutMs,
    long intervalMinMs,
    long timeoutMinMs,
    long intervalMaxMs,
    long timeoutMaxMs,
    long beatsPerSecondMax,
    int ackEvery) {

  /** The interval for a node that asks for {@code askedMs} (0 = no wish) among so many others. */
  public long intervalMs(long askedMs, long liveNodes) {
    long wishMs = askedMs == 0 ? intervalMs : askedMs;
    long loadMs = Math.ceilDiv(liveNodes * 1000, beatsPerSecondMax);
    return Math.min(Math.max(Math.max(wishMs, intervalMinMs), loadMs), intervalMaxMs);
  }

  /** The timeout for a node with that interval that asks for {@code askedMs} (0 = no wish). */
  public long timeoutMs(long askedMs, long agreedIntervalMs) {
    long wishMs = askedMs == 0 ? timeoutMs : askedMs;
    long leastMs = Math.max(3 * agreedIntervalMs, timeoutMinMs);
    return Math.min(Math.max(wishMs, leastMs), Math.max(timeoutMaxMs, leastMs));
  }
}
