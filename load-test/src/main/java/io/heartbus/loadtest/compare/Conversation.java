package io.heartbus.loadtest.compare;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What one connection says to a server and understands of what it answers, in one of the protocols
 * compared. Bytes: knows no socket. {@link #greet} and {@link #hear} belong to the thread that
 * reads, {@link #beat} and {@link #publish} to one that sends, which may be the same.
 */
sealed interface Conversation
    permits HeartbusConversation, MqttConversation, NatsConversation, EchoConversation {
  /** What came in. */
  enum Heard {
    /** Nothing whole: more bytes have to come. */
    FRAGMENT,
    /** Something that nobody waits for. */
    NOTE,
    /** The server has done all that the greeting asked for, once for each connection. */
    READY,
    /** The answer to a beat. */
    BEAT,
    /** A message. */
    MESSAGE
  }

  /** Writes what the connection says first. */
  void greet(ByteBuffer out);

  /**
   * Takes one whole thing from what came in, and writes what has to be answered.
   *
   * @throws IOException when the server complains or speaks another protocol
   */
  Heard hear(ByteBuffer in, ByteBuffer out) throws IOException;

  /** Writes what asks for a sign of life. */
  void beat(ByteBuffer out);

  /** Writes a message. Returns false, and writes nothing, when the server gave no credit for it. */
  boolean publish(ByteBuffer out);
}
