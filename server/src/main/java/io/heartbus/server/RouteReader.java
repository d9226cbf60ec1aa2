package io.heartbus.server;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.heartbus.protocol.NodeId;
import io.heartbus.server.channel.Overflow;
import io.heartbus.server.channel.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.lang.model.SourceVersion;

/**
 * Reads {@code channel.routes}. Whether a class of that name exists is for the routes to find out.
 */
final class RouteReader {
  private static final String KEY = "channel.routes";
  private static final int QUEUE_MESSAGES_MAX = 1_000_000;
  private static final String TOPIC = "topic";

  private static final Set<String> BUILT_IN =
      new TreeSet<>(Set.of("discard", "echo", "group", "hold", "node", "presence", TOPIC));

  private static final Map<String, Overflow> OVERFLOWS =
      Map.of(
          "block", Overflow.BLOCK,
          "drop-oldest", Overflow.DROP_OLDEST,
          "drop-newest", Overflow.DROP_NEWEST,
          "latest", Overflow.LATEST,
          "disconnect", Overflow.DISCONNECT);

  private static final ConfigObject KNOWN =
      ConfigFactory.parseString("match: 0, handler: 0, queue-size: 0, overflow: 0, max-message: 0")
          .root();

  private final StrictConfig config;
  private final int queueMessagesMax;
  private final int messageBytesMax;

  /** The bounds are those of a route that sets none of its own; its messages may not be larger. */
  RouteReader(StrictConfig config, int queueMessagesMax, int messageBytesMax) {
    this.config = config;
    this.queueMessagesMax = queueMessagesMax;
    this.messageBytesMax = messageBytesMax;
  }

  List<Route> read() {
    List<Route> routes = new ArrayList<>();
    int index = 0;
    for (ConfigValue element : config.list(KEY)) {
      routes.add(route(config.element(KEY, index++, element)));
    }
    return List.copyOf(routes);
  }

  private Route route(StrictConfig element) {
    element.refuseUnknown(KNOWN);
    String match =
        element.text("match", "must be a text: a channel name, in which * is any characters");
    if (!NodeId.isLegalChannelName(match)) {
      throw element.fault("match", "must be 1 to 255 bytes without control characters");
    }
    String handler = element.text("handler", handlers());
    if (!BUILT_IN.contains(handler) && !isClassName(handler)) {
      throw element.fault("handler", handlers());
    }
    Overflow usual = handler.equals(TOPIC) ? Overflow.DROP_OLDEST : Overflow.BLOCK;
    return new Route(
        match,
        handler,
        element.has("queue-size")
            ? element.count("queue-size", 1, QUEUE_MESSAGES_MAX)
            : queueMessagesMax,
        element.has("overflow") ? element.choice("overflow", OVERFLOWS) : usual,
        element.has("max-message")
            ? element.bytes("max-message", 1, messageBytesMax)
            : messageBytesMax);
  }

  private static String handlers() {
    return "must be " + String.join(", ", BUILT_IN) + ", or the full name of a class";
  }

  private static boolean isClassName(String handler) {
    return handler.indexOf('.') > 0 && SourceVersion.isName(handler);
  }
}
