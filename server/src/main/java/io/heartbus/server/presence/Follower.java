package io.heartbus.server.presence;

import io.heartbus.server.presence.PresenceLog.Gap;
import io.heartbus.server.presence.PresenceLog.Slice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Somebody's place in the log, and which events they want: hands these out in order, a bounded
 * number at a time, and says at its place what is missing. Keeps none of them, so that whoever is
 * slow costs nothing, and is told a gap once the log has moved on. One thread.
 */
public final class Follower {
  private static final int SLICE_EVENTS = 256;

  /** How many events one call looks at: whoever wants few of them must not be away for long. */
  private static final int EVENTS_PER_CALL_MAX = 16 * 1024;

  private final PresenceLog log;
  private final EventFilter filter;
  private LogPosition position;

  /** What has to be told before anything else. */
  private @Nullable Missing before;

  /**
   * Goes on behind a position; if that is of another log, with what happened since this one began.
   */
  public Follower(PresenceLog log, EventFilter filter, LogPosition start) {
    this.log = log;
    this.filter = filter;
    if (log.goesOnFrom(start)) {
      this.position = new LogPosition(log.epoch(), start.seq());
    } else {
      this.position = new LogPosition(log.epoch(), log.start());
      this.before = new Missing(start.seq() + 1, null);
    }
  }

  /**
   * What comes next, all of one epoch.
   *
   * @param from where the events begin: behind what was had, or behind what is missing
   * @param missing what comes before the events and is not there; null when nothing is
   * @param events those that are wanted; none when there are none for now
   */
  public record Portion(LogPosition from, @Nullable Missing missing, List<PresenceEvent> events) {
    /** Whether there is nothing to be told. */
    public boolean isEmpty() {
      return missing == null && events.isEmpty();
    }
  }

  /**
   * Events that somebody did not get, wanted or not.
   *
   * @param from the first of them
   * @param to the last of them; null when they are those of another log, and this one begins: how
   *     many there were, it does not know
   */
  public record Missing(long from, @Nullable Long to) {}

  /** Behind what was handed out, and behind what was not wanted. */
  public LogPosition position() {
    return position;
  }

  /** The next events, no more than that many. */
  public Portion next(int eventsMax) {
    LogPosition from = position;
    Missing missing = before;
    before = null;
    List<PresenceEvent> events = new ArrayList<>();
    int lookedAt = 0;
    while (events.size() < eventsMax && lookedAt < EVENTS_PER_CALL_MAX) {
      Slice slice = log.read(position.seq(), SLICE_EVENTS);
      Gap gap = slice.gap();
      boolean renamed = !slice.epoch().equals(position.epoch());
      if ((renamed || gap != null) && (missing != null || !events.isEmpty())) {
        // It is told at its place: with the next portion.
        break;
      }
      if (gap != null) {
        missing = new Missing(gap.from(), gap.to());
        position = new LogPosition(slice.epoch(), gap.next());
        from = position;
        continue;
      }
      if (renamed) {
        // The numbers of a log that runs go on whatever it is called.
        position = new LogPosition(slice.epoch(), position.seq());
        from = position;
      }
      if (slice.events().isEmpty()) {
        break;
      }
      lookedAt += take(slice, events, eventsMax);
    }
    if (missing != null) {
      log.counts().gaps.increment();
    }
    return new Portion(from, missing, events);
  }

  /** Moves through a slice, until there are enough events. Returns how many it saw. */
  private int take(Slice slice, List<PresenceEvent> events, int eventsMax) {
    int seen = 0;
    for (PresenceEvent event : slice.events()) {
      if (events.size() == eventsMax) {
        break;
      }
      if (filter.matches(event.what())) {
        events.add(event);
      }
      seen++;
      position = new LogPosition(slice.epoch(), event.seq());
    }
    return seen;
  }

  /** Waits until there may be something to hand out, but no longer than that. */
  public void await(long limitNanos) throws InterruptedException {
    boolean _ = log.await(position.seq(), limitNanos);
  }
}
