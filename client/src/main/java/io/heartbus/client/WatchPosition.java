package io.heartbus.client;

/**
 * A place in a server's log of events, to go on from later, also in another process.
 *
 * @param epoch whose numbers they are: another log counts anew
 * @param seq behind which event
 */
public record WatchPosition(String epoch, long seq) {}
