package io.heartbus.loadtest.compare;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.FrameType;
import io.heartbus.protocol.FrameWriter;
import io.heartbus.protocol.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * HBP/2: REGISTER, then a channel to {@code echo} or to a topic. Sends no more than its credit, and
 * returns what it took. Beats are the shortest there are.
 */
final class HeartbusConversation implements Conversation {
  /** What the server may send before it is granted more. */
  static final int GRANT_BYTES = 1 << 20;

  private static final long CHANNEL = Wire.DEFAULT_CHANNEL + 2;
  private static final int FRAME_BYTES_MAX = 64 * 1024;

  /** Nobody is to be given up within a measurement, here or by another server. */
  private static final Frame.Pace PACE = new Frame.Pace(300_000, 900_000);

  private static final byte[] BEAT = FrameWriter.encode(new Frame.HeartbeatRequest(null));
  private static final int DATA_FIXED_BYTES = 5;

  private final Part part;
  private final byte[] message;

  /** The thread that reads adds, the one that sends takes. */
  private final AtomicLong creditBytes = new AtomicLong();

  /** What was received and not granted again. Belongs to the thread that reads. */
  private long takenBytes;

  HeartbusConversation(Part part) {
    this.part = part;
    this.message = FrameWriter.encode(Frame.Data.of(CHANNEL, 0, new byte[part.payloadBytes()]));
  }

  @Override
  public void greet(ByteBuffer out) {
    out.put(
        FrameWriter.encode(
            new Frame.Register(
                Wire.VERSION,
                Wire.VERSION,
                0,
                Wire.CAPABILITY_CREDIT,
                PACE,
                Wire.REGISTER_BODY_BYTES_MAX,
                FRAME_BYTES_MAX,
                1,
                1,
                part.id(),
                new byte[0],
                Frame.Attributes.NONE)));
  }

  @Override
  public Heard hear(ByteBuffer in, ByteBuffer out) throws IOException {
    int start = in.position();
    if (in.remaining() < Wire.HEADER_BYTES) {
      return Heard.FRAGMENT;
    }
    int bodyBytes = in.getInt(start + 3);
    FrameType type = FrameType.of(in.get(start + 2));
    if (in.getShort(start) != (short) Wire.MAGIC
        || type == null
        || Integer.compareUnsigned(bodyBytes, FRAME_BYTES_MAX) > 0) {
      throw new IOException("the server does not speak HBP/2");
    }
    if (in.remaining() < Wire.HEADER_BYTES + bodyBytes) {
      return Heard.FRAGMENT;
    }
    in.position(start + Wire.HEADER_BYTES + bodyBytes);
    return frame(type, in.slice(start + Wire.HEADER_BYTES, bodyBytes), out);
  }

  private Heard frame(FrameType type, ByteBuffer body, ByteBuffer out) throws IOException {
    return switch (type) {
      case HEARTBEAT_RES -> Heard.BEAT;
      case DATA -> data(body, out);
      case REGISTER -> registered(out);
      case CHANNEL_ACCEPT -> {
        creditBytes.set(body.getInt(4));
        yield Heard.READY;
      }
      case CREDIT -> {
        creditBytes.addAndGet(body.getInt(4));
        yield Heard.NOTE;
      }
      case PING -> {
        out.put(FrameWriter.encode(new Frame.Pong(body.hasRemaining() ? body.getLong() : null)));
        yield Heard.NOTE;
      }
      case ERROR -> {
        ErrorCode code = ErrorCode.of(Short.toUnsignedInt(body.getShort()));
        throw new IOException("the server says ERROR " + code);
      }
      case HEARTBEAT_REQ, PONG, UNREGISTER, CHANNEL_OPEN, CHANNEL_CLOSE, GOAWAY, ACK ->
          throw new IOException("the server says " + type);
    };
  }

  private Heard registered(ByteBuffer out) {
    String name =
        switch (part.kind()) {
          case IDLE -> null;
          case ECHO -> "echo";
          case MEMBER, PUBLISHER -> "topic/" + part.address('/');
        };
    if (name == null) {
      return Heard.READY;
    }
    int granted = part.receives() ? GRANT_BYTES : 0;
    out.put(FrameWriter.encode(new Frame.ChannelOpen(CHANNEL, granted, 0, name)));
    return Heard.NOTE;
  }

  private Heard data(ByteBuffer body, ByteBuffer out) {
    takenBytes += body.remaining() - DATA_FIXED_BYTES + Wire.DATA_COST_BYTES;
    if (takenBytes >= GRANT_BYTES / 2) {
      out.put(FrameWriter.encode(new Frame.Credit(CHANNEL, takenBytes)));
      takenBytes = 0;
    }
    return (body.get(4) & Wire.DATA_MORE) == 0 ? Heard.MESSAGE : Heard.NOTE;
  }

  @Override
  public void beat(ByteBuffer out) {
    out.put(BEAT);
  }

  @Override
  public boolean publish(ByteBuffer out) {
    int costBytes = part.payloadBytes() + Wire.DATA_COST_BYTES;
    if (creditBytes.get() < costBytes) {
      return false;
    }
    creditBytes.addAndGet(-costBytes);
    out.put(message);
    return true;
  }
}
