package io.heartbus.server.channel;

import java.util.List;

/**
 * Bounds of channels. Sizes in bytes.
 *
 * @param initialCreditBytes what a peer may send on a new channel
 * @param channelsPerConnectionMax how many channels a node may have open, besides the default one
 * @param queueMessagesMax how many messages may wait for a legacy node's consumer
 * @param messageBytesMax the largest message, fragments joined
 * @param bufferedBytesMax over this sum of what waits in all queues no credit is given back
 * @param routes which handler gets a channel; the first match wins
 */
public record ChannelSettings(
    int initialCreditBytes,
    int channelsPerConnectionMax,
    int queueMessagesMax,
    int messageBytesMax,
    long bufferedBytesMax,
    List<Route> routes) {}
