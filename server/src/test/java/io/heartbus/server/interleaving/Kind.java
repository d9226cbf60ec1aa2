package io.heartbus.server.interleaving;

/** What serves a channel. */
enum Kind {
  ECHO,
  DISCARD,
  HOLD,
  TOPIC,
  GROUP,
  RELAY;

  /** By the name of a channel; the routes of every round are the same. */
  static Kind of(String name) {
    return switch (name) {
      case "echo" -> ECHO;
      case "hold" -> HOLD;
      case "discard", "default" -> DISCARD;
      default -> {
        if (name.startsWith("topic/")) {
          yield TOPIC;
        }
        yield name.startsWith("group/") ? GROUP : RELAY;
      }
    };
  }

  /** Whether the server ends its side when all that the node sent was handled. */
  boolean closesInTurn(boolean receives, boolean holds) {
    return switch (this) {
      case ECHO, DISCARD, RELAY -> true;
      case HOLD -> !holds;
      case TOPIC, GROUP -> !receives;
    };
  }
}
