package io.heartbus.server.channel;

import io.heartbus.protocol.Wire;
import io.heartbus.server.node.Node;
import io.heartbus.server.node.NodeTable;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Messages from outside the bus, as from HTTP: to a node, to a topic, to many. Any thread. */
public final class Deliveries {
  /** What became of a message to one node. */
  public enum Outcome {
    SENT,
    /** The node is not connected, or has no such channel and takes none. */
    NO_ROUTE,
    /** The node speaks HBP/1, which cannot say that. */
    UNFIT,
    /** The node did not grant credit in time. */
    NO_CREDIT
  }

  /** How many receivers a message reached, and how many it did not. */
  public record Tally(int delivered, int dropped) {}

  private static final int PAGE_NODES = 1_000;
  private static final String TOPIC_PREFIX = "topic/";

  private final NodeTable nodes;
  private final Topics topics;
  private final ChannelCounts counts;
  private final Binding pushes;

  Deliveries(NodeTable nodes, Topics topics, ChannelSettings settings, ChannelCounts counts) {
    this.counts = counts;
    this.nodes = nodes;
    this.topics = topics;
    Route route =
        new Route(
            "*",
            "discard",
            settings.queueMessagesMax(),
            Overflow.DROP_NEWEST,
            settings.messageBytesMax());
    this.pushes = Binding.of(route, (_, _) -> {});
  }

  /** Sends a message to the node's newest channel of that name, or to one opened for it. */
  public Outcome toNode(Node node, String name, byte[] message, Duration limit)
      throws InterruptedException {
    ChannelSet channels = Line.channelsOf(node);
    if (channels == null) {
      return Outcome.NO_ROUTE;
    }
    ServerChannel channel = channels.newest(name);
    if (channel == null) {
      channel = channels.openToNode(name, pushes, _ -> {});
    }
    if (channel == null) {
      return Outcome.NO_ROUTE;
    }
    if (!channels.carrier().carries(message)) {
      counts.dropped.increment();
      return Outcome.UNFIT;
    }
    try {
      return channel.send(message, limit) ? Outcome.SENT : Outcome.NO_CREDIT;
    } catch (IOException over) {
      return Outcome.NO_ROUTE;
    }
  }

  /** Sends a message to every member of a topic. */
  public Tally toTopic(String name, byte[] message) throws InterruptedException {
    return topics.publish(TOPIC_PREFIX + name, message);
  }

  /** Sends a message to the default channel of every live node that matches and has room for it. */
  public Tally toAll(Predicate<Node> filter, String prefix, byte[] message) {
    int delivered = 0;
    int dropped = 0;
    @Nullable String after = null;
    do {
      NodeTable.Page page =
          nodes.page(node -> node.live() && filter.test(node), prefix, after, PAGE_NODES);
      for (Node node : page.nodes()) {
        if (toDefaultChannel(node, message)) {
          delivered++;
        } else {
          counts.dropped.increment();
          dropped++;
        }
      }
      after = page.next();
    } while (after != null);
    return new Tally(delivered, dropped);
  }

  private static boolean toDefaultChannel(Node node, byte[] message) {
    ChannelSet channels = Line.channelsOf(node);
    ServerChannel channel = channels == null ? null : channels.newest(Wire.DEFAULT_CHANNEL_NAME);
    if (channel == null || channel.output().sendNow(message, false) == null) {
      return false;
    }
    channel.flushSoon();
    return true;
  }
}
