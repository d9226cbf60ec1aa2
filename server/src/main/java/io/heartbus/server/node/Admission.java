package io.heartbus.server.node;

import io.heartbus.protocol.Frame;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A registration that was judged acceptable in itself, before it meets the node table.
 *
 * @param instance random per process of the node; 0 for HBP/1, whose registrations are all new
 * @param connectionSeq how many connections that process has made
 * @param lastEpoch the highest epoch the node remembers to have held, 0 for none
 * @param pace the interval and timeout that were agreed
 * @param askedGraceMs how long a lost connection of it should be borne with; -1 = as usual
 */
public record Admission(
    String id,
    boolean legacy,
    long instance,
    long connectionSeq,
    long lastEpoch,
    Frame.Pace pace,
    long askedGraceMs,
    @Nullable String group,
    Map<String, String> metadata) {
  /** The same, with another text of the same label: those of a group share one. */
  Admission inGroup(@Nullable String label) {
    return label == null
        ? this
        : new Admission(
            id, legacy, instance, connectionSeq, lastEpoch, pace, askedGraceMs, label, metadata);
  }
}
