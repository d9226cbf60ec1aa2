package io.heartbus.protocol.legacy;

import io.heartbus.protocol.FrameType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message of HBP/1: a record per layout of SPEC §7. Immutable. Times are microseconds since
 * 1970, 0 where the peer sent none; they inform and decide nothing.
 */
public sealed interface LegacyFrame {
  /** The type byte of this frame's header. */
  FrameType type();

  /**
   * A node asks to be let in. Without a {@code nodeId} the server makes one. {@code metadata} has
   * strings as they were sent and every other value as its JSON text; {@code token} is the metadata
   * of that name, which is a secret and therefore kept apart.
   */
  record Register(
      @Nullable String nodeId,
      Map<String, String> metadata,
      @Nullable String token,
      long timestampMicros)
      implements LegacyFrame {
    public Register {
      metadata = Map.copyOf(metadata);
      if (metadata.containsKey(LegacyCodec.TOKEN)) {
        throw new IllegalArgumentException("the token is no metadata");
      }
    }

    /** The group label, which a legacy node gives as metadata; null when it gave none. */
    public @Nullable String group() {
      return metadata.get(LegacyCodec.GROUP);
    }

    @Override
    public FrameType type() {
      return FrameType.REGISTER;
    }

    /** Without the secret. */
    @Override
    public String toString() {
      return "Register[nodeId=" + nodeId + ", metadata=" + metadata + "]";
    }
  }

  /** The server lets a node in. */
  record Registered(String nodeId, long channelId, long serverTimeMicros) implements LegacyFrame {
    @Override
    public FrameType type() {
      return FrameType.REGISTER;
    }
  }

  /** A beat. */
  record HeartbeatRequest(long timestampMicros) implements LegacyFrame {
    @Override
    public FrameType type() {
      return FrameType.HEARTBEAT_REQ;
    }
  }

  /** The answer to a beat. */
  record HeartbeatResponse(long timestampMicros) implements LegacyFrame {
    @Override
    public FrameType type() {
      return FrameType.HEARTBEAT_RES;
    }
  }

  /** A message, always whole and always text. */
  record Data(long channelId, String payload) implements LegacyFrame {
    @Override
    public FrameType type() {
      return FrameType.DATA;
    }
  }

  /** A probe. */
  record Ping() implements LegacyFrame {
    @Override
    public FrameType type() {
      return FrameType.PING;
    }
  }

  /** The answer to a probe. */
  record Pong() implements LegacyFrame {
    @Override
    public FrameType type() {
      return FrameType.PONG;
    }
  }

  /** A node leaves on purpose. */
  record Unregister() implements LegacyFrame {
    @Override
    public FrameType type() {
      return FrameType.UNREGISTER;
    }
  }

  /** What went wrong. {@code code} may be one that {@link LegacyError} does not list. */
  record Fault(String message, int code) implements LegacyFrame {
    public static Fault of(LegacyError error, String message) {
      return new Fault(message, error.code());
    }

    @Override
    public FrameType type() {
      return FrameType.ERROR;
    }
  }
}
