package io.heartbus.client;

import io.heartbus.protocol.ErrorCode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Why a channel carries nothing more. Every caller that meets it gets an exception of its own, with
 * its own stack.
 *
 * @param about what ended: this channel, the connection under it, or the whole client
 * @param code the channel's code, NORMAL for the other two
 * @param cause what ended the connection or the client, if it is known
 */
record ChannelEnd(About about, int code, String text, @Nullable IOException cause) {
  enum About {
    CHANNEL,
    CONNECTION,
    CLIENT
  }

  static ChannelEnd normal(String text) {
    return new ChannelEnd(About.CHANNEL, ErrorCode.NORMAL.code(), text, null);
  }

  static ChannelEnd reset(int code, String text) {
    return new ChannelEnd(About.CHANNEL, code, text, null);
  }

  static ChannelEnd connectionLost(IOException cause) {
    return new ChannelEnd(About.CONNECTION, ErrorCode.NORMAL.code(), "", cause);
  }

  static ChannelEnd clientClosed(@Nullable IOException cause) {
    return new ChannelEnd(About.CLIENT, ErrorCode.NORMAL.code(), "", cause);
  }

  IOException exception(String channel) {
    return switch (about) {
      case CHANNEL -> new ChannelClosedException(channel, code, text);
      case CONNECTION ->
          cause == null
              ? new ConnectionLostException("channel " + channel + " went with its connection")
              : new ConnectionLostException("channel " + channel, cause);
      case CLIENT -> new ClientClosedException(cause);
    };
  }
}
