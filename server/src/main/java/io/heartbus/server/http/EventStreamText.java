package io.heartbus.server.http;

import io.heartbus.server.presence.EventJson;
import io.heartbus.server.presence.Follower;
import io.heartbus.server.presence.PresenceEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A part of a live feed in the making: blocks of {@code text/event-stream}. Each has an id, the
 * position at which its reader resumes. One thread.
 */
final class EventStreamText {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Which log the events are of. */
  record LogJson(String epoch, long first, long last) {}

  /** Numbers that cannot be read; {@code to} is null when it is not known how many there are. */
  record GapJson(long from, @Nullable Long to) {
    static GapJson of(Follower.Missing missing) {
      return new GapJson(missing.from(), missing.to());
    }
  }

  boolean isEmpty() {
    return bytes.size() == 0;
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }

  /** Says after which time a reader that lost its feed should come back. */
  void retry(long milliseconds) {
    line("retry", Long.toString(milliseconds).getBytes(StandardCharsets.US_ASCII));
    end();
  }

  /** Says which log the events that follow are of. */
  void log(LogJson log, long position) {
    block("log", position, Reply.JSON.writeValueAsBytes(log));
  }

  /** Says what is missing before the events that follow. */
  void gap(GapJson gap, long position) {
    block("gap", position, Reply.JSON.writeValueAsBytes(gap));
  }

  void event(PresenceEvent event) {
    id(event.seq());
    line("data", EventJson.encode(event));
    end();
  }

  /** Nothing but a position: no event for the reader, but it resumes there. */
  void position(long position) {
    id(position);
    end();
  }

  private void block(String type, long position, byte[] data) {
    line("event", type.getBytes(StandardCharsets.US_ASCII));
    id(position);
    line("data", data);
    end();
  }

  private void id(long position) {
    line("id", Long.toString(position).getBytes(StandardCharsets.US_ASCII));
  }

  /** JSON holds no line ends, so a value is always one line. */
  private void line(String field, byte[] value) {
    bytes.writeBytes(field.getBytes(StandardCharsets.US_ASCII));
    bytes.write(':');
    bytes.write(' ');
    bytes.writeBytes(value);
    end();
  }

  private void end() {
    bytes.write('\n');
  }
}
