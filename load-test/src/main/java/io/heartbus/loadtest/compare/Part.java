package io.heartbus.loadtest.compare;

/**
 * What one connection is there for. Immutable.
 *
 * @param id a name that no other connection of the same server has, of letters, digits and hyphens
 * @param payloadBytes of each message; 0 when it sends none
 */
record Part(Kind kind, String id, int payloadBytes) {
  /** The part in the play. */
  enum Kind {
    /** Is there, and beats. */
    IDLE,
    /** Gets back every message that it sends, and nobody else's. */
    ECHO,
    /** Receives what is published. */
    MEMBER,
    /** Publishes to all members. */
    PUBLISHER
  }

  static Part idle(int place) {
    return new Part(Kind.IDLE, "node-" + place, 0);
  }

  static Part echo(int place, int payloadBytes) {
    return new Part(Kind.ECHO, "node-" + place, payloadBytes);
  }

  /** Place 0 publishes; all others are members. */
  static Part fanOut(int place, int payloadBytes) {
    return place == 0
        ? new Part(Kind.PUBLISHER, "node-0", payloadBytes)
        : new Part(Kind.MEMBER, "node-" + place, 0);
  }

  /** Whether it receives messages. */
  boolean receives() {
    return kind == Kind.ECHO || kind == Kind.MEMBER;
  }

  /** Where its messages go, in two steps: its own place, or the one that all members share. */
  String address(char separator) {
    return "compare" + separator + (kind == Kind.ECHO ? id : "all");
  }
}
