package io.heartbus.client;

import io.heartbus.protocol.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Hears what becomes of a client. All methods of one listener are called on one virtual thread, one
 * after the other, in the order in which things happened: {@code connected}, then one of {@code
 * sessionLost} and {@code sessionReplaced}, then {@code reconnecting} before every attempt, then
 * {@code connected} again with a {@code channelReopened} for each channel, and {@code closed} last
 * and once.
 *
 * <p>A listener may call the client and may be slow: it delays only later calls to itself. While
 * more than 1,024 events wait, further ones are dropped and counted, {@code closed} never. What it
 * throws is logged and changes nothing.
 */
public interface ClientListener {
  /** A session began. The first one is told while {@code connect} returns. */
  default void connected(Session session) {}

  /** The session ended without this side's wish; what follows is another attempt or the end. */
  default void sessionLost(Session session, IOException cause) {}

  /** Somebody else registered with this node's id; this client waits at least 30 s to come back. */
  default void sessionReplaced(Session session, RejectedException cause) {}

  /** The server is about to leave; requests under way may still finish. */
  default void serverLeaving(ErrorCode reason, Duration comeBackIn) {}

  /** The next attempt to connect starts after that time. */
  default void reconnecting(IOException cause, Duration delay) {}

  /**
   * A channel that lost its connection was opened again on this one; the loss says what may lack.
   */
  default void channelReopened(Channel channel, ChannelLoss loss) {}

  /**
   * A channel lost its connection and stays closed: half-closed, incoming, or the client gave up.
   */
  default void channelLost(Channel channel, ChannelLoss loss) {}

  /** The server says that it dropped so many messages for this slow receiver. */
  default void messagesDropped(String channel, long count) {}

  /** The server complains without doing anything about it. */
  default void advised(ErrorCode code, String message) {}

  /**
   * Nothing more will happen.
   *
   * @param cause what made the client give up, or null when it was closed on purpose
   */
  default void closed(@Nullable IOException cause) {}
}
