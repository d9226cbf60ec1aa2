package io.heartbus.server.channel;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.server.node.Node;

/**
 * What this room needs of a node's connection; the room of connections implements it, once for
 * HBP/2 and once for HBP/1. Any thread. Nothing blocks but {@link #flush}.
 */
public interface Carrier {
  /** Whose connection it is. */
  Node node();

  /**
   * Leaves a control frame to be written ahead of data. A peer that does not understand it is not
   * told.
   */
  void send(Frame frame);

  /**
   * Leaves a message, a part of one or an end to be written in order.
   *
   * @return false when there is no room; {@link ChannelSet#carrierHasRoom} is called when there is
   */
  boolean sendInOrder(Frame frame);

  /** Whether {@link #sendInOrder} would take something; if not, the set is told when it will. */
  boolean hasRoom();

  /** Writes what was left; blocks for as long as the peer does not read. */
  void flush();

  /** Has somebody else write what was left. */
  void flushSoon();

  /** Counts a reset or a refused open against the connection's budget. Any thread. */
  void countControl();

  /** Ends the connection. */
  void fail(ErrorCode code, String message);

  /** Counts a frame on a channel that is closed by now. */
  void countSkipped();

  /** Whether the server takes leave, and opens nothing new. */
  boolean draining();

  /** Whether the peer takes channels that the server opens. */
  boolean takesOpens();

  /** The sum of credit that the peer may hold. */
  int connectionBudgetBytes();

  /** What the peer grants on the channels it opens, and on the default one. */
  int peerCredit();

  /** The largest body of a frame that the peer reads. */
  int frameBytesMax();

  /** Whether the peer's version can say that message at all. */
  boolean carries(byte[] message);

  /** Whether credit flows; without it, queues are bounded by the number of messages. */
  boolean credited();
}
