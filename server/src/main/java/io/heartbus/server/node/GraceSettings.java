package io.heartbus.server.node;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long a lost connection may be healed before anybody is told. In milliseconds.
 *
 * @param usualMs for nodes whose group has none of its own
 * @param byGroupMs by group
 */
public record GraceSettings(long usualMs, Map<String, Long> byGroupMs) {
  /** A lost connection is told at once. */
  public static final GraceSettings NONE = new GraceSettings(0, Map.of());

  public GraceSettings {
    byGroupMs = Map.copyOf(byGroupMs);
  }

  /**
   * The grace of a node.
   *
   * @param askedMs what the node asks for; -1 when it leaves it to the server
   */
  public long graceMs(@Nullable String group, long askedMs) {
    long allowedMs = group == null ? usualMs : byGroupMs.getOrDefault(group, usualMs);
    return askedMs < 0 ? allowedMs : Math.min(askedMs, allowedMs);
  }
}
