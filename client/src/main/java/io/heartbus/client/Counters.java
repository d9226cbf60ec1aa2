package io.heartbus.client;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What one client has counted since it was made. Any thread may count. */
final class Counters {
  final LongAdder connects = new LongAdder();
  final LongAdder failedAttempts = new LongAdder();
  final LongAdder framesSent = new LongAdder();
  final LongAdder framesReceived = new LongAdder();
  final LongAdder bytesSent = new LongAdder();
  final LongAdder bytesReceived = new LongAdder();
  final LongAdder heartbeatsSent = new LongAdder();
  final LongAdder heartbeatsAnswered = new LongAdder();
  final LongAdder messagesSent = new LongAdder();
  final LongAdder messagesReceived = new LongAdder();
  final LongAdder framesSkipped = new LongAdder();
  final LongAdder eventsDropped = new LongAdder();

  /** Nanoseconds; 0 = none measured yet. */
  final AtomicLong lastRoundTripNanos = new AtomicLong();

  /** Nanoseconds; each new round trip counts an eighth. */
  final AtomicLong smoothedRoundTripNanos = new AtomicLong();

  void roundTrip(long nanos) {
    long measured = Math.max(1, nanos);
    lastRoundTripNanos.set(measured);
    smoothedRoundTripNanos.accumulateAndGet(
        measured, (old, now) -> old == 0 ? now : old + (now - old) / 8);
  }
}
