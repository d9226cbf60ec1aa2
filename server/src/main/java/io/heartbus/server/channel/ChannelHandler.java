package io.heartbus.server.channel;

import java.io.IOException;

/**
 * What an application does with a channel: plain blocking code. For each channel that a node opens
 * under a name of its route, {@link #handle} runs once on a virtual thread of its own, and owns it
 * until it returns; then this side of the channel is closed. It is interrupted when the server
 * shuts down.
 *
 * <p>To be named in a configuration file, a class needs a public constructor without parameters.
 * One object serves all channels of its route.
 */
@FunctionalInterface
public interface ChannelHandler {
  /**
   * Talks with the node.
   *
   * @throws IOException resets the channel, as any exception does, and only it; that it is closed
   *     is told by {@link ChannelClosedException}
   */
  void handle(ServerChannel channel) throws InterruptedException, IOException;
}
