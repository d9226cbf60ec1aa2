package io.heartbus.loadtest;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the server says that happened, as far as the load tester looks at it.
 *
 * @param type as in {@code online}
 * @param node null when it is about many nodes, or about the server
 * @param session 0 when there is no node
 * @param cause null when nothing ended
 */
record FeedEvent(
    long seq, String type, @Nullable String node, long session, @Nullable String cause) {
  static final String ONLINE = "online";
  static final String SUSPECT = "suspect";
  static final String OFFLINE = "offline";
  static final String REPLACED = "replaced";
  static final String MASS_LOSS = "mass_loss";
  static final String STALL = "stall";

  /** The event in that JSON. */
  static FeedEvent of(JsonNode json) {
    return new FeedEvent(
        json.path("seq").asLong(0),
        json.path("type").asString(""),
        text(json.path("node")),
        json.path("session").asLong(0),
        text(json.path("cause")));
  }

  private static @Nullable String text(JsonNode value) {
    return value.isNull() || value.isMissingNode() ? null : value.asString();
  }
}
