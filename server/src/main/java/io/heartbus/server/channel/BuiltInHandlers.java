package io.heartbus.server.channel;

import io.heartbus.server.node.NodeTable;
import java.util.Map;
import java.util.TreeMap;

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

  BuiltInHandlers(NodeTable nodes, Topics topics, ChannelCounts counts, BufferedBytes buffered) {
    byName.put("echo", ECHO);
    byName.put("discard", DISCARD);
    byName.put("hold", HOLD);
    byName.put("topic", topics);
    byName.put("group", new Groups(counts, buffered));
    byName.put("node", new NodeRelay(nodes));
  }

  /**
   * What a route names, be it built in or a class.
   *
   * @throws IllegalArgumentException when there is no such handler, with the reason
   */
  Binding bind(Route route) {
    MessageHandler builtIn = byName.get(route.handler());
    return builtIn == null
        ? Binding.of(route, application(route.handler()))
        : Binding.of(route, builtIn);
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
              + byName.keySet()
              + " nor a class on the class path with a public constructor without parameters",
          missing);
    }
  }
}
