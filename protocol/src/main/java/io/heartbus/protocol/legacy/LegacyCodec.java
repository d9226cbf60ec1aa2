package io.heartbus.protocol.legacy;

import io.heartbus.protocol.FrameType;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.protocol.Role;
import io.heartbus.protocol.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/**
 * Bodies of HBP/1 to records and records to frames, for both ends. Stateless.
 *
 * <p>Every body is {@code {"channel_id": int, "payload": string}}, and most payloads are JSON
 * again. The syntax is strict: one object of valid UTF-8, no key twice, nothing behind it. What is
 * in it is taken as the PHP library takes it: a member that is absent or null has its default (0,
 * "" or none), an empty payload says as much as {@code {}}, unknown members are skipped, and
 * metadata may be a list, whose keys are then its indices.
 */
public final class LegacyCodec {
  static final String TOKEN = "token";
  static final String GROUP = "group";
  static final String CHANNEL_ID = "channel_id";
  static final String PAYLOAD = "payload";
  static final String NODE_ID = "node_id";
  static final String METADATA = "metadata";
  static final String TIMESTAMP = "timestamp";
  static final String STATUS = "status";
  static final String SERVER_TIME = "server_time";
  static final String MESSAGE = "message";
  static final String CODE = "code";

  private LegacyCodec() {}

  /**
   * Decodes a whole body that {@code sender} sent.
   *
   * @throws ProtocolException when it is no HBP/1; {@link LegacyError#of} gives the number to
   *     answer
   */
  public static LegacyFrame decode(FrameType type, Role sender, byte[] body)
      throws ProtocolException {
    return LegacyDecoder.decode(type, sender, body);
  }

  /** The frame's bytes, header and all, as PHP would send them. */
  public static byte[] encode(LegacyFrame frame) {
    long channelId = frame instanceof LegacyFrame.Data data ? data.channelId() : 0;
    String payload = payload(frame);
    String body =
        JsonText.object(out -> {
          out.writeNumberProperty(CHANNEL_ID, channelId);
          out.writeStringProperty(PAYLOAD, payload);
        });
    return ByteBuffer.allocate(Wire.HEADER_BYTES + body.length())
        .putShort((short) Wire.MAGIC)
        .put((byte) frame.type().code())
        .putInt(body.length())
        .put(body.getBytes(StandardCharsets.US_ASCII))
        .array();
  }

  private static String payload(LegacyFrame frame) {
    return switch (frame) {
      case LegacyFrame.Register register -> request(register);
      case LegacyFrame.Registered answer -> answer(answer);
      case LegacyFrame.HeartbeatRequest(var micros) -> beat(micros);
      case LegacyFrame.HeartbeatResponse(var micros) -> beat(micros);
      case LegacyFrame.Data data -> data.payload();
      case LegacyFrame.Ping() -> "";
      case LegacyFrame.Pong() -> "";
      case LegacyFrame.Unregister() -> "";
      case LegacyFrame.Fault(var message, var code) ->
          JsonText.object(out -> {
            out.writeStringProperty(MESSAGE, message);
            out.writeNumberProperty(CODE, code);
          });
    };
  }

  private static String beat(long timestampMicros) {
    return JsonText.object(out -> JsonText.writeSeconds(out, TIMESTAMP, timestampMicros));
  }

  private static String request(LegacyFrame.Register register) {
    // Sorted, so that the same metadata gives the same bytes.
    Map<String, String> metadata = new TreeMap<>(register.metadata());
    if (register.token() != null) {
      metadata.put(TOKEN, register.token());
    }
    return JsonText.object(out -> {
      if (register.nodeId() != null) {
        out.writeStringProperty(NODE_ID, register.nodeId());
      }
      out.writeName(METADATA);
      writeMetadata(out, metadata);
      JsonText.writeSeconds(out, TIMESTAMP, register.timestampMicros());
    });
  }

  private static void writeMetadata(JsonGenerator out, Map<String, String> metadata) {
    if (metadata.isEmpty()) {
      // What an empty PHP array becomes.
      out.writeStartArray().writeEndArray();
      return;
    }
    out.writeStartObject();
    metadata.forEach(out::writeStringProperty);
    out.writeEndObject();
  }

  private static String answer(LegacyFrame.Registered answer) {
    return JsonText.object(out -> {
      out.writeStringProperty(NODE_ID, answer.nodeId());
      out.writeNumberProperty(CHANNEL_ID, answer.channelId());
      out.writeObjectPropertyStart(METADATA);
      out.writeNumberProperty(CHANNEL_ID, answer.channelId());
      out.writeStringProperty(STATUS, "ok");
      JsonText.writeSeconds(out, SERVER_TIME, answer.serverTimeMicros());
      out.writeEndObject();
      JsonText.writeSeconds(out, TIMESTAMP, answer.serverTimeMicros());
    });
  }
}
