package io.heartbus.protocol.legacy;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.FrameType;
import io.heartbus.protocol.NodeId;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.protocol.Role;
import io.heartbus.protocol.Utf8;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Bodies of HBP/1 to records: one reader per payload of SPEC §7. */
final class LegacyDecoder {
  private LegacyDecoder() {}

  static LegacyFrame decode(FrameType type, Role sender, byte[] body) throws ProtocolException {
    if (!type.sentBy(sender)) {
      throw new ProtocolException(ErrorCode.UNEXPECTED_FRAME, type + " from a " + sender);
    }
    Envelope envelope = new Envelope(body);
    String payload = envelope.payload;
    return switch (type) {
      case HEARTBEAT_REQ -> new LegacyFrame.HeartbeatRequest(new Beat(payload).timestampMicros);
      case HEARTBEAT_RES -> new LegacyFrame.HeartbeatResponse(new Beat(payload).timestampMicros);
      case DATA -> new LegacyFrame.Data(envelope.channelId, payload);
      case PING -> new LegacyFrame.Ping();
      case PONG -> new LegacyFrame.Pong();
      case REGISTER ->
          sender == Role.NODE ? new Request(payload).frame() : new Answer(payload).frame();
      case UNREGISTER -> new LegacyFrame.Unregister();
      case ERROR -> new Problem(payload).frame();
      case CHANNEL_OPEN, CHANNEL_ACCEPT, CHANNEL_CLOSE, CREDIT, GOAWAY, ACK ->
          throw new ProtocolException(ErrorCode.UNKNOWN_TYPE, "HBP/1 has no " + type);
    };
  }

  private static final class Envelope {
    private long channelId;
    private String payload = "";

    Envelope(byte[] body) throws ProtocolException {
      String json = Utf8.decode(body);
      if (json == null) {
        throw JsonText.malformed("not UTF-8");
      }
      JsonText.readObject(json, this::member);
    }

    private void member(String name, JsonParser value) throws ProtocolException {
      switch (name) {
        case LegacyCodec.CHANNEL_ID -> channelId = JsonText.integer(value);
        case LegacyCodec.PAYLOAD -> payload = orEmpty(JsonText.string(value));
        default -> value.skipChildren();
      }
    }
  }

  private static final class Beat {
    private long timestampMicros;

    Beat(String payload) throws ProtocolException {
      readPayload(payload, this::member);
    }

    private void member(String name, JsonParser value) throws ProtocolException {
      switch (name) {
        case LegacyCodec.TIMESTAMP -> timestampMicros = JsonText.micros(value);
        default -> value.skipChildren();
      }
    }
  }

  private static final class Request {
    private final String payload;
    private final Map<String, String> metadata = new HashMap<>();
    private @Nullable String nodeId;
    private long timestampMicros;

    Request(String payload) throws ProtocolException {
      this.payload = payload;
      readPayload(payload, this::member);
    }

    private void member(String name, JsonParser value) throws ProtocolException {
      switch (name) {
        case LegacyCodec.NODE_ID -> nodeId = JsonText.string(value);
        case LegacyCodec.METADATA -> metadata(value);
        case LegacyCodec.TIMESTAMP -> timestampMicros = JsonText.micros(value);
        default -> value.skipChildren();
      }
    }

    private void metadata(JsonParser value) throws ProtocolException {
      switch (value.currentToken()) {
        case VALUE_NULL -> {
          // As good as absent.
        }
        case START_OBJECT -> JsonText.readMembers(value, this::entry);
        case START_ARRAY -> {
          for (int i = 0; value.nextToken() != JsonToken.END_ARRAY; i++) {
            entry(String.valueOf(i), value);
          }
        }
        default -> throw JsonText.malformed("metadata is an object");
      }
    }

    private void entry(String key, JsonParser value) throws ProtocolException {
      String text =
          value.currentToken() == JsonToken.VALUE_STRING
              ? orEmpty(JsonText.string(value))
              : JsonText.raw(value, payload);
      metadata.put(key, text);
    }

    LegacyFrame.Register frame() throws ProtocolException {
      if (nodeId != null && !NodeId.isLegal(nodeId)) {
        throw new ProtocolException(
            ErrorCode.NODE_ID_INVALID, "1 to 128 bytes of UTF-8 without control characters");
      }
      String token = metadata.remove(LegacyCodec.TOKEN);
      return new LegacyFrame.Register(nodeId, metadata, token, timestampMicros);
    }
  }

  private static final class Answer {
    private String nodeId = "";
    private long channelId;
    private long serverTimeMicros;

    Answer(String payload) throws ProtocolException {
      readPayload(payload, this::member);
    }

    private void member(String name, JsonParser value) throws ProtocolException {
      switch (name) {
        case LegacyCodec.NODE_ID -> nodeId = orEmpty(JsonText.string(value));
        case LegacyCodec.CHANNEL_ID -> channelId = JsonText.integer(value);
        // The PHP server says the channel here only.
        case LegacyCodec.METADATA -> {
          JsonText.require(value.currentToken() == JsonToken.START_OBJECT, "metadata is due");
          JsonText.readMembers(value, this::member);
        }
        case LegacyCodec.SERVER_TIME -> serverTimeMicros = JsonText.micros(value);
        default -> value.skipChildren();
      }
    }

    LegacyFrame.Registered frame() {
      return new LegacyFrame.Registered(nodeId, channelId, serverTimeMicros);
    }
  }

  private static final class Problem {
    private String message = "";
    private int code;

    Problem(String payload) throws ProtocolException {
      readPayload(payload, this::member);
    }

    private void member(String name, JsonParser value) throws ProtocolException {
      switch (name) {
        case LegacyCodec.MESSAGE -> message = orEmpty(JsonText.string(value));
        case LegacyCodec.CODE -> code = (int) JsonText.integer(value);
        default -> value.skipChildren();
      }
    }

    LegacyFrame.Fault frame() {
      return new LegacyFrame.Fault(message, code);
    }
  }

  private static void readPayload(String payload, JsonText.Member member) throws ProtocolException {
    if (!payload.isEmpty()) {
      JsonText.readObject(payload, member);
    }
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
