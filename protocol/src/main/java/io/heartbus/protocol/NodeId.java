package io.heartbus.protocol;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The rules for the identity of a node: 1 to 128 bytes of strict UTF-8 without control characters.
 * Channel names obey the same rules with their own length. Ids are plain strings everywhere else.
 */
public final class NodeId {
  private NodeId() {}

  /** The text of an id received as bytes, or null when the bytes are no legal id. */
  public static @Nullable String decode(byte[] bytes) {
    return decode(bytes, Wire.NODE_ID_BYTES_MAX);
  }

  /** Whether a node may call itself so. */
  public static boolean isLegal(String text) {
    return isLegal(text, Wire.NODE_ID_BYTES_MAX);
  }

  /** The text of a channel name received as bytes, or null when the bytes are no legal name. */
  public static @Nullable String decodeChannelName(byte[] bytes) {
    return decode(bytes, Wire.CHANNEL_NAME_BYTES_MAX);
  }

  /** Whether a channel may be called so. */
  public static boolean isLegalChannelName(String text) {
    return isLegal(text, Wire.CHANNEL_NAME_BYTES_MAX);
  }

  private static @Nullable String decode(byte[] bytes, int bytesMax) {
    if (bytes.length == 0 || bytes.length > bytesMax) {
      return null;
    }
    String text = Utf8.decode(bytes);
    return text == null || hasControlCharacter(text) ? null : text;
  }

  private static boolean isLegal(String text, int bytesMax) {
    if (text.isEmpty() || text.length() > bytesMax || hasControlCharacter(text)) {
      return false;
    }
    return Utf8.encodes(text) && text.getBytes(StandardCharsets.UTF_8).length <= bytesMax;
  }

  private static boolean hasControlCharacter(String text) {
    return text.chars().anyMatch(c -> Character.getType(c) == Character.CONTROL);
  }
}
