package io.heartbus.client;

import java.io.IOException;

/** Puts new channels on whichever connection there is, or will be. Any thread; blocks. */
final class ChannelOpener {
  private final ClientContext context;
  private final SessionState state;

  ChannelOpener(ClientContext context, SessionState state) {
    this.context = context;
    this.state = state;
  }

  /**
   * Opens a channel, and waits until the server accepts it.
   *
   * @throws TimedOutException when it was not accepted in time; it is given up then
   */
  Channel open(String name, ChannelKind kind, long receiveCredit, Deadline deadline)
      throws IOException, InterruptedException {
    Channel channel = context.channel(name, kind, receiveCredit);
    boolean opened = false;
    try {
      place(channel, deadline);
      opened = channel.awaitAccepted(deadline);
      if (!opened) {
        throw new TimedOutException("channel " + name + ": not accepted in time");
      }
      return channel;
    } finally {
      if (!opened) {
        channel.reset(Channel.CANCELLED);
      }
    }
  }

  /** Puts a new channel on the present connection, or on the next one. */
  void place(Channel channel, Deadline deadline) throws IOException, InterruptedException {
    while (!state.awaitConnection(deadline).channels().open(channel, deadline)) {
      // That connection had just ended, or begun to: the next one will do.
      if (deadline.passed()) {
        throw new TimedOutException("channel " + channel.name() + ": not opened");
      }
    }
  }
}
