package io.heartbus.protocol.legacy;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.ProtocolException;
import io.heartbus.protocol.Utf8;
import io.heartbus.protocol.Wire;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * JSON objects, read strictly and written the way PHP's {@code json_encode} writes them. It reads
 * tokens and builds no tree, so that a value can be kept exactly as it was sent. Stateless.
 */
final class JsonText {
  private static final int NESTING_MAX = 64;
  private static final int NUMBER_CHARACTERS_MAX = 100;

  /**
   * Buffers kept for the next use; one per processor is in use at a time, as nothing here blocks.
   */
  private static final int RECYCLED_BUFFERS_MAX = 64;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // Not the pool per thread: virtual threads are many and live short.
          .recyclerPool(JsonRecyclerPools.newBoundedPool(RECYCLED_BUFFERS_MAX))
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(NESTING_MAX)
                  .maxNumberLength(NUMBER_CHARACTERS_MAX)
                  .maxNameLength(Wire.REGISTER_BODY_BYTES_MAX)
                  .maxStringLength(Wire.BODY_BYTES_MAX)
                  .maxDocumentLength(Wire.BODY_BYTES_MAX)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // A table of names that strangers choose would only grow.
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII, JsonWriteFeature.ESCAPE_FORWARD_SLASHES)
          .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
          .build();

  /** Takes one member of an object, and leaves the parser on the last token of its value. */
  @FunctionalInterface
  interface Member {
    void read(String name, JsonParser value) throws ProtocolException;
  }

  private JsonText() {}

  /**
   * Walks the members of the one object that {@code json} has to be.
   *
   * @throws ProtocolException PROTOCOL_ERROR when it is anything else
   */
  static void readObject(String json, Member member) throws ProtocolException {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
      require(parser.nextToken() == JsonToken.START_OBJECT, "no object");
      readMembers(parser, member);
      require(parser.nextToken() == null, "more than one object");
    } catch (JacksonException malformed) {
      // Its message quotes the sender, and may be of any length.
      throw malformed("not as JSON is written");
    }
  }

  /** Walks the members of the object that the parser has just entered. */
  static void readMembers(JsonParser parser, Member member) throws ProtocolException {
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      require(Utf8.encodes(name), "half a character");
      parser.nextToken();
      member.read(name, parser);
    }
  }

  /** The string at hand; null when it is JSON's null. */
  static @Nullable String string(JsonParser value) throws ProtocolException {
    if (value.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    require(value.currentToken() == JsonToken.VALUE_STRING, "a string is due");
    String text = value.getString();
    require(Utf8.encodes(text), "half a character");
    return text;
  }

  /** The integer at hand; 0 when it is JSON's null. */
  static long integer(JsonParser value) throws ProtocolException {
    if (value.currentToken() == JsonToken.VALUE_NULL) {
      return 0;
    }
    require(value.currentToken() == JsonToken.VALUE_NUMBER_INT, "an integer is due");
    return value.getLongValue();
  }

  /** The seconds at hand in microseconds; 0 when they are JSON's null. */
  static long micros(JsonParser value) throws ProtocolException {
    if (value.currentToken() == JsonToken.VALUE_NULL) {
      return 0;
    }
    require(value.currentToken().isNumeric(), "a time is due");
    return Math.round(value.getDoubleValue() * 1e6);
  }

  /** The value at hand as it stands in the source that the parser reads. */
  static String raw(JsonParser value, String source) {
    int from = (int) value.currentTokenLocation().getCharOffset();
    value.skipChildren();
    value.finishToken();
    return source.substring(from, (int) value.currentLocation().getCharOffset());
  }

  /** An object as text, in ASCII only: what is beyond that is escaped, as PHP does by default. */
  static String object(Consumer<JsonGenerator> members) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      out.writeStartObject();
      members.accept(out);
      out.writeEndObject();
    }
    return text.toString();
  }

  /** Writes a time as PHP writes a float: without an exponent and without closing zeros. */
  static void writeSeconds(JsonGenerator out, String name, long micros) {
    out.writeName(name);
    out.writeNumber(BigDecimal.valueOf(micros, 6).stripTrailingZeros().toPlainString());
  }

  static void require(boolean holds, String otherwise) throws ProtocolException {
    if (!holds) {
      throw malformed(otherwise);
    }
  }

  static ProtocolException malformed(String why) {
    return new ProtocolException(ErrorCode.PROTOCOL_ERROR, "HBP/1 body: " + why);
  }
}
