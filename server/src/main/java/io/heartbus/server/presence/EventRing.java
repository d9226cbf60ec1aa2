package io.heartbus.server.presence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events in a row in memory, the newest of a log. Whoever owns it decides when the oldest go. Not
 * safe for use by several threads.
 */
final class EventRing {
  private static final int EVENTS_MIN = 1024;

  /** What may have to be kept for the disk, if that is more than what is held anyway. */
  static final int WAITING_EVENTS_MAX = 1 << 16;

  private static final long WAITING_BYTES_MAX = 16 << 20;

  /** The event with number n is at n modulo its length. */
  private @Nullable PresenceEvent[] ring = new @Nullable PresenceEvent[EVENTS_MIN];

  private final LogSettings settings;
  private long first;
  private long last;
  private long bytes;

  /** A ring without events; the next one's number is one more than that. */
  EventRing(LogSettings settings, long lastBefore) {
    this.settings = settings;
    this.last = lastBefore;
    this.first = lastBefore + 1;
  }

  /** The number of the oldest event; one more than the last when there is none. */
  long first() {
    return first;
  }

  long last() {
    return last;
  }

  /** About how much memory the events hold. */
  long bytes() {
    return bytes;
  }

  /** Adds an event; should numbers be missing before it, those that it has are let go. */
  void add(PresenceEvent event) {
    if (event.seq() != last + 1) {
      clear(event.seq());
    }
    if (last - first + 1 == ring.length) {
      grow();
    }
    ring[slot(event.seq())] = event;
    last = event.seq();
    bytes += event.heapBytes();
  }

  /** Lets the oldest go for as long as it holds more than it should; none from that number on. */
  void trim(long keptFromSeq) {
    while (first < keptFromSeq && exceeds(settings.eventsMax(), settings.bytesMax())) {
      PresenceEvent oldest = ring[slot(first)];
      bytes -= oldest == null ? 0 : oldest.heapBytes();
      ring[slot(first)] = null;
      first++;
    }
  }

  /** Whether it holds more than anybody may make it keep. */
  boolean overfull() {
    return exceeds(
        Math.max(settings.eventsMax(), WAITING_EVENTS_MAX),
        Math.max(settings.bytesMax(), WAITING_BYTES_MAX));
  }

  private boolean exceeds(int eventsMax, long bytesMax) {
    return last - first + 1 > eventsMax || bytes > bytesMax;
  }

  /** Events from one number to another, the earliest so many of them. */
  List<PresenceEvent> range(long fromSeq, long toSeq, int eventsMax) {
    long from = Math.max(fromSeq, first);
    long to = Math.min(toSeq, last);
    if (from > to) {
      return List.of();
    }
    List<PresenceEvent> events = new ArrayList<>((int) Math.min(eventsMax, to - from + 1));
    for (long seq = from; seq <= to && events.size() < eventsMax; seq++) {
      PresenceEvent event = ring[slot(seq)];
      if (event != null) {
        events.add(event);
      }
    }
    return events;
  }

  /** Lets go of everything; the next number is that one. */
  void clear(long nextSeq) {
    Arrays.fill(ring, null);
    bytes = 0;
    first = nextSeq;
    last = nextSeq - 1;
  }

  private void grow() {
    @Nullable PresenceEvent[] old = ring;
    ring = Arrays.copyOf(new @Nullable PresenceEvent[0], old.length * 2);
    for (long seq = first; seq <= last; seq++) {
      ring[slot(seq)] = old[(int) (seq % old.length)];
    }
  }

  private int slot(long seq) {
    return (int) (seq % ring.length);
  }
}
