package io.heartbus.server.node;

import java.util.Comparator;

/**
 * The order of ids as UTF-8 bytes. String.compareTo orders UTF-16 units instead, which differs
 * where characters beyond the basic plane meet those above the surrogates.
 */
final class IdOrder implements Comparator<String> {
  static final IdOrder BYTES = new IdOrder();

  private static final int SURROGATES = 0xD800;
  private static final int ABOVE_SURROGATES = 0xE000;

  private IdOrder() {}

  @Override
  public int compare(String left, String right) {
    int shared = Math.min(left.length(), right.length());
    for (int i = 0; i < shared; i++) {
      int difference = rank(left.charAt(i)) - rank(right.charAt(i));
      if (difference != 0) {
        return difference;
      }
    }
    return left.length() - right.length();
  }

  /** Moves the surrogates, which stand for code points over U+FFFF, behind all other units. */
  private static int rank(char unit) {
    if (unit < SURROGATES) {
      return unit;
    }
    return unit >= ABOVE_SURROGATES ? unit - 0x800 : unit + 0x2000;
  }
}
