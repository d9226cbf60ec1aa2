package io.heartbus.client;

import io.heartbus.protocol.NodeId;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What all parts of one client share.
 *
 * @param incoming null when nobody handles channels that the server opens
 */
record ClientContext(
    ClientOptions options,
    Limits limits,
    Counters counters,
    Announcer announcer,
    RandomGenerator random,
    @Nullable IncomingChannels incoming) {

  /**
   * A channel with what the options grant.
   *
   * @throws IllegalArgumentException when that is no legal name
   */
  Channel channel(String name, ChannelKind kind, long receiveCredit) {
    if (!NodeId.isLegalChannelName(name)) {
      throw new IllegalArgumentException(
          "name: \"" + name + "\" is not 1 to 255 bytes of UTF-8 without control characters");
    }
    int messageBytesMax = options.channels().messageBytesMax();
    return new Channel(
        new ChannelState(name, kind, messageBytesMax, receiveCredit), messageBytesMax);
  }

  long initialCredit() {
    return options.channels().initialCredit();
  }
}
