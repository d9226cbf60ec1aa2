package io.heartbus.loadtest;

import org.jspecify.annotations.Nullable;

/** Puts the lines of a {@code text/event-stream} together. Bytes; one stream each. */
final class FeedText {
  /**
   * What an empty line ends.
   *
   * @param kind empty for an event
   * @param position where the feed resumes behind it; null when it does not say
   * @param data null when there is none
   */
  record Block(String kind, @Nullable String position, @Nullable String data) {}

  private static final Block NOTHING = new Block("", null, null);

  private Block block = NOTHING;

  /** Takes the next line. Returns the block that it ends; null when it ends none. */
  @Nullable Block line(String line) {
    Block whole = block;
    if (line.isEmpty()) {
      block = NOTHING;
      return whole.equals(NOTHING) ? null : whole;
    }
    String value = line.substring(line.indexOf(':') + 1).strip();
    if (line.startsWith("event:")) {
      block = new Block(value, whole.position(), whole.data());
    } else if (line.startsWith("id:")) {
      block = new Block(whole.kind(), value, whole.data());
    } else if (line.startsWith("data:")) {
      // A server of this bus writes JSON, which is always one line.
      block = new Block(whole.kind(), whole.position(), value);
    }
    return null;
  }
}
