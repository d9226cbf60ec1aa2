package io.heartbus.server.channel;

import io.heartbus.server.node.NodeTable;
import io.heartbus.server.presence.PresenceLog;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The handlers that a route can name without writing any code. */
final class BuiltInHandlers {
  private static final MessageHandler ECHO = ServerChannel::reply;
  private static final MessageHandler DISCARD = (_, _) -> {};

  /** For drills: whoever sends to it learns what a stuck consumer is like. */
  private static final MessageHandler HOLD =
      (channel, _) -> {
        // What was given back for the parts of the message must not wait with it.
        channel.flushSoon();
        channel.awaitOver();
      };

  private final Map<String, MessageHandler> byName = new TreeMap<>();

  /** Those that own a thread for each channel, as an application's do. */
  private final Map<String, ChannelHandler> owningThreads = new TreeMap<>();

  BuiltInHandlers(
      NodeTable nodes,
      PresenceLog log,
      Topics topics,
      ChannelCounts counts,
      BufferedBytes buffered) {
    byName.put("echo", ECHO);
    byName.put("discard", DISCARD);
    byName.put("hold", HOLD);
    byName.put("topic", topics);
    byName.put("group", new Groups(counts, buffered));
    byName.put("node", new NodeRelay(nodes));
    owningThreads.put("presence", new PresenceFeed(log));
  }

  /**
   * What a route names, be it built in or a class.
   *
   * @throws IllegalArgumentException when there is no such handler, with the reason
   */
  Binding bind(Route route) {
    MessageHandler builtIn = byName.get(route.handler());
    if (builtIn != null) {
      return Binding.of(route, builtIn);
    }
    ChannelHandler owning = owningThreads.get(route.handler());
    return Binding.of(route, owning == null ? application(route.handler()) : owning);
  }

  private ChannelHandler application(String className) {
    try {
      Object made = Class.forName(className).getConstructor().newInstance();
      if (made instanceof ChannelHandler handler) {
        return handler;
      }
      throw new IllegalArgumentException("handler " + className + " is no ChannelHandler");
    } catch (ReflectiveOperationException | LinkageError missing) {
      throw new IllegalArgumentException(
          "handler "
              + className
              + " is neither one of "
              + names()
              + " nor a class on the class path with a public constructor without parameters",
          missing);
    }
  }

  private Set<String> names() {
    Set<String> names = new TreeSet<>(byName.keySet());
    names.addAll(owningThreads.keySet());
    return names;
  }
}
