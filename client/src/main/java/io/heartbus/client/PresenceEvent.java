package io.heartbus.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a node, or to many. Types and causes are as the server names them; a
 * newer server may have more of them.
 *
 * @param seq its place in the server's log: one more than that of the event before it
 * @param time by the server's wall clock
 * @param type {@code online}, {@code suspect}, {@code offline}, {@code replaced}, {@code mass_loss}
 *     or {@code stall}
 * @param node whose it is; null when it is about many nodes, or about the server
 * @param session the epoch of the node's session, by which late news can be told from new; 0 when
 *     there is no node
 * @param cause why something ended, as {@code TIMEOUT} or {@code LEFT}; null when nothing did
 * @param group the node's label; null when it has none
 * @param silenceMs for how long the node had been silent, or the server had stood still; -1 when
 *     that says nothing
 * @param detail for people; null when there is nothing to add
 */
public record PresenceEvent(
    long seq,
    Instant time,
    String type,
    @Nullable String node,
    long session,
    @Nullable String cause,
    @Nullable String group,
    long silenceMs,
    @Nullable String detail) {}
