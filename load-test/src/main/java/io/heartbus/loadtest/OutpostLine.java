package io.heartbus.loadtest;

import org.jspecify.annotations.Nullable;

/**
 * A line that an outpost writes for the run that started it. Bytes. Times are those of the
 * machine's monotonic clock, which all its processes share.
 */
sealed interface OutpostLine {
  /** It runs, and waits for a line to begin. */
  record Ready(long nowNanos) implements OutpostLine {
    @Override
    public String text() {
      return "ready " + nowNanos;
    }
  }

  /** A node was let in, and agreed on that pace. */
  record In(int index, long nowNanos, long intervalMs, long timeoutMs) implements OutpostLine {
    @Override
    public String text() {
      return "in " + index + " " + nowNanos + " " + intervalMs + " " + timeoutMs;
    }
  }

  /** A frame of a node is about to leave. */
  record Speaking(int index, long nowNanos) implements OutpostLine {
    @Override
    public String text() {
      return "speaking " + index + " " + nowNanos;
    }
  }

  /** A node was not let in. */
  record Refused(String reason) implements OutpostLine {
    @Override
    public String text() {
      return "refused " + reason;
    }
  }

  /** As it is written, without a line end. */
  String text();

  /** Reads a line; null when it is none of these. */
  static @Nullable OutpostLine parse(String line) {
    String[] words = line.split(" ", -1);
    try {
      return switch (words[0] + "/" + words.length) {
        case "ready/2" -> new Ready(Long.parseLong(words[1]));
        case "in/5" ->
            new In(
                Integer.parseInt(words[1]),
                Long.parseLong(words[2]),
                Long.parseLong(words[3]),
                Long.parseLong(words[4]));
        case "speaking/3" -> new Speaking(Integer.parseInt(words[1]), Long.parseLong(words[2]));
        default -> words[0].equals("refused") ? new Refused(line.substring(8)) : null;
      };
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
