package io.heartbus.server.channel;

import io.heartbus.server.presence.EventFilter;
import io.heartbus.server.presence.EventFilters;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a watcher asks for with its first message. Pure.
 *
 * @param after behind which event to begin; null for now
 * @param epoch the log whose number that is; null for whichever the server has
 */
record PresenceRequest(@Nullable Long after, @Nullable String epoch, EventFilter filter) {
  private static final int BYTES_MAX = 16 * 1024;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * Reads a request.
   *
   * @throws IllegalArgumentException when it is none; the message says why, in words of our own
   */
  static PresenceRequest parse(byte[] message) {
    if (message.length > BYTES_MAX) {
      throw new IllegalArgumentException("a request has at most " + BYTES_MAX + " bytes");
    }
    Long after = null;
    String epoch = null;
    String type = null;
    String group = null;
    String prefix = null;
    for (Map.Entry<String, JsonNode> member : object(message).properties()) {
      String name = member.getKey();
      JsonNode value = member.getValue();
      switch (name) {
        case "after" -> after = number(name, value);
        case "epoch" -> epoch = text(name, value);
        case "type" -> type = value.isArray() ? list(name, value) : text(name, value);
        case "group" -> group = text(name, value);
        case "prefix" -> prefix = text(name, value);
        default ->
            throw new IllegalArgumentException(
                "a request has no members but after, epoch, type, group and prefix");
      }
    }
    return new PresenceRequest(after, epoch, EventFilters.parse(type, group, prefix));
  }

  private static JsonNode object(byte[] message) {
    try {
      JsonNode request = JSON.readTree(message);
      if (request.isObject()) {
        return request;
      }
    } catch (JacksonException malformed) {
      // Its message quotes the sender, and may be of any length.
    }
    throw new IllegalArgumentException("a request is one JSON object");
  }

  private static @Nullable Long number(String name, JsonNode value) {
    if (value.isNull()) {
      return null;
    }
    boolean fits = value.isIntegralNumber() && value.canConvertToLong();
    // There is one behind it.
    if (!fits || value.asLong() < 0 || value.asLong() == Long.MAX_VALUE) {
      throw new IllegalArgumentException(name + " must be a whole number from 0 to 2^63 - 2");
    }
    return value.asLong();
  }

  private static @Nullable String text(String name, JsonNode value) {
    if (value.isNull()) {
      return null;
    }
    if (!value.isString()) {
      throw new IllegalArgumentException(name + " must be a text");
    }
    return value.asString();
  }

  private static String list(String name, JsonNode values) {
    StringJoiner list = new StringJoiner(",");
    for (JsonNode value : values) {
      String text = text(name, value);
      if (text == null) {
        throw new IllegalArgumentException(name + " must be a text, or a list of texts");
      }
      list.add(text);
    }
    return list.toString();
  }
}
