package io.heartbus.server.presence;

import io.heartbus.server.node.EventType;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What went through a presence log so far. Any thread. */
public final class PresenceCounts {
  /** Gaps that followers were told: events that were gone, or never there, when they asked. */
  public final LongAdder gaps = new LongAdder();

  private final Map<EventType, LongAdder> events = new EnumMap<>(EventType.class);

  PresenceCounts() {
    for (EventType type : EventType.values()) {
      events.put(type, new LongAdder());
    }
  }

  /** Events that were appended, by type. */
  public LongAdder events(EventType type) {
    // Every constant has its counter.
    return Objects.requireNonNull(events.get(type));
  }
}
