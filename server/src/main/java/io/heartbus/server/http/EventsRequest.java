package io.heartbus.server.http;

import io.heartbus.server.presence.EventFilter;
import io.heartbus.server.presence.EventFilters;
import io.heartbus.server.presence.LogPosition;
import io.heartbus.server.presence.PresenceLog;
import org.jspecify.annotations.Nullable;

/**
 * Which events somebody asks for. Immutable.
 *
 * @param filter which kinds of them
 * @param after behind which number; null when it is left to the server
 * @param epoch the log that the number is of; null when that is not said
 */
record EventsRequest(EventFilter filter, @Nullable Long after, @Nullable String epoch) {
  /** One less than the largest number there is, so that there is one behind it. */
  private static final long AFTER_MAX = Long.MAX_VALUE - 1;

  private static final String LAST_EVENT_ID = "Last-Event-ID";

  /** Reads the parameters after, epoch, type, group and prefix. */
  static EventsRequest of(Query query) throws Refusal {
    try {
      return new EventsRequest(
          EventFilters.parse(query.text("type"), query.text("group"), query.text("prefix")),
          position("after", query.text("after")),
          query.text("epoch"));
    } catch (IllegalArgumentException wrong) {
      throw Refusal.badRequest(String.valueOf(wrong.getMessage()));
    }
  }

  /**
   * The same, resumed where a reader says it was, which outranks the parameter.
   *
   * @param lastEventId the header; null when there is none
   */
  EventsRequest resumedAt(@Nullable String lastEventId) throws Refusal {
    return lastEventId == null
        ? this
        : new EventsRequest(filter, position(LAST_EVENT_ID, lastEventId), epoch);
  }

  /**
   * Where to begin.
   *
   * @param otherwise behind which event, when it is left to the server
   * @throws Refusal when the numbers are those of a log that has nothing to do with this one
   */
  LogPosition start(PresenceLog log, long otherwise) throws Refusal {
    String current = log.epoch();
    LogPosition start =
        new LogPosition(epoch == null ? current : epoch, after == null ? otherwise : after);
    if (!log.goesOnFrom(start)) {
      throw Refusal.badRequest(
          "epoch is that of another log, this one's is "
              + current
              + ": read /api/v1/nodes, and go on with the epoch and the at of its first page");
    }
    return start;
  }

  private static @Nullable Long position(String name, @Nullable String text) throws Refusal {
    if (text == null) {
      return null;
    }
    if (text.matches("[0-9]{1,19}")) {
      try {
        long position = Long.parseLong(text);
        if (position <= AFTER_MAX) {
          return position;
        }
      } catch (NumberFormatException tooLarge) {
        // Told below like any other that is not allowed.
      }
    }
    throw Refusal.badRequest(name + " must be a whole number from 0 to " + AFTER_MAX);
  }
}
