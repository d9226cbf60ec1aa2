package io.heartbus.server.http;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The parameters of a request, each known and given once; all else is refused. Immutable. */
final class Query {
  private final Map<String, String> parameters;

  private Query(Map<String, String> parameters) {
    this.parameters = parameters;
  }

  /**
   * Reads what stands behind the question mark.
   *
   * @param raw as it came; null when there is no question mark
   */
  static Query parse(@Nullable String raw, String... known) throws Refusal {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (raw == null || raw.isEmpty()) {
      return new Query(parameters);
    }
    int at = 0;
    while (at <= raw.length()) {
      int ampersand = raw.indexOf('&', at);
      int end = ampersand < 0 ? raw.length() : ampersand;
      add(parameters, raw.substring(at, end), known);
      at = end + 1;
    }
    return new Query(parameters);
  }

  private static void add(Map<String, String> parameters, String pair, String... known)
      throws Refusal {
    int equals = pair.indexOf('=');
    String name = PercentCoding.ofQuery(equals < 0 ? pair : pair.substring(0, equals));
    if (!Arrays.asList(known).contains(name)) {
      throw Refusal.badRequest(
          "unknown parameter: "
              + name
              + (known.length == 0
                  ? "; none is known here"
                  : "; known: " + String.join(", ", known)));
    }
    if (equals < 0) {
      throw Refusal.badRequest(name + " has no value");
    }
    String value = PercentCoding.ofQuery(pair.substring(equals + 1));
    if (parameters.put(name, value) != null && !name.endsWith("[]")) {
      throw Refusal.badRequest(name + " is given twice");
    }
  }

  /** The value of that parameter, or null when it is not given. */
  @Nullable String text(String name) {
    return parameters.get(name);
  }

  String text(String name, String otherwise) {
    return parameters.getOrDefault(name, otherwise);
  }

  int number(String name, int min, int max, int otherwise) throws Refusal {
    @Nullable String text = parameters.get(name);
    if (text == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException notNumber) {
      // Told below like any other number that is not allowed.
    }
    throw Refusal.badRequest(name + " must be a whole number from " + min + " to " + max);
  }

  /** The constant of that name, in upper or lower case; null when the parameter is not given. */
  <E extends Enum<E>> @Nullable E constant(String name, Class<E> type) throws Refusal {
    @Nullable String text = parameters.get(name);
    if (text == null) {
      return null;
    }
    TreeSet<String> names = new TreeSet<>();
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(text.toUpperCase(Locale.ROOT))) {
        return constant;
      }
      names.add(constant.name());
    }
    throw Refusal.badRequest(name + " must be one of " + String.join(", ", names));
  }
}
