package io.heartbus.server.presence;

import io.heartbus.server.node.EventType;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the filters that those who follow events ask for. Pure. */
public final class EventFilters {
  private static final String TYPES =
      Stream.of(EventType.values()).map(EventType::text).collect(Collectors.joining(", "));

  private EventFilters() {}

  /**
   * The filter of those parameters, each of them null when it is not given.
   *
   * @param type names of types in upper or lower case, separated by commas
   * @throws IllegalArgumentException when a type is unknown; the message says which ones there are
   */
  public static EventFilter parse(
      @Nullable String type, @Nullable String group, @Nullable String prefix) {
    return new EventFilter(
        type == null ? Set.of() : types(type), group, prefix == null ? "" : prefix);
  }

  private static Set<EventType> types(String list) {
    Set<EventType> types = EnumSet.noneOf(EventType.class);
    for (String name : list.split(",", -1)) {
      types.add(typeOf(name.strip().toLowerCase(Locale.ROOT)));
    }
    return types;
  }

  private static EventType typeOf(String text) {
    for (EventType type : EventType.values()) {
      if (type.text().equals(text)) {
        return type;
      }
    }
    throw new IllegalArgumentException("type must be one or more of " + TYPES);
  }
}
