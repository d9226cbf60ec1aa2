package io.heartbus.client;

/**
 * What may be missing on a channel whose connection was lost.
 *
 * <ul>
 *   <li>Sent messages that the other side took for certain are in neither number. A message whose
 *       {@code send} had not returned is not lost: it is sent again from its first byte.
 *   <li>Messages that had come in whole stay readable.
 *   <li>What the other side sent after the connection broke, nobody can count.
 * </ul>
 *
 * @param messagesUnconfirmed messages whose {@code send} had returned and of which no credit tells
 *     that the other side took them: each may have arrived or not. An upper bound, because credit
 *     comes back in halves
 * @param incomingCut whether a part of an incoming message had come, and is dropped
 */
public record ChannelLoss(long messagesUnconfirmed, boolean incomingCut) {
  /** Whether nothing that this side knows of can be missing. */
  public boolean isNothing() {
    return messagesUnconfirmed == 0 && !incomingCut;
  }
}
