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
 */
public record Admission(
    String id,
    boolean legacy,
    long instance,
    long connectionSeq,
    long lastEpoch,
    Frame.Pace pace,
    @Nullable String group,
    Map<String, String> metadata) {}
