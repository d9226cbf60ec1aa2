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
    long id, String name, String handler, int queuedIn, int queuedOut, long credit, long dropped) {
  static ChannelFigures of(ServerChannel channel, ChannelInput input, ChannelOutput output) {
    return new ChannelFigures(
        channel.id(),
        channel.name(),
        channel.binding().route().handler(),
        input.queuedFrames(),
        output.pendingMessages(),
        output.creditBytes(),
        output.dropped());
  }
}
