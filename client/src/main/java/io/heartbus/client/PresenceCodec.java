package io.heartbus.client;

import io.heartbus.client.PresenceMessage.Gap;
import io.heartbus.client.PresenceMessage.Place;
import io.heartbus.client.PresenceMessage.Told;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * The JSON of the channel {@code presence}: writes the request, reads what the server answers. It
 * takes tokens and not Jackson's tree, which users of this library would inherit. Members that it
 * does not know are skipped. Reads one message at a time; one thread.
 */
final class PresenceCodec {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // A table of names that a server chooses would only grow.
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .build();

  /** These are what the message at hand has said so far. */
  private long seq;

  private @Nullable Instant time;
  private @Nullable String type;
  private @Nullable String node;
  private long session;
  private @Nullable String cause;
  private @Nullable String group;
  private long silenceMs;
  private @Nullable String detail;
  private @Nullable String epoch;
  private long after;
  private @Nullable Gap gap;

  /** The request of a watch. */
  static byte[] request(WatchOptions options) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
      out.writeStartObject();
      if (options.after() != WatchOptions.NOW) {
        out.writeNumberProperty("after", options.after());
      }
      if (options.epoch() != null) {
        out.writeStringProperty("epoch", options.epoch());
      }
      if (!options.types().isEmpty()) {
        out.writeArrayPropertyStart("type");
        options.types().forEach(out::writeString);
        out.writeEndArray();
      }
      if (options.group() != null) {
        out.writeStringProperty("group", options.group());
      }
      if (!options.prefix().isEmpty()) {
        out.writeStringProperty("prefix", options.prefix());
      }
      out.writeEndObject();
    }
    return bytes.toByteArray();
  }

  /**
   * Reads a message of the server.
   *
   * @throws IOException when it is none
   */
  PresenceMessage read(byte[] message) throws IOException {
    forget();
    try (JsonParser in = FACTORY.createParser(ObjectReadContext.empty(), message)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("no object");
      }
      for (String name = in.nextName(); name != null; name = in.nextName()) {
        in.nextToken();
        member(name, in);
      }
      return message();
    } catch (JacksonException | DateTimeException | IOException malformed) {
      throw new IOException("no message of a presence feed: " + malformed.getMessage(), malformed);
    }
  }

  private void forget() {
    seq = 0;
    time = null;
    type = null;
    node = null;
    session = 0;
    cause = null;
    group = null;
    silenceMs = -1;
    detail = null;
    epoch = null;
    after = 0;
    gap = null;
  }

  private void member(String name, JsonParser value) throws IOException {
    switch (name) {
      case "seq" -> seq = number(value, 0);
      case "time" -> time = time(value);
      case "type" -> type = text(value);
      case "node" -> node = text(value);
      case "session" -> session = number(value, 0);
      case "cause" -> cause = text(value);
      case "group" -> group = text(value);
      case "silenceMs" -> silenceMs = number(value, -1);
      case "detail" -> detail = text(value);
      case "epoch" -> epoch = text(value);
      case "after" -> after = number(value, 0);
      case "gap" -> gap = gap(value);
      default -> value.skipChildren();
    }
  }

  private PresenceMessage message() throws IOException {
    if (epoch != null) {
      return new Place(new WatchPosition(epoch, after), gap);
    }
    if (seq < 1 || time == null || type == null) {
      throw new IOException("neither an event nor a place");
    }
    return new Told(
        new PresenceEvent(seq, time, type, node, session, cause, group, silenceMs, detail));
  }

  private static @Nullable Gap gap(JsonParser in) throws IOException {
    if (in.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw new IOException("a gap is an object");
    }
    long from = 0;
    Long to = null;
    for (String name = in.nextName(); name != null; name = in.nextName()) {
      boolean isNull = in.nextToken() == JsonToken.VALUE_NULL;
      switch (name) {
        case "from" -> from = number(in, 0);
        case "to" -> to = isNull ? null : number(in, 0);
        default -> in.skipChildren();
      }
    }
    return new Gap(from, to);
  }

  private static @Nullable Instant time(JsonParser value) throws IOException {
    String text = text(value);
    return text == null ? null : Instant.parse(text);
  }

  private static @Nullable String text(JsonParser value) throws IOException {
    if (value.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    if (value.currentToken() != JsonToken.VALUE_STRING) {
      throw new IOException("a string is due");
    }
    return value.getString();
  }

  private static long number(JsonParser value, long none) throws IOException {
    if (value.currentToken() == JsonToken.VALUE_NULL) {
      return none;
    }
    if (value.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw new IOException("a whole number is due");
    }
    return value.getLongValue();
  }
}
