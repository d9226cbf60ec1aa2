package io.heartbus.server.presence;

/**
 * A place in a log: behind one of its events.
 *
 * @param epoch whose numbers they are
 * @param seq the last event that somebody has had
 */
public record LogPosition(String epoch, long seq) {}
