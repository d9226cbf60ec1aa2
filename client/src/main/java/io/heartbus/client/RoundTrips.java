package io.heartbus.client;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The beats and probes of one connection that wait for their answers, and the round trips that they
 * measure: from the moment a probe was due to leave to the moment its answer was read. Any thread.
 */
final class RoundTrips {
  /** Beats remembered: with an answer to every n-th beat only the latest matter. */
  private static final int BEATS = 16;

  private record Probe(long sentNanos, CompletableFuture<Long> answer) {}

  private final Counters counters;
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by lock.
  private final long[] beatNanos = new long[BEATS];
  private final Map<Long, Probe> pings = new HashMap<>();
  private long lastBeat;
  private long oldestUnanswered = 1;
  private long lastPing;
  private long unreportedMicros = Wire.NO_ROUND_TRIP;
  private boolean over;

  RoundTrips(Counters counters) {
    this.counters = counters;
  }

  /** A beat leaves: its number, and the last round trip unless an earlier beat told it. */
  Frame.Stats beat(long nowNanos) {
    lock.lock();
    try {
      lastBeat++;
      beatNanos[slot(lastBeat)] = nowNanos;
      Frame.Stats stats = new Frame.Stats(lastBeat & 0xFFFF_FFFFL, unreportedMicros);
      unreportedMicros = Wire.NO_ROUND_TRIP;
      return stats;
    } finally {
      lock.unlock();
    }
  }

  /** The answer to a beat came; one that was never asked, or long ago, measures nothing. */
  void beatAnswered(long seq, long nowNanos) {
    lock.lock();
    try {
      // Numbers wrap at 32 bits on the wire only.
      long beat = lastBeat - ((lastBeat - seq) & 0xFFFF_FFFFL);
      if (beat < oldestUnanswered || lastBeat - beat >= BEATS) {
        return;
      }
      oldestUnanswered = beat + 1;
      measured(nowNanos - beatNanos[slot(beat)]);
    } finally {
      lock.unlock();
    }
  }

  /** A probe leaves; its answer completes the future. Null when too many are on their way. */
  @Nullable Ping ping(long nowNanos) {
    CompletableFuture<Long> answer = new CompletableFuture<>();
    lock.lock();
    try {
      if (pings.size() >= Limits.PINGS_MAX || over) {
        return null;
      }
      lastPing++;
      pings.put(lastPing, new Probe(nowNanos, answer));
      return new Ping(lastPing, answer);
    } finally {
      lock.unlock();
    }
  }

  /** A probe on its way: the number it carries, and the nanoseconds it will take. */
  record Ping(long opaque, CompletableFuture<Long> answer) {}

  void pingAnswered(@Nullable Long opaque, long nowNanos) {
    Probe probe;
    lock.lock();
    try {
      probe = opaque == null ? null : pings.remove(opaque);
      if (probe != null) {
        measured(nowNanos - probe.sentNanos());
      }
    } finally {
      lock.unlock();
    }
    if (probe != null) {
      probe.answer().complete(nowNanos - probe.sentNanos());
    }
  }

  /** Nobody waits for that probe any more. */
  void forget(Ping ping) {
    lock.lock();
    try {
      pings.remove(ping.opaque());
    } finally {
      lock.unlock();
    }
  }

  /** The connection is over: whoever waits for an answer waits in vain. */
  void end(Throwable cause) {
    Map<Long, Probe> left;
    lock.lock();
    try {
      over = true;
      left = Map.copyOf(pings);
      pings.clear();
    } finally {
      lock.unlock();
    }
    left.values().forEach(probe -> probe.answer().completeExceptionally(cause));
  }

  private void measured(long nanos) {
    counters.roundTrip(nanos);
    unreportedMicros = Math.clamp(nanos / 1000, 0, Wire.NO_ROUND_TRIP - 1);
  }

  private static int slot(long beat) {
    return (int) (beat % BEATS);
  }
}
