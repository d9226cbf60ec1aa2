package io.heartbus.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One object of a configuration, read value by value. What is not exactly a value of the right type
 * within its range is a {@link ConfigurationException} that says where it stands and what is
 * allowed.
 */
final class StrictConfig {
  private static final Pattern PERCENT = Pattern.compile("(\\d{1,3})\\s*%");

  private final ConfigObject object;
  private final String path;

  /** The object that stands at {@code path}, which is only for messages. */
  StrictConfig(ConfigObject object, String path) {
    this.object = object;
    this.path = path;
  }

  /** The object at {@code path} of a whole configuration. */
  static StrictConfig at(Config config, String path) {
    @Nullable ConfigValue value = ConfigValues.find(config.root(), path);
    if (value instanceof ConfigObject object) {
      return new StrictConfig(object, path);
    }
    throw new ConfigurationException(
        value == null
            ? path + ": missing"
            : "%s: %s = %s: must be an object"
                .formatted(ConfigSources.place(value, path), path, ConfigValues.shown(value)));
  }

  boolean has(String key) {
    return ConfigValues.find(object, key) != null;
  }

  int count(String key, int min, int max) {
    try {
      long whole = new BigDecimal(scalar(key)).longValueExact();
      if (whole >= min && whole <= max) {
        return (int) whole;
      }
    } catch (NumberFormatException | ArithmeticException notWhole) {
      // Told below like any other number that is not allowed.
    }
    throw fault(key, "must be a whole number from " + min + " to " + max);
  }

  long durationMs(String key, long minMs, long maxMs) {
    try {
      long ms = value(key).atKey("x").getDuration("x").toMillis();
      if (ms >= minMs && ms <= maxMs) {
        return ms;
      }
    } catch (ConfigException | ArithmeticException notDuration) {
      // Told below like any other duration that is not allowed.
    }
    throw fault(
        key,
        "must be a duration from %s to %s"
            .formatted(Quantity.duration(minMs), Quantity.duration(maxMs)));
  }

  int bytes(String key, long min, long max) {
    @Nullable Long bytes = ConfigValues.bytes(value(key));
    if (bytes == null || bytes < min || bytes > max) {
      throw fault(
          key, "must be a size from %s to %s".formatted(Quantity.size(min), Quantity.size(max)));
    }
    return bytes.intValue();
  }

  /** A size in bytes, or a share of {@code wholeBytes} in per cent. */
  long bytesOrShare(String key, long min, long wholeBytes) {
    Matcher percent = PERCENT.matcher(scalar(key));
    if (percent.matches()) {
      int share = Integer.parseInt(percent.group(1));
      if (share >= 1 && share <= 100) {
        return Math.max(min, wholeBytes / 100 * share);
      }
    } else {
      @Nullable Long bytes = ConfigValues.bytes(value(key));
      if (bytes != null && bytes >= min) {
        return bytes;
      }
    }
    throw fault(
        key,
        "must be a size of at least %s, or a share of the heap from \"1%%\" to \"100%%\""
            .formatted(Quantity.size(min)));
  }

  /** A size in bytes that may be larger than an array. */
  long longBytes(String key, long min) {
    @Nullable Long bytes = ConfigValues.bytes(value(key));
    if (bytes == null || bytes < min) {
      throw fault(key, "must be a size of at least " + Quantity.size(min));
    }
    return bytes;
  }

  /** A share in per cent, as a number from 0 to 1. */
  double share(String key) {
    Matcher percent = PERCENT.matcher(scalar(key));
    if (percent.matches() && Integer.parseInt(percent.group(1)) <= 100) {
      return Integer.parseInt(percent.group(1)) / 100.0;
    }
    throw fault(key, "must be a share from \"0%\" to \"100%\"");
  }

  double decimal(String key, int min, int max) {
    try {
      double number = new BigDecimal(scalar(key)).doubleValue();
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException notNumber) {
      // Told below like any other number that is not allowed.
    }
    throw fault(key, "must be a number from " + min + " to " + max);
  }

  boolean flag(String key) {
    try {
      return value(key).atKey("x").getBoolean("x");
    } catch (ConfigException notBoolean) {
      throw fault(key, "must be true or false");
    }
  }

  String text(String key, String allowed) {
    ConfigValue value = value(key);
    if (value.valueType() == ConfigValueType.STRING && !scalar(key).isBlank()) {
      return scalar(key);
    }
    throw fault(key, allowed);
  }

  <T> T choice(String key, Map<String, T> choices) {
    @Nullable T chosen = choices.get(scalar(key));
    if (chosen == null) {
      throw fault(key, "must be one of " + String.join(", ", new TreeSet<>(choices.keySet())));
    }
    return chosen;
  }

  /** The text at {@code key}, or null when it is set to null. */
  @Nullable String secret(String key, int bytesMax) {
    ConfigValue value = value(key);
    if (value.valueType() == ConfigValueType.NULL) {
      return null;
    }
    String secret = scalar(key);
    int bytes = secret.getBytes(StandardCharsets.UTF_8).length;
    if (bytes == 0 || bytes > bytesMax) {
      // The value itself belongs into no log.
      throw new ConfigurationException(
          "%s: %s, %d bytes long: must be a text of 1 to %d bytes, or null for none"
              .formatted(ConfigSources.place(value, full(key)), full(key), bytes, bytesMax));
    }
    return secret;
  }

  /** The text at {@code key}, or null when it is set to null. */
  @Nullable String textOrNull(String key) {
    return value(key).valueType() == ConfigValueType.NULL
        ? null
        : text(key, "must be a text, or null for none");
  }

  /** The objects that stand under names of the user's choice. */
  Map<String, StrictConfig> entries(String key) {
    if (!(value(key) instanceof ConfigObject named)) {
      throw fault(key, "must be an object");
    }
    Map<String, StrictConfig> entries = new TreeMap<>();
    named.forEach((name, entry) -> {
      String place = full(key) + "." + ConfigUtil.quoteString(name);
      if (!(entry instanceof ConfigObject entryObject)) {
        throw new ConfigurationException(
            "%s: %s = %s: must be an object"
                .formatted(ConfigSources.place(entry, place), place, ConfigValues.shown(entry)));
      }
      entries.put(name, new StrictConfig(entryObject, place));
    });
    return entries;
  }

  List<? extends ConfigValue> list(String key) {
    if (value(key) instanceof ConfigList list) {
      return list;
    }
    throw fault(key, "must be a list");
  }

  /** The element of a list at {@code key}. */
  StrictConfig element(String key, int index, ConfigValue element) {
    String place = full(key) + "[" + index + "]";
    if (element instanceof ConfigObject elementObject) {
      return new StrictConfig(elementObject, place);
    }
    throw new ConfigurationException(
        "%s: %s = %s: must be an object"
            .formatted(ConfigSources.place(element, place), place, ConfigValues.shown(element)));
  }

  /** Refuses keys that {@code known} lacks, on all levels. */
  void refuseUnknown(ConfigObject known) {
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      String key = ConfigUtil.joinPath(entry.getKey());
      @Nullable ConfigValue expected = known.get(entry.getKey());
      if (expected == null) {
        throw fault(
            key, "unknown key; known here: " + String.join(", ", new TreeSet<>(known.keySet())));
      }
      if (expected instanceof ConfigObject section) {
        if (!(entry.getValue() instanceof ConfigObject given)) {
          throw fault(
              key,
              section.isEmpty()
                  ? "must be an object"
                  : "must be an object with " + String.join(", ", new TreeSet<>(section.keySet())));
        }
        if (section.isEmpty()) {
          // Its keys are names that the user made up.
          continue;
        }
        new StrictConfig(given, full(key)).refuseUnknown(section);
      }
    }
  }

  /** The value at {@code key} is not allowed. */
  ConfigurationException fault(String key, String allowed) {
    ConfigValue value = value(key);
    return new ConfigurationException(
        "%s: %s = %s: %s"
            .formatted(
                ConfigSources.place(value, full(key)),
                full(key),
                ConfigValues.shown(value),
                allowed));
  }

  /** Both values are allowed, but not together. Told where the one stands that was set. */
  ConfigurationException contradiction(String left, String right, String rule) {
    ConfigValue leftValue = value(left);
    ConfigValue rightValue = value(right);
    boolean leftIsSet = !ConfigSources.isDefault(leftValue);
    String place =
        leftIsSet
            ? ConfigSources.place(leftValue, full(left))
            : ConfigSources.place(rightValue, full(right));
    return new ConfigurationException(
        "%s: %s contradicts %s: %s"
            .formatted(place, assignment(left, leftValue), assignment(right, rightValue), rule));
  }

  private String assignment(String key, ConfigValue value) {
    return full(key)
        + " = "
        + ConfigValues.shown(value)
        + (ConfigSources.isDefault(value) ? " (the default)" : "");
  }

  private String scalar(String key) {
    return ConfigValues.scalar(value(key));
  }

  private ConfigValue value(String key) {
    @Nullable ConfigValue value = ConfigValues.find(object, key);
    if (value == null) {
      throw new ConfigurationException(
          "%s: %s: missing".formatted(ConfigSources.place(object, path), full(key)));
    }
    return value;
  }

  private String full(String key) {
    return path + "." + key;
  }
}
