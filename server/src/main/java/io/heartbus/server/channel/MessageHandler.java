package io.heartbus.server.channel;

import io.heartbus.protocol.ErrorCode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a built-in route does with its channels. One handler serves all channels of its route; for
 * each channel, messages come one after another, on a virtual thread that may block.
 */
interface MessageHandler {
  /** Why a node must not open a channel of that name now; null when it may. Must not block. */
  default @Nullable ErrorCode refusal(String name) {
    return null;
  }

  /** Whether it has something to do with a channel on which nothing was said yet. */
  default boolean wantsEveryChannel() {
    return false;
  }

  /** A channel was opened. Runs on the reader of its connection, and must not block. */
  default void opened(ServerChannel channel) {}

  /**
   * A message came in.
   *
   * @throws IOException resets the channel
   */
  void message(ServerChannel channel, byte[] message) throws InterruptedException, IOException;

  /** There is no further message for now. */
  default void idle(ServerChannel channel) {}

  /**
   * The peer will send no more, and has had all its messages handled. By default, neither do we.
   */
  default void ended(ServerChannel channel) {
    channel.close();
  }

  /**
   * The peer has taken that much, and lets us send as much again. The set's lock is held: must
   * neither block nor use other channels.
   */
  default void credited(ServerChannel channel, long delta) {}

  /** The connection takes frames again, after it had no room. As {@link #credited}. */
  default void roomAgain(ServerChannel channel) {}

  /** The channel is over. The set's lock is held: must neither block nor use other channels. */
  default void over(ServerChannel channel) {}
}
