package io.heartbus.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where configuration comes from and which source outranks which: environment variables, system
 * properties, a file, {@code reference.conf}. Results are merged and resolved.
 */
final class ConfigSources {
  /** The part of the tree that is ours. */
  static final String ROOT = "heartbus.server";

  private static final String REFERENCE = "reference.conf";
  private static final String FAMILY = "heartbus";

  /** Other programs of the family may keep their part in the same file. */
  private static final Set<String> PROGRAMS =
      new TreeSet<>(Set.of("client", "load-test", "server"));

  private ConfigSources() {}

  static Config defaults() {
    return onDefaults(ConfigFactory.empty());
  }

  static Config overrides() {
    return onDefaults(environmentAndProperties());
  }

  static Config file(Path file) {
    return onDefaults(environmentAndProperties().withFallback(parse(file)));
  }

  static Config onDefaults(Config config) {
    try {
      return config.withFallback(reference()).resolve();
    } catch (ConfigException unresolvable) {
      throw fault(unresolvable);
    }
  }

  /** The defaults by themselves; what they do not have is unknown. */
  static Config reference() {
    return ConfigFactory.parseResources(ConfigSources.class.getClassLoader(), REFERENCE);
  }

  /** Whether the value is as {@code reference.conf} has it because nobody set it. */
  static boolean isDefault(ConfigValue value) {
    return value.origin().description().startsWith(REFERENCE);
  }

  /** Where a value was set, for people. */
  static String place(ConfigValue value, String path) {
    ConfigOrigin origin = value.origin();
    if (origin.filename() != null && origin.lineNumber() > 0) {
      return origin.filename() + ":" + origin.lineNumber();
    }
    return origin.description().equals("env variables overrides")
        ? "environment variable " + variable(path)
        : origin.description();
  }

  private static Config environmentAndProperties() {
    // Not the library's own copy of the properties, which is as old as its first use.
    Config properties =
        ConfigFactory.parseProperties(
            System.getProperties(),
            ConfigParseOptions.defaults().setOriginDescription("system property"));
    return ConfigFactory.systemEnvironmentOverrides().withFallback(properties).withOnlyPath(ROOT);
  }

  private static String variable(String path) {
    return "CONFIG_FORCE_" + path.replace("_", "___").replace("-", "__").replace('.', '_');
  }

  private static Config parse(Path file) {
    if (Files.isDirectory(file)) {
      throw new ConfigurationException(file + ": is a directory, not a file");
    }
    if (!Files.exists(file)) {
      throw new ConfigurationException(file + ": no such file");
    }
    if (!Files.isReadable(file)) {
      throw new ConfigurationException(file + ": not readable by this user");
    }
    Config parsed;
    try {
      parsed =
          ConfigFactory.parseFile(
              file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
    } catch (ConfigException unreadable) {
      throw fault(unreadable);
    }
    refuseStrangers(parsed.root(), "", Set.of(FAMILY));
    if (parsed.root().get(FAMILY) instanceof ConfigObject family) {
      refuseStrangers(family, FAMILY + ".", PROGRAMS);
    }
    return parsed;
  }

  /** A misspelt section would be ignored with everything in it. */
  private static void refuseStrangers(ConfigObject object, String prefix, Set<String> known) {
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      if (!known.contains(entry.getKey())) {
        String path = prefix + entry.getKey();
        throw new ConfigurationException(
            "%s: %s: unknown key; known here: %s"
                .formatted(place(entry.getValue(), path), path, String.join(", ", known)));
      }
    }
  }

  private static ConfigurationException fault(ConfigException cause) {
    String message = String.valueOf(cause.getMessage());
    @Nullable ConfigOrigin origin = cause.origin();
    if (origin != null && origin.filename() != null && origin.lineNumber() > 0) {
      String spoken = origin.description() + ": ";
      String what = message.startsWith(spoken) ? message.substring(spoken.length()) : message;
      return new ConfigurationException(
          origin.filename() + ":" + origin.lineNumber() + ": " + what);
    }
    return new ConfigurationException(message);
  }
}
