package io.heartbus.protocol;

import org.jspecify.annotations.Nullable;

/** Bodies to records, one method per layout of SPEC §2. The way back is {@link FrameWriter}. */
final class FrameDecoder {
  private FrameDecoder() {}

  /** Decodes a whole body that {@code sender} sent; what breaks SPEC throws. */
  static Frame decode(FrameType type, Role sender, Body body) throws ProtocolException {
    Frame frame =
        switch (type) {
          case HEARTBEAT_REQ -> heartbeatRequest(body);
          case HEARTBEAT_RES -> heartbeatResponse(body);
          case DATA -> data(body);
          case PING -> new Frame.Ping(opaque(body));
          case PONG -> new Frame.Pong(opaque(body));
          case REGISTER ->
              sender == Role.NODE ? RegisterCodec.request(body) : RegisterCodec.answer(body);
          case UNREGISTER -> new Frame.Unregister(body.remaining() == 0 ? 0 : body.u16());
          case ERROR -> fault(body);
          case CHANNEL_OPEN -> channelOpen(body);
          case CHANNEL_ACCEPT -> new Frame.ChannelAccept(body.u32(), body.u32());
          case CHANNEL_CLOSE -> new Frame.ChannelClose(body.u32(), body.u16());
          case CREDIT -> new Frame.Credit(body.u32(), body.u32());
          case GOAWAY -> goAway(body);
          case ACK -> new Frame.Ack(body.u32(), body.u64());
        };
    body.end();
    return frame;
  }

  private static Frame heartbeatRequest(Body body) throws ProtocolException {
    if (body.remaining() == 0) {
      return Frame.HeartbeatRequest.PLAIN;
    }
    return new Frame.HeartbeatRequest(stats(body));
  }

  private static Frame heartbeatResponse(Body body) throws ProtocolException {
    if (body.remaining() == 0) {
      return Frame.HeartbeatResponse.PLAIN;
    }
    Frame.Stats echo = stats(body);
    return new Frame.HeartbeatResponse(echo, body.remaining() == 0 ? null : pace(body));
  }

  private static Frame.Stats stats(Body body) throws ProtocolException {
    return new Frame.Stats(body.u32(), body.u32());
  }

  static Frame.Pace pace(Body body) throws ProtocolException {
    return new Frame.Pace(body.u32(), body.u32());
  }

  private static Frame data(Body body) throws ProtocolException {
    long channel = body.u32();
    int flags = body.u8();
    long seq = (flags & Wire.DATA_SEQUENCED) == 0 ? 0 : body.u64();
    return new Frame.Data(channel, flags, seq, body.rest());
  }

  private static @Nullable Long opaque(Body body) throws ProtocolException {
    return body.remaining() == 0 ? null : body.u64();
  }

  private static Frame fault(Body body) throws ProtocolException {
    int code = body.u16();
    int scope = body.u8();
    body.u8();
    long channel = body.u32();
    long retryAfterMs = body.u32();
    int messageBytes = body.u16();
    if (messageBytes > Wire.ERROR_MESSAGE_BYTES_MAX) {
      throw new ProtocolException(ErrorCode.FRAME_SIZE, "an ERROR message over 512 bytes");
    }
    byte[] message = body.bytes(messageBytes);
    return new Frame.Fault(code, scope(scope), channel, retryAfterMs, printable(message));
  }

  private static Frame.Scope scope(int code) throws ProtocolException {
    for (Frame.Scope scope : Frame.Scope.values()) {
      if (scope.code() == code) {
        return scope;
      }
    }
    throw new ProtocolException(ErrorCode.PROTOCOL_ERROR, "ERROR scope " + code);
  }

  /** Text from a peer is for people only: what is malformed becomes an escape, never an error. */
  private static String printable(byte[] bytes) {
    String text = Utf8.decode(bytes);
    if (text != null) {
      return text;
    }
    StringBuilder escaped = new StringBuilder();
    for (byte b : bytes) {
      escaped.append(b >= ' ' && b < 0x7F ? String.valueOf((char) b) : String.format("\\x%02X", b));
    }
    return escaped.toString();
  }

  private static Frame channelOpen(Body body) throws ProtocolException {
    long channel = body.u32();
    long initialCredit = body.u32();
    int flags = body.u8();
    byte[] name = body.bytes(body.u8());
    return new Frame.ChannelOpen(channel, initialCredit, flags, NodeId.decodeChannelName(name));
  }

  private static Frame goAway(Body body) throws ProtocolException {
    int code = body.u16();
    body.u16();
    long lastChannel = body.u32();
    long retryAfterMs = body.u32();
    long jitterMs = body.u32();
    long drainMs = body.u32();
    byte[] redirect = body.bytes(body.u8());
    return new Frame.GoAway(
        code, lastChannel, retryAfterMs, jitterMs, drainMs, printable(redirect));
  }
}
