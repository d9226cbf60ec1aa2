package io.heartbus.server.connection;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import io.heartbus.protocol.FrameLog;
import io.heartbus.protocol.FrameReader;
import io.heartbus.protocol.FrameType;
import io.heartbus.protocol.FrameWriter;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.protocol.Wire;
import io.heartbus.server.node.Node;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A conversation with a registered node in HBP/2: beats, probes, and the frames of channels. */
final class Hbp2 extends Conversation {
  private static final Logger LOG = LoggerFactory.getLogger(Hbp2.class);
  private static final byte[] PROBE = FrameWriter.encode(new Frame.Ping(null));
  private final int peerCredit;
  private final int frameBytesMax;
  private final boolean takesOpens;

  /**
   * The reader's own; ack-every is at most 255. A short, because an int would make every node's
   * object 8 bytes larger.
   */
  private short beatsUnanswered;

  Hbp2(Connection connection, Node node, Frame.Register register) {
    super(connection, node);
    this.peerCredit = (int) Math.min(register.initialCredit(), Wire.CREDIT_MAX);
    this.takesOpens = (register.capabilities() & Wire.CAPABILITY_SERVER_OPEN) != 0;
    this.frameBytesMax = (int) Math.min(register.frameBytesMax(), Wire.BODY_BYTES_MAX);
  }

  @Override
  void unknownType() {
    countSkipped();
  }

  @Override
  void warnOfFlood(String message) {
    send(new Frame.Fault(ErrorCode.FLOOD.code(), Frame.Scope.ADVISORY, 0, 0, message));
  }

  @Override
  void received(FrameType type, FrameReader reader) throws ProtocolException {
    Frame frame = reader.frame();
    if (LOG.isTraceEnabled()) {
      LOG.trace("{} {}", node.id(), FrameLog.received(frame));
    }
    handle(frame);
  }

  private void handle(Frame frame) throws ProtocolException {
    switch (frame) {
      case Frame.HeartbeatRequest(var stats) -> beat(stats);
      case Frame.Data data -> openChannels().frames().received(data);
      case Frame.Ping(var opaque) -> {
        countControl();
        send(new Frame.Pong(opaque));
      }
      case Frame.Pong _ -> {
        // That it came is all it says.
      }
      case Frame.Unregister unregister ->
          connection.end(CloseReason.LEFT, FrameWriter.encode(unregister));
      case Frame.Fault fault -> failed(fault);
      case Frame.ChannelOpen open -> openChannels().frames().received(open);
      case Frame.ChannelAccept accept -> openChannels().frames().received(accept);
      case Frame.ChannelClose close -> openChannels().frames().received(close);
      case Frame.Credit credit -> openChannels().frames().received(credit);
      case Frame.GoAway _ -> {
        // The node is about to leave; it will say so, or hang up.
      }
      case Frame.Ack _ -> {
        // Means nothing without RESUME.
      }
      case Frame.HeartbeatResponse _ -> throw outOfRole(frame);
      case Frame.Register _ -> throw outOfRole(frame);
      case Frame.Registered _ -> throw outOfRole(frame);
    }
  }

  private static ProtocolException outOfRole(Frame frame) {
    return new ProtocolException(ErrorCode.UNEXPECTED_FRAME, frame.type() + " from a node");
  }

  private void beat(Frame.@Nullable Stats stats) {
    countControl();
    if (stats != null && stats.lastRttMicros() != Wire.NO_ROUND_TRIP) {
      node.roundTrip((int) Math.min(stats.lastRttMicros(), Integer.MAX_VALUE));
      connection.context().counts().roundTrip.record(stats.lastRttMicros() * 1_000);
    }
    int ackEvery = connection.context().policy().ackEvery();
    Frame.Pace retune = node.tempo().beat();
    if (retune != null || (ackEvery > 0 && ++beatsUnanswered >= ackEvery)) {
      beatsUnanswered = 0;
      send(
          stats == null && retune == null
              ? Frame.HeartbeatResponse.PLAIN
              : new Frame.HeartbeatResponse(stats, retune));
    }
  }

  private void failed(Frame.Fault fault) throws ProtocolException {
    switch (fault.scope()) {
      case CHANNEL -> openChannels().frames().failed(fault);
      case CONNECTION, ADVISORY -> LOG.debug("{}: {}", connection, fault);
    }
  }

  @Override
  public void send(Frame frame) {
    if (frame instanceof Frame.Fault fault) {
      connection.context().counts().errors(fault.error()).increment();
    }
    connection.send(frame.type(), FrameWriter.encode(frame));
  }

  @Override
  public boolean sendInOrder(Frame frame) {
    return connection.sendInOrder(frame.type(), FrameWriter.encode(frame));
  }

  @Override
  public int peerCredit() {
    return peerCredit;
  }

  @Override
  public int frameBytesMax() {
    return frameBytesMax;
  }

  @Override
  public boolean takesOpens() {
    return takesOpens;
  }

  @Override
  public boolean carries(byte[] message) {
    return true;
  }

  @Override
  public boolean credited() {
    return true;
  }

  @Override
  public byte[] farewell(ErrorCode code, String message, long retryAfterMs) {
    return encodeFarewell(code, message, retryAfterMs);
  }

  static byte[] encodeFarewell(ErrorCode code, String message, long retryAfterMs) {
    return FrameWriter.encode(
        new Frame.Fault(code.code(), Frame.Scope.CONNECTION, 0, retryAfterMs, message));
  }

  @Override
  public byte[] probe() {
    return PROBE;
  }

  @Override
  public byte[] goAway(long retryAfterMs, long jitterMs, long drainMs) {
    return FrameWriter.encode(
        new Frame.GoAway(ErrorCode.DRAINING.code(), 0, retryAfterMs, jitterMs, drainMs, ""));
  }

  @Override
  public boolean oneFramePerWrite() {
    return false;
  }
}
