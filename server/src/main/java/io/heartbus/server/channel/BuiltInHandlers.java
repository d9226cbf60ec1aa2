package io.heartbus.server.channel;

/** The handlers that need no more than a message and its channel. */
final class BuiltInHandlers {
  private static final MessageHandler ECHO = ServerChannel::reply;
  private static final MessageHandler DISCARD = (_, _) -> {};

  private BuiltInHandlers() {}

  /** The handler of a route. */
  static MessageHandler of(Route route) {
    return switch (route.handler()) {
      case "echo" -> ECHO;
      case "discard" -> DISCARD;
      default -> throw new IllegalArgumentException("no handler " + route.handler());
    };
  }
}
