package io.heartbus.client.cli;

import org.jspecify.annotations.Nullable;

/** The lines of a server's event stream, put together to events. Pure; one stream each. */
final class EventStream {
  /**
   * One event.
   *
   * @param type {@code message} unless the server named one
   */
  record Event(String type, String data) {}

  private String type = "";
  private String id = "";
  private String position = "";
  private final StringBuilder data = new StringBuilder();

  /** Takes the next line; returns the event that it completes, if it does. */
  @Nullable Event line(String line) {
    if (line.isEmpty()) {
      return complete();
    }
    int colon = line.indexOf(':');
    if (colon == 0) {
      return null;
    }
    String field = colon < 0 ? line : line.substring(0, colon);
    String value = colon < 0 ? "" : line.substring(colon + 1);
    value = value.startsWith(" ") ? value.substring(1) : value;
    switch (field) {
      case "event" -> type = value;
      case "id" -> id = value;
      case "data" -> data.append(data.isEmpty() ? "" : "\n").append(value);
      default -> {
        // A field that this reader does not need.
      }
    }
    return null;
  }

  /** Where the stream goes on behind what was completed; empty when nobody said so yet. */
  String position() {
    return position;
  }

  private @Nullable Event complete() {
    // A block may be nothing but a position.
    position = id.isEmpty() ? position : id;
    Event event =
        data.isEmpty() ? null : new Event(type.isEmpty() ? "message" : type, data.toString());
    type = "";
    id = "";
    data.setLength(0);
    return event;
  }
}
