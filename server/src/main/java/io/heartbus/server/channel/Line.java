package io.heartbus.server.channel;

import io.heartbus.server.node.Link;
import io.heartbus.server.node.Node;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection, as far as this room is concerned: something that has channels. */
public abstract class Line extends Link {
  protected Line(long nowNanos) {
    super(nowNanos);
  }

  /** The channels of the registered node, made if there were none; null before REGISTER. */
  public abstract @Nullable ChannelSet openChannels();

  /** The channels of the registered node; null when there never was one. */
  protected abstract @Nullable ChannelSet channelSet();

  @Override
  public final int channels() {
    ChannelSet channels = channelSet();
    return channels == null ? 0 : channels.size();
  }

  private List<ChannelFigures> figures() {
    ChannelSet channels = channelSet();
    return channels == null ? List.of() : channels.figures();
  }

  /** How every open channel of a node stands; none when it is not connected. */
  public static List<ChannelFigures> figuresOf(Node node) {
    return node.link() instanceof Line line ? line.figures() : List.of();
  }

  /** The channels of a node; null when it is not connected. */
  static @Nullable ChannelSet channelsOf(Node node) {
    return node.link() instanceof Line line ? line.openChannels() : null;
  }
}
