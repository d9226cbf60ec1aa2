package io.heartbus.server.webhook;

import io.heartbus.server.presence.EventJson;
import io.heartbus.server.presence.Follower.Missing;
import io.heartbus.server.presence.Follower.Portion;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one request tells. It stays the same, byte for byte, for as many tries as it takes.
 *
 * @param key the same for all tries of this delivery, and for no other
 * @param first the number of its first event; of the first missing one when it brings none
 * @param last the number of its last event; of the last missing one, as far as that is known
 * @param events how many it brings
 * @param gap whether it says that some are missing
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares two of them.
record Delivery(
    String epoch, String key, long first, long last, int events, boolean gap, byte[] body) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** The body; its members are written in this order, and none is left out. */
  private record Content(String epoch, List<EventJson> events, @Nullable Missing gap) {}

  /** Of a portion that is not empty. */
  static Delivery of(Portion portion) {
    List<EventJson> events = portion.events().stream().map(EventJson::of).toList();
    Missing gap = portion.missing();
    String epoch = portion.from().epoch();
    long first = events.isEmpty() ? firstOf(gap) : events.getFirst().seq();
    long last = events.isEmpty() ? lastOf(gap) : events.getLast().seq();
    return new Delivery(
        epoch,
        epoch + "-" + first + "-" + last + (gap == null ? "" : "-gap"),
        first,
        last,
        events.size(),
        gap != null,
        JSON.writeValueAsBytes(new Content(epoch, events, gap)));
  }

  private static long firstOf(@Nullable Missing gap) {
    if (gap == null) {
      throw new IllegalArgumentException("nothing to be told");
    }
    return gap.from();
  }

  private static long lastOf(@Nullable Missing gap) {
    Long to = gap == null ? null : gap.to();
    return to == null ? firstOf(gap) : to;
  }
}
