package io.heartbus.server.channel;

import java.io.IOException;

/**
 * What a route does with the messages of its channels. One handler serves all channels of its
 * route; for each channel, calls come one after another, on a virtual thread that may block.
 */
interface MessageHandler {
  /** A channel was opened. Runs on the reader of its connection, and must not block. */
  default void opened(ServerChannel channel) {}

  /**
   * A message came in.
   *
   * @throws IOException resets the channel
   */
  void message(ServerChannel channel, byte[] message) throws InterruptedException, IOException;

  /**
   * The peer will send no more, and has had all its messages handled. By default, neither do we.
   */
  default void ended(ServerChannel channel) {
    channel.close();
  }

  /** The channel is over, in both directions. Called once, by any thread; must not block. */
  default void over(ServerChannel channel) {}
}
