package io.heartbus.protocol;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Records to bytes: the way back of {@link FrameReader}. Stateless. */
public final class FrameWriter {
  private static final byte[] PLAIN_REQUEST = BodyBuilder.frame(FrameType.HEARTBEAT_REQ, 0).array();
  private static final byte[] PLAIN_RESPONSE =
      BodyBuilder.frame(FrameType.HEARTBEAT_RES, 0).array();

  private FrameWriter() {}

  /** Writes the frame with exactly one write, so that it leaves in as few packets as it can. */
  public static void write(OutputStream out, Frame frame) throws IOException {
    out.write(encode(frame));
  }

  /**
   * The frame's bytes, header and all. Not to be changed: frames without content share theirs.
   *
   * @throws IllegalArgumentException when a value does not fit its field
   */
  public static byte[] encode(Frame frame) {
    return switch (frame) {
      case Frame.HeartbeatRequest(var stats) -> stats == null ? PLAIN_REQUEST : beat(stats);
      case Frame.HeartbeatResponse(var echo, var retune) -> beatAnswer(echo, retune);
      case Frame.Data data -> data(data);
      case Frame.Ping(var opaque) -> probe(FrameType.PING, opaque);
      case Frame.Pong(var opaque) -> probe(FrameType.PONG, opaque);
      case Frame.Register register -> RegisterCodec.write(register);
      case Frame.Registered answer -> RegisterCodec.write(answer);
      case Frame.Unregister(var reason) ->
          reason == 0
              ? BodyBuilder.frame(FrameType.UNREGISTER, 0).array()
              : BodyBuilder.frame(FrameType.UNREGISTER, 2).u16(reason).array();
      case Frame.Fault fault -> fault(fault);
      case Frame.ChannelOpen open -> open(open);
      case Frame.ChannelAccept(var channel, var credit) ->
          BodyBuilder.frame(FrameType.CHANNEL_ACCEPT, 8).u32(channel).u32(credit).array();
      case Frame.ChannelClose(var channel, var code) ->
          BodyBuilder.frame(FrameType.CHANNEL_CLOSE, 6).u32(channel).u16(code).array();
      case Frame.Credit(var channel, var delta) ->
          BodyBuilder.frame(FrameType.CREDIT, 8).u32(channel).u32(delta).array();
      case Frame.GoAway goAway -> goAway(goAway);
      case Frame.Ack(var channel, var seq) ->
          BodyBuilder.frame(FrameType.ACK, 12).u32(channel).u64(seq).array();
    };
  }

  private static byte[] beat(Frame.Stats stats) {
    return put(BodyBuilder.frame(FrameType.HEARTBEAT_REQ, 8), stats).array();
  }

  private static byte[] beatAnswer(Frame.@Nullable Stats echo, Frame.@Nullable Pace retune) {
    if (retune == null) {
      return echo == null
          ? PLAIN_RESPONSE
          : put(BodyBuilder.frame(FrameType.HEARTBEAT_RES, 8), echo).array();
    }
    BodyBuilder out = BodyBuilder.frame(FrameType.HEARTBEAT_RES, 16);
    put(out, echo == null ? new Frame.Stats(0, 0) : echo);
    return out.u32(retune.intervalMs()).u32(retune.timeoutMs()).array();
  }

  private static BodyBuilder put(BodyBuilder out, Frame.Stats stats) {
    return out.u32(stats.seq()).u32(stats.lastRttMicros());
  }

  private static byte[] data(Frame.Data data) {
    byte[] payload = data.payload();
    BodyBuilder out =
        BodyBuilder.frame(FrameType.DATA, (data.sequenced() ? 13 : 5) + payload.length)
            .u32(data.channel())
            .u8(data.flags());
    if (data.sequenced()) {
      out.u64(data.seq());
    }
    return out.bytes(payload).array();
  }

  private static byte[] probe(FrameType type, @Nullable Long opaque) {
    return opaque == null
        ? BodyBuilder.frame(type, 0).array()
        : BodyBuilder.frame(type, 8).u64(opaque).array();
  }

  private static byte[] fault(Frame.Fault fault) {
    byte[] message = Utf8.prefix(fault.message(), Wire.ERROR_MESSAGE_BYTES_MAX);
    return BodyBuilder.frame(FrameType.ERROR, 14 + message.length)
        .u16(fault.code())
        .u8(fault.scope().code())
        .u8(0)
        .u32(fault.channel())
        .u32(fault.retryAfterMs())
        .u16(message.length)
        .bytes(message)
        .array();
  }

  private static byte[] open(Frame.ChannelOpen open) {
    String name = open.name();
    byte[] nameBytes = name == null ? new byte[0] : name.getBytes(StandardCharsets.UTF_8);
    return BodyBuilder.frame(FrameType.CHANNEL_OPEN, 10 + nameBytes.length)
        .u32(open.channel())
        .u32(open.initialCredit())
        .u8(open.flags())
        .u8(nameBytes.length)
        .bytes(nameBytes)
        .array();
  }

  private static byte[] goAway(Frame.GoAway goAway) {
    byte[] redirect = goAway.redirect().getBytes(StandardCharsets.UTF_8);
    return BodyBuilder.frame(FrameType.GOAWAY, 21 + redirect.length)
        .u16(goAway.code())
        .u16(0)
        .u32(goAway.lastChannel())
        .u32(goAway.retryAfterMs())
        .u32(goAway.jitterMs())
        .u32(goAway.drainMs())
        .u8(redirect.length)
        .bytes(redirect)
        .array();
  }
}
