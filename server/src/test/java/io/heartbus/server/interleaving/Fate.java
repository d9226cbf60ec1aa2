package io.heartbus.server.interleaving;

import java.util.HashSet;
import java.util.Set;

/** How the server may end one channel by itself, and whether it has to. */
final class Fate {
  private final Set<Integer> codes = new HashSet<>();
  private boolean sealed;
  private boolean told;

  /** The server has to end the channel, with that code or another that it may use. */
  void must(int code) {
    codes.add(code);
    sealed = true;
  }

  /** The server may end the channel with that code. */
  void may(int code) {
    codes.add(code);
  }

  /** The server ended it with that code. Returns what is wrong with that, or an empty text. */
  String tell(int code) {
    boolean again = told;
    told = true;
    if (again) {
      return "reset twice";
    }
    return codes.contains(code) ? "" : "reset with 0x" + Integer.toHexString(code);
  }

  /** Whether the server has to end it. */
  boolean sealed() {
    return sealed;
  }

  /** Whether the server has. */
  boolean told() {
    return told;
  }
}
