package io.heartbus.server.channel;

import java.io.IOException;

/** The channel is over: it was reset, or its node is gone. */
public final class ChannelClosedException extends IOException {
  private static final long serialVersionUID = 1;

  ChannelClosedException(String message) {
    super(message);
  }
}
