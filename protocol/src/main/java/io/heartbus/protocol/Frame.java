package io.heartbus.protocol;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message of HBP/2: a record per layout of SPEC §2. Immutable by convention: nobody writes to
 * an array once it is in a frame. Unsigned 32-bit fields are longs.
 */
public sealed interface Frame {
  /** The type byte of this frame's header. */
  FrameType type();

  /** What a node reports with a beat (capability HB_STATS), and what the answer echoes. */
  record Stats(long seq, long lastRttMicros) {}

  /** The interval and timeout that a node has to keep, in milliseconds. */
  record Pace(long intervalMs, long timeoutMs) {}

  /** A beat. */
  record HeartbeatRequest(@Nullable Stats stats) implements Frame {
    public static final HeartbeatRequest PLAIN = new HeartbeatRequest(null);

    @Override
    public FrameType type() {
      return FrameType.HEARTBEAT_REQ;
    }
  }

  /** The answer to a beat; {@code retune} binds from the next beat on. */
  record HeartbeatResponse(@Nullable Stats echo, @Nullable Pace retune) implements Frame {
    public static final HeartbeatResponse PLAIN = new HeartbeatResponse(null, null);

    @Override
    public FrameType type() {
      return FrameType.HEARTBEAT_RES;
    }
  }

  /** A message, or a fragment of one, on a channel. {@code seq} counts only with the SEQ flag. */
  @SuppressWarnings("ArrayRecordComponent") // equals compares contents; copies would cost
  record Data(long channel, int flags, long seq, byte[] payload) implements Frame {
    public static Data of(long channel, int flags, byte[] payload) {
      return new Data(channel, flags, 0, payload);
    }

    public boolean end() {
      return (flags & Wire.DATA_END) != 0;
    }

    /** Whether the message goes on in the next DATA; END overrides MORE. */
    public boolean more() {
      return (flags & (Wire.DATA_MORE | Wire.DATA_END)) == Wire.DATA_MORE;
    }

    public boolean sequenced() {
      return (flags & Wire.DATA_SEQUENCED) != 0;
    }

    @Override
    public FrameType type() {
      return FrameType.DATA;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Data that
          && channel == that.channel
          && flags == that.flags
          && seq == that.seq
          && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
      return Long.hashCode(channel) * 31 + Arrays.hashCode(payload);
    }
  }

  /** A probe; the answer echoes the 8 opaque bytes, if there are any. */
  record Ping(@Nullable Long opaque) implements Frame {
    @Override
    public FrameType type() {
      return FrameType.PING;
    }
  }

  /** The answer to a probe. */
  record Pong(@Nullable Long opaque) implements Frame {
    @Override
    public FrameType type() {
      return FrameType.PONG;
    }
  }

  /**
   * A node asks to be let in. {@code nodeId} and {@code auth} are as sent; an interval or timeout
   * of 0 leaves the choice to the server.
   */
  @SuppressWarnings("ArrayRecordComponent") // equals compares contents; copies would cost
  record Register(
      int versionMax,
      int versionMin,
      int flags,
      int capabilities,
      Pace asked,
      long initialCredit,
      long frameBytesMax,
      long instance,
      long connectionSeq,
      String nodeId,
      byte[] auth,
      Attributes attributes)
      implements Frame {
    @Override
    public FrameType type() {
      return FrameType.REGISTER;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Register that
          && versionMax == that.versionMax
          && versionMin == that.versionMin
          && flags == that.flags
          && capabilities == that.capabilities
          && asked.equals(that.asked)
          && initialCredit == that.initialCredit
          && frameBytesMax == that.frameBytesMax
          && instance == that.instance
          && connectionSeq == that.connectionSeq
          && nodeId.equals(that.nodeId)
          && Arrays.equals(auth, that.auth)
          && attributes.equals(that.attributes);
    }

    @Override
    public int hashCode() {
      return nodeId.hashCode() * 31 + Long.hashCode(instance + connectionSeq);
    }

    /** Without the secret. */
    @Override
    public String toString() {
      return "Register[nodeId=" + nodeId + ", asked=" + asked + ", attributes=" + attributes + "]";
    }
  }

  /**
   * The TLVs of REGISTER that this version knows. A value that was not sent is null, or empty for
   * the metadata.
   */
  record Attributes(
      Map<String, String> metadata,
      @Nullable String group,
      @Nullable Long lastEpoch,
      @Nullable Long offlineDelaySeconds) {
    public static final Attributes NONE = new Attributes(Map.of(), null, null, null);
  }

  /** The server lets a node in, and says on what terms. */
  @SuppressWarnings("ArrayRecordComponent") // equals compares contents; copies would cost
  record Registered(
      int version,
      int flags,
      int heartbeatAckEvery,
      int capabilities,
      Pace pace,
      long heartbeatPhaseMs,
      long initialCredit,
      long frameBytesMax,
      long channelsMax,
      long defaultChannel,
      long connectionBudget,
      long epoch,
      byte[] sessionToken)
      implements Frame {
    @Override
    public FrameType type() {
      return FrameType.REGISTER;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Registered that
          && version == that.version
          && flags == that.flags
          && heartbeatAckEvery == that.heartbeatAckEvery
          && capabilities == that.capabilities
          && pace.equals(that.pace)
          && heartbeatPhaseMs == that.heartbeatPhaseMs
          && initialCredit == that.initialCredit
          && frameBytesMax == that.frameBytesMax
          && channelsMax == that.channelsMax
          && defaultChannel == that.defaultChannel
          && connectionBudget == that.connectionBudget
          && epoch == that.epoch
          && Arrays.equals(sessionToken, that.sessionToken);
    }

    @Override
    public int hashCode() {
      return Long.hashCode(epoch);
    }
  }

  /** A node leaves on purpose; the server echoes it. */
  record Unregister(int reason) implements Frame {
    @Override
    public FrameType type() {
      return FrameType.UNREGISTER;
    }
  }

  /** How much of a connection an ERROR ends. */
  enum Scope {
    CONNECTION(0),
    CHANNEL(1),
    ADVISORY(2);

    private final int code;

    Scope(int code) {
      this.code = code;
    }

    /** The byte on the wire. */
    int code() {
      return code;
    }
  }

  /** What went wrong. {@code code} may be one that {@link ErrorCode} does not list. */
  record Fault(int code, Scope scope, long channel, long retryAfterMs, String message)
      implements Frame {
    public ErrorCode error() {
      return ErrorCode.of(code);
    }

    @Override
    public FrameType type() {
      return FrameType.ERROR;
    }
  }

  /** Asks for a channel; {@code name} is null when the bytes sent are no legal name. */
  record ChannelOpen(long channel, long initialCredit, int flags, @Nullable String name)
      implements Frame {
    @Override
    public FrameType type() {
      return FrameType.CHANNEL_OPEN;
    }
  }

  /** Grants a channel that the peer opened. */
  record ChannelAccept(long channel, long initialCredit) implements Frame {
    @Override
    public FrameType type() {
      return FrameType.CHANNEL_ACCEPT;
    }
  }

  /** Half-closes a channel (code 0) or resets it. */
  record ChannelClose(long channel, int code) implements Frame {
    @Override
    public FrameType type() {
      return FrameType.CHANNEL_CLOSE;
    }
  }

  /** Lets the peer send so much more on a channel. */
  record Credit(long channel, long delta) implements Frame {
    @Override
    public FrameType type() {
      return FrameType.CREDIT;
    }
  }

  /** The sender is about to leave; come back after {@code retryAfterMs + U(0, jitterMs)}. */
  record GoAway(
      int code, long lastChannel, long retryAfterMs, long jitterMs, long drainMs, String redirect)
      implements Frame {
    @Override
    public FrameType type() {
      return FrameType.GOAWAY;
    }
  }

  /** Cumulative receipt on a RELIABLE channel. */
  record Ack(long channel, long seq) implements Frame {
    @Override
    public FrameType type() {
      return FrameType.ACK;
    }
  }
}
