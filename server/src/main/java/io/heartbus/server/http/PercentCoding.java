package io.heartbus.server.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Percent-encoded text, read strictly: what is not exactly UTF-8 is refused, never replaced. */
final class PercentCoding {
  private static final int ESCAPE_CHARACTERS = 3;
  private static final int HEX = 16;

  private PercentCoding() {}

  /** The text of a part of a path. */
  static String ofPath(String raw) throws Refusal {
    return decode(raw, false);
  }

  /** The text of a name or value in a query, where + is a blank. */
  static String ofQuery(String raw) throws Refusal {
    return decode(raw, true);
  }

  private static String decode(String raw, boolean plusIsBlank) throws Refusal {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
    int at = 0;
    while (at < raw.length()) {
      char c = raw.charAt(at);
      if (c == '%') {
        bytes.write(escaped(raw, at));
        at += ESCAPE_CHARACTERS;
      } else {
        // A URI that got here may hold characters beyond ASCII, bare.
        int next = raw.offsetByCodePoints(at, 1);
        String bare = c == '+' && plusIsBlank ? " " : raw.substring(at, next);
        bytes.writeBytes(bare.getBytes(StandardCharsets.UTF_8));
        at = next;
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException notUtf8) {
      throw Refusal.badRequest("not UTF-8 when decoded: " + raw);
    }
  }

  private static int escaped(String raw, int at) throws Refusal {
    if (at + ESCAPE_CHARACTERS <= raw.length()) {
      int high = Character.digit(raw.charAt(at + 1), HEX);
      int low = Character.digit(raw.charAt(at + 2), HEX);
      if (high >= 0 && low >= 0) {
        return high * HEX + low;
      }
    }
    throw Refusal.badRequest("% without two hex digits: " + raw);
  }
}
