package io.heartbus.server.presence;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.heartbus.server.node.Cause;
import io.heartbus.server.node.NodeEvent;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * An event as feeds, webhooks and channels write it. No key is left out. Any mapper writes the same
 * bytes, so it may be part of something larger.
 *
 * @param time ISO-8601 in UTC
 * @param node null when it is about many nodes, or about the server
 * @param session null when there is no node
 * @param cause null when nothing ended
 * @param silenceMs null when that says nothing
 */
@JsonPropertyOrder({
  "seq",
  "time",
  "type",
  "node",
  "session",
  "cause",
  "group",
  "silenceMs",
  "detail"
})
public record EventJson(
    long seq,
    String time,
    String type,
    @Nullable String node,
    @Nullable Long session,
    @Nullable Cause cause,
    @Nullable String group,
    @Nullable Long silenceMs,
    @Nullable String detail) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** An event, to be written as a part of something. */
  public static EventJson of(PresenceEvent event) {
    NodeEvent what = event.what();
    return new EventJson(
        event.seq(),
        UtcTime.text(event.timeMs()),
        what.type().text(),
        what.node(),
        what.node() == null ? null : what.session(),
        what.cause(),
        what.group(),
        what.silenceMs() < 0 ? null : what.silenceMs(),
        what.detail());
  }

  /** The bytes of an event on its own: one line without an end, in UTF-8. */
  public static byte[] encode(PresenceEvent event) {
    return JSON.writeValueAsBytes(of(event));
  }
}
