package io.heartbus.loadtest.compare;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A server that can be measured. */
enum Peer {
  HEARTBUS("heartbus"),
  MOSQUITTO("mosquitto"),
  NATS("nats"),
  C_ECHO("c-echo"),
  LOOM_ECHO("loom-echo");

  private final String text;

  Peer(String text) {
    this.text = text;
  }

  /** Its name, as the command line and the table have it. */
  String text() {
    return text;
  }

  /** A connection's side of the protocol that it speaks. */
  Conversation converse(Part part) {
    return switch (this) {
      case HEARTBUS -> new HeartbusConversation(part);
      case MOSQUITTO -> new MqttConversation(part);
      case NATS -> new NatsConversation(part);
      case C_ECHO, LOOM_ECHO -> new EchoConversation(part);
    };
  }

  /** Whether what one connection sends can reach another. */
  boolean fansOut() {
    return this != C_ECHO && this != LOOM_ECHO;
  }

  /** Whether it has a heap of Java. */
  boolean onJvm() {
    return this == HEARTBUS || this == LOOM_ECHO;
  }

  /** The one with that name, or null. */
  static @Nullable Peer of(String text) {
    return Arrays.stream(values()).filter(peer -> peer.text.equals(text)).findFirst().orElse(null);
  }
}
