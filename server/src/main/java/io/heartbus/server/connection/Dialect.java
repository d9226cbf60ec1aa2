package io.heartbus.server.connection;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.FrameReader;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.server.channel.ChannelSet;
import org.jspecify.annotations.Nullable;

/**
 * How the server talks with a peer: the handshake, then HBP/2, or HBP/1 when its REGISTER said so.
 * Only the connection's reader calls {@link #received}; the rest any thread may.
 */
sealed interface Dialect permits Handshake, Conversation {
  /** Acts on the reader's current frame. Does not block. */
  void received(Connection connection, FrameReader reader) throws ProtocolException;

  /** The last words to a peer. */
  byte[] farewell(ErrorCode code, String message, long retryAfterMs);

  /** What asks a peer for a sign of life; null when it would not understand. */
  byte @Nullable [] probe();

  /** What asks a peer to come back later; null when it would not understand. */
  byte @Nullable [] goAway(long retryAfterMs, long jitterMs, long drainMs);

  /** Whether the peer takes everything it reads at once for a single frame. */
  boolean oneFramePerWrite();

  /** The peer's channels; null while nothing was ever said on one. */
  @Nullable ChannelSet channels();

  /** The peer's channels, made if there were none; null before REGISTER. */
  @Nullable ChannelSet openChannels();
}
