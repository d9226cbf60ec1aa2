package io.heartbus.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The name at which a page ended, in characters that a URL takes as they are. Pure. */
final class Cursor {
  private Cursor() {}

  /** What to pass as {@code after} for the page behind that name. */
  static String of(String name) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(name.getBytes(StandardCharsets.UTF_8));
  }

  /** The name in such a text. */
  static String read(String cursor) throws Refusal {
    try {
      byte[] name = Base64.getUrlDecoder().decode(cursor);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString();
    } catch (IllegalArgumentException | CharacterCodingException notCursor) {
      throw Refusal.badRequest("after must be the next of an earlier page");
    }
  }
}
