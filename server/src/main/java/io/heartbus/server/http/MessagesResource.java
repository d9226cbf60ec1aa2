package io.heartbus.server.http;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.heartbus.protocol.NodeId;
import io.heartbus.server.node.Node;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Messages into the bus over HTTP: to one node, to a topic, to many nodes. Any thread. */
final class MessagesResource {
  private static final String CHANNELS = "/channels/";
  private static final Duration LIMIT_USUAL = Duration.ofSeconds(5);
  private static final Duration LIMIT_MAX = Duration.ofSeconds(60);

  private final HttpSources sources;

  MessagesResource(HttpSources sources) {
    this.sources = sources;
  }

  /** Whether a path below that of the nodes leads to a channel. */
  static boolean isFor(String rawPath) {
    return rawPath.contains(CHANNELS);
  }

  /** Sends to a channel of one node: {@code {id}/channels/{name}}. */
  Reply toNode(String rawPath, Query query, byte[] message) throws Refusal, InterruptedException {
    int split = rawPath.indexOf(CHANNELS);
    String id = PercentCoding.ofPath(rawPath.substring(0, split));
    String name = channelName(rawPath.substring(split + CHANNELS.length()));
    Duration limit = limit(query.text("timeout"));
    @Nullable Node node = sources.nodes().find(id);
    if (node == null) {
      throw Refusal.notFound("no such node: " + id);
    }
    return switch (sources.deliveries().toNode(node, name, message, limit)) {
      case SENT -> Reply.accepted();
      case NO_ROUTE ->
          throw Refusal.notFound(
              "the node is offline, or has no channel " + name + " and takes none");
      case UNFIT ->
          throw Refusal.badRequest("an HBP/1 node takes text, as much as fits into a frame");
      case NO_CREDIT -> throw new Refusal(Refusal.TOO_MANY, "the node granted no credit in time");
    };
  }

  /** Sends to every member of a topic. */
  Reply toTopic(String rawName, byte[] message) throws Refusal, InterruptedException {
    return Reply.json(sources.deliveries().toTopic(channelName(rawName), message));
  }

  /** Sends to the default channel of every live node that matches. */
  Reply toAll(Query query, byte[] message) {
    @Nullable String group = query.text("group");
    Predicate<Node> filter = node -> group == null || group.equals(node.group());
    return Reply.json(sources.deliveries().toAll(filter, query.text("prefix", ""), message));
  }

  private static String channelName(String raw) throws Refusal {
    String name = PercentCoding.ofPath(raw);
    if (!NodeId.isLegalChannelName(name)) {
      throw Refusal.badRequest("no legal channel name: 1 to 255 bytes, no control characters");
    }
    return name;
  }

  private static Duration limit(@Nullable String text) throws Refusal {
    if (text == null) {
      return LIMIT_USUAL;
    }
    try {
      Duration limit = ConfigFactory.parseMap(Map.of("timeout", text)).getDuration("timeout");
      if (!limit.isNegative() && limit.compareTo(LIMIT_MAX) <= 0) {
        return limit;
      }
    } catch (ConfigException notDuration) {
      // Told below like any other that is not allowed.
    }
    throw Refusal.badRequest("timeout must be a duration from 0 to 60s, such as 500ms or 5s");
  }
}
