package io.heartbus.server.http;

import io.heartbus.server.http.EventStreamText.GapJson;
import io.heartbus.server.presence.EventJson;
import io.heartbus.server.presence.Follower;
import io.heartbus.server.presence.LogPosition;
import io.heartbus.server.presence.PresenceLog;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happened to nodes, by pages. Any thread. */
final class EventsResource {
  private static final int PAGE_EVENTS_MAX = 10_000;
  private static final int PAGE_EVENTS_USUAL = 1_000;

  private final PresenceLog log;

  EventsResource(PresenceLog log) {
    this.log = log;
  }

  /**
   * A page of events.
   *
   * @param first the oldest event of the log
   * @param last the newest
   * @param gap what is missing between {@code after} and the events; null when nothing is
   * @param next what to pass as {@code after} to go on; nothing is left while it equals last
   */
  record Page(
      String epoch,
      long first,
      long last,
      @Nullable GapJson gap,
      List<EventJson> events,
      long next) {}

  /**
   * The events that match, in their order; from the oldest on when no position is given. Looks at a
   * bounded number of events, so a page may be short, or empty, and yet have a next one.
   */
  Reply page(Query query) throws Refusal {
    EventsRequest request = EventsRequest.of(query);
    int limit = query.number("limit", 1, PAGE_EVENTS_MAX, PAGE_EVENTS_USUAL);
    LogPosition start = request.start(log, log.first() - 1);
    Follower follower = new Follower(log, request.filter(), start);
    Follower.Portion portion = follower.next(limit);
    // Without a position nobody can have missed anything.
    Follower.@Nullable Missing missing = request.after() == null ? null : portion.missing();
    return Reply.json(
        new Page(
            portion.from().epoch(),
            log.first(),
            log.last(),
            missing == null ? null : GapJson.of(missing),
            portion.events().stream().map(EventJson::of).toList(),
            follower.position().seq()));
  }
}
