package io.heartbus.server.channel;

/**
 * How a channel stands.
 *
 * @param handler what serves it, as its route names it
 * @param queuedIn frames that wait for the handler
 * @param queuedOut messages that wait for the node
 * @param credit what the node would take now, in bytes
 * @param dropped messages that the node did not get
 */
public record ChannelFigures(
    long id, String name, String handler, int queuedIn, int queuedOut, long credit, long dropped) {}
