package io.heartbus.server.node;

import io.heartbus.server.presence.PresenceEvent;
import io.heartbus.server.presence.PresenceLog;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the log says of nodes that fell silent, and when: the last beats come from whoever beats,
 * the rest belongs to the one thread that follows.
 */
public final class Verdicts {
  private static final long NANOS_PER_MS = 1_000_000;
  private static final int FOLLOWED_EVENTS = 1_000;
  private static final int SAMPLES = 10_000;

  /** When the last beat of those was that fell silent, by id; on the machine's monotonic clock. */
  private final Map<String, Long> lastBeats = new ConcurrentHashMap<>();

  private final long timeoutMs;

  /** From the deadline to the verdict in the log. */
  public final Samples delays = new Samples(SAMPLES);

  private int falseOnes;

  /** Of nodes that all have the same timeout. */
  public Verdicts(long timeoutMs) {
    this.timeoutMs = timeoutMs;
  }

  /** Whether that beat is the last one of that node: whoever fell silent beats once. */
  public boolean lastBeat(String node) {
    return lastBeats.putIfAbsent(node, System.nanoTime()) == null;
  }

  /** Follows the log until so many are offline, or the time is over. */
  public void follow(PresenceLog log, int victims, long limitNanos) throws InterruptedException {
    long beganNanos = System.nanoTime();
    long position = log.last();
    while (delays.size() < victims && System.nanoTime() - beganNanos < limitNanos) {
      if (log.await(position, 100 * NANOS_PER_MS)) {
        PresenceLog.Slice slice = log.read(position, FOLLOWED_EVENTS);
        long nowNanos = System.nanoTime();
        for (PresenceEvent event : slice.events()) {
          judge(event, nowNanos);
        }
        position = slice.next(position);
      }
    }
  }

  /** How many were called offline that beat. */
  public int falseOnes() {
    return falseOnes;
  }

  private void judge(PresenceEvent event, long nowNanos) {
    String node = event.what().node();
    if (event.what().type() != EventType.OFFLINE || node == null) {
      return;
    }
    Long lastBeat = lastBeats.get(node);
    if (lastBeat == null) {
      falseOnes++;
    } else {
      delays.add(nowNanos - lastBeat - timeoutMs * NANOS_PER_MS);
    }
  }
}
