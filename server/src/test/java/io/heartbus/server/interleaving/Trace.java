package io.heartbus.server.interleaving;

import java.util.ArrayDeque;

/** The newest lines of what was done and seen. */
final class Trace {
  private static final int LINES = 200;

  private final ArrayDeque<String> lines = new ArrayDeque<>(LINES);

  /** How many lines there were in all. */
  private long count;

  void add(String line) {
    if (lines.size() == LINES) {
      lines.remove();
    }
    lines.add(++count + " " + line);
  }

  @Override
  public String toString() {
    return String.join("\n", lines);
  }
}
