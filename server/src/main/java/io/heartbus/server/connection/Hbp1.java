package io.heartbus.server.connection;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.FrameReader;
import io.heartbus.protocol.FrameType;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.protocol.Role;
import io.heartbus.protocol.Wire;
import io.heartbus.protocol.legacy.LegacyCodec;
import io.heartbus.protocol.legacy.LegacyError;
import io.heartbus.protocol.legacy.LegacyFrame;
import io.heartbus.server.node.Node;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A conversation with a registered node in HBP/1, the protocol of the PHP fleet: one channel, no
 * credit, and answers of its own to the same events.
 */
final class Hbp1 extends Conversation {
  private static final byte[] NOTHING = {};

  Hbp1(Connection connection, Node node) {
    super(connection, node);
  }

  @Override
  void unknownType() throws ProtocolException {
    throw new ProtocolException(ErrorCode.UNKNOWN_TYPE, "HBP/1 has no such type");
  }

  @Override
  void warnOfFlood(String message) {
    answer(LegacyFrame.Fault.of(LegacyError.RATE_LIMITED, message));
  }

  @Override
  void received(FrameType type, FrameReader reader) throws ProtocolException {
    switch (LegacyCodec.decode(type, Role.NODE, reader.body())) {
      case LegacyFrame.HeartbeatRequest beat -> {
        countControl();
        answer(new LegacyFrame.HeartbeatResponse(connection.context().wallMicros()));
      }
      case LegacyFrame.Data data -> received(data);
      case LegacyFrame.Ping() -> {
        countControl();
        answer(new LegacyFrame.Pong());
      }
      case LegacyFrame.Pong() -> {
        // That it came is all it says.
      }
      case LegacyFrame.Unregister() -> connection.end(CloseReason.LEFT, NOTHING);
      case LegacyFrame.Fault _ -> {
        // It will hang up, or not.
      }
      case LegacyFrame.Register _ -> throw outOfRole();
      case LegacyFrame.Registered _ -> throw outOfRole();
      case LegacyFrame.HeartbeatResponse _ -> throw outOfRole();
    }
  }

  private static ProtocolException outOfRole() {
    return new ProtocolException(ErrorCode.UNEXPECTED_FRAME, "not for a node to say now");
  }

  private void received(LegacyFrame.Data data) throws ProtocolException {
    if (data.channelId() != 0 && data.channelId() != Wire.DEFAULT_CHANNEL) {
      answer(LegacyFrame.Fault.of(LegacyError.MALFORMED, "there is only channel 1"));
      return;
    }
    byte[] payload = data.payload().getBytes(StandardCharsets.UTF_8);
    openChannels().frames().received(Frame.Data.of(Wire.DEFAULT_CHANNEL, 0, payload));
  }

  private void answer(LegacyFrame frame) {
    connection.send(frame.type(), LegacyCodec.encode(frame));
  }

  /**
   * Of what channels say, a legacy node understands that something was dropped, and nothing else.
   */
  @Override
  public void send(Frame frame) {
    if (frame instanceof Frame.Fault fault) {
      if (fault.scope() == Frame.Scope.CHANNEL) {
        // It has no other channel, and no way to open one.
        Thread.startVirtualThread(() -> connection.fail(fault.error(), fault.message()));
        return;
      }
      LegacyError error = LegacyError.of(fault.error());
      answer(LegacyFrame.Fault.of(error, fault.message()));
    }
  }

  @Override
  public boolean sendInOrder(Frame frame) {
    if (!(frame instanceof Frame.Data data)) {
      return true;
    }
    byte[] encoded = encode(data.channel(), data.payload());
    if (encoded == null) {
      connection.context().router().counts().dropped.increment();
      return true;
    }
    return connection.sendInOrder(FrameType.DATA, encoded);
  }

  @Override
  public boolean carries(byte[] message) {
    return encode(Wire.DEFAULT_CHANNEL, message) != null;
  }

  /** The message as a frame; null when it is no text, or too long for one. */
  private byte @Nullable [] encode(long channel, byte[] payload) {
    String text = text(payload);
    byte[] encoded = text == null ? null : LegacyCodec.encode(new LegacyFrame.Data(channel, text));
    int bytesMax = connection.context().settings().frameBytesMax();
    return encoded == null || encoded.length - Wire.HEADER_BYTES > bytesMax ? null : encoded;
  }

  private static @Nullable String text(byte[] payload) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
    } catch (CharacterCodingException notText) {
      return null;
    }
  }

  @Override
  public int peerCredit() {
    return 0;
  }

  @Override
  public int frameBytesMax() {
    return Integer.MAX_VALUE;
  }

  @Override
  public boolean takesOpens() {
    return false;
  }

  @Override
  public boolean credited() {
    return false;
  }

  @Override
  public byte[] farewell(ErrorCode code, String message, long retryAfterMs) {
    return encodeFarewell(code, message);
  }

  static byte[] encodeFarewell(ErrorCode code, String message) {
    return LegacyCodec.encode(LegacyFrame.Fault.of(LegacyError.of(code), message));
  }

  @Override
  public byte @Nullable [] probe() {
    return null;
  }

  @Override
  public byte @Nullable [] goAway(long retryAfterMs, long jitterMs, long drainMs) {
    return null;
  }

  @Override
  public boolean oneFramePerWrite() {
    return true;
  }
}
