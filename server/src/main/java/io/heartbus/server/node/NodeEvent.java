package io.heartbus.server.node;

import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a node, or to many. Its place in the order of all events and its time
 * are the presence log's to say.
 *
 * @param node whose it is; null when it is about many nodes, or about the server
 * @param session the epoch of the node's session; 0 when there is no node
 * @param cause why; null when nothing ended
 * @param group the node's label; for {@link EventType#MASS_LOSS} the group that was lost, null when
 *     it is not about a single one
 * @param silenceMs for how long the node had been silent, or the server had stood still; -1 when
 *     that says nothing
 * @param detail for people; null when there is nothing to add
 */
public record NodeEvent(
    EventType type,
    @Nullable String node,
    long session,
    @Nullable Cause cause,
    @Nullable String group,
    long silenceMs,
    @Nullable String detail) {

  /** The server stood still for that long. */
  public static NodeEvent stall(long stallMs, String detail) {
    return new NodeEvent(EventType.STALL, null, 0, null, null, stallMs, detail);
  }
}
