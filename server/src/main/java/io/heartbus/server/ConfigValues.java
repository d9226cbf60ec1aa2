package io.heartbus.server;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import org.jspecify.annotations.Nullable;

/** Single values of a configuration: how to find them, and how to show them to people. */
final class ConfigValues {
  private static final int SHOWN_CHARACTERS_MAX = 80;

  private ConfigValues() {}

  /** The value at that path; null when there is none. */
  static @Nullable ConfigValue find(ConfigObject from, String path) {
    @Nullable ConfigValue found = from;
    for (String name : ConfigUtil.splitPath(path)) {
      found = found instanceof ConfigObject object ? object.get(name) : null;
    }
    return found;
  }

  /** Numbers, texts and booleans as text; anything else as the empty one, which nothing allows. */
  static String scalar(ConfigValue value) {
    return switch (value.valueType()) {
      case NUMBER, STRING, BOOLEAN -> String.valueOf(value.unwrapped());
      case OBJECT, LIST, NULL -> "";
    };
  }

  /** A size in bytes; null for what is none. */
  static @Nullable Long bytes(ConfigValue value) {
    try {
      return value.atKey("x").getMemorySize("x").toBytesBigInteger().longValueExact();
    } catch (ConfigException | ArithmeticException notSize) {
      return null;
    }
  }

  /** For a message of one line. */
  static String shown(ConfigValue value) {
    return switch (value.valueType()) {
      case OBJECT -> "{…}";
      case LIST -> "[…]";
      case NUMBER, STRING, BOOLEAN, NULL -> {
        String text = String.valueOf(value.unwrapped());
        yield text.length() <= SHOWN_CHARACTERS_MAX
            ? text
            : text.substring(0, SHOWN_CHARACTERS_MAX) + "…";
      }
    };
  }
}
