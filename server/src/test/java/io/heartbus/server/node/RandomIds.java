package io.heartbus.server.node;

import java.util.SplittableRandom;

/** Ids that are likely to share beginnings, of characters from all over Unicode. */
final class RandomIds {
  private static final int[] ALPHABET = {
    'a', 'b', '/', 0xE9, 0x20AC, 0xD7FF, 0xE000, 0xFFFD, 0x10000, 0x1F600, 0x10FFFF
  };

  private RandomIds() {}

  static String next(SplittableRandom random) {
    StringBuilder id = new StringBuilder();
    int length = 1 + random.nextInt(4);
    for (int i = 0; i < length; i++) {
      id.appendCodePoint(ALPHABET[random.nextInt(ALPHABET.length)]);
    }
    return id.toString();
  }
}
