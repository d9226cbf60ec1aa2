package io.heartbus.client;

import java.io.IOException;

/** What a node does with a channel that the server opens on it. */
@FunctionalInterface
public interface ChannelHandler {
  /**
   * Uses the channel, whose {@link Channel#name} says what for, until it is of no more use. Runs on
   * a virtual thread of its own, one per channel; returning closes the channel, throwing resets it.
   * To answer a request, receive one message and {@link Channel#sendLast} one.
   *
   * @throws IOException when the channel ends under it, which is nobody's fault
   */
  void handle(Channel channel) throws IOException, InterruptedException;
}
