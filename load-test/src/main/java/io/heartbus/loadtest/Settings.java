package io.heartbus.loadtest;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import io.heartbus.loadtest.Scenario.Kind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The values of all settings: flags over system properties over the file over the defaults.
 * Immutable. Every complaint names the flag, or the file and line, that it is about.
 */
final class Settings {
  private static final String COMMAND_LINE = "command line";
  private static final String AUTO = "auto";
  private static final String NONE = "none";
  private static final double CONNECT_RATE_MAX = 1e6;
  private static final Duration ONE_MILLISECOND = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(30);

  private final Config config;

  private Settings(Config config) {
    this.config = config;
  }

  /**
   * Reads the file, if one is named, and puts all sources together.
   *
   * @throws UsageException when the file cannot be read or has a key that nobody knows
   */
  static Settings load(@Nullable Path file, Map<Setting, String> flags) throws UsageException {
    Map<String, String> paths = new TreeMap<>();
    flags.forEach((setting, value) -> paths.put(setting.path(), value));
    try {
      Config config =
          ConfigFactory.parseMap(paths, COMMAND_LINE)
              .withFallback(ConfigFactory.defaultOverrides().withOnlyPath(Setting.ROOT))
              .withFallback(file == null ? ConfigFactory.empty() : parse(file))
              .withFallback(ConfigFactory.parseResources(loader(), "reference.conf"))
              .resolve();
      Settings settings = new Settings(config);
      settings.refuseUnknownKeys();
      // Complains now about a list or an object where a plain value belongs.
      settings.values();
      return settings;
    } catch (ConfigException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  /**
   * What to run.
   *
   * @throws UsageException when a value is out of range, or two contradict each other
   */
  Scenario scenario() throws UsageException {
    Kind kind = kind();
    Duration interval = orElse(Setting.INTERVAL, AUTO, kind == Kind.DEMO ? 5 : 10);
    try {
      return new Scenario(
          kind,
          targets(),
          sources(),
          (int) number(Setting.NODES, 1, Scenario.NODES_MAX),
          connectsPerSecond(kind),
          duration(Setting.CONNECT_TIMEOUT, ONE_MILLISECOND),
          interval,
          is(Setting.TIMEOUT, AUTO)
              ? interval.multipliedBy(3)
              : duration(Setting.TIMEOUT, ONE_MILLISECOND),
          hold(kind),
          kind == Kind.DEMO || truth(Setting.GIVE_UP),
          is(Setting.MAX_P99, NONE) ? null : duration(Setting.MAX_P99, Duration.ZERO));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  /** What node ids begin with; {@code fresh} unless it is set. */
  String nodePrefix(String fresh) {
    return is(Setting.NODE_PREFIX, AUTO) ? fresh : text(Setting.NODE_PREFIX);
  }

  /**
   * Where the JSON report goes, or null when nobody wants it.
   *
   * @throws UsageException when there is no such folder, which had better come out before the run
   */
  @Nullable Path json() throws UsageException {
    if (is(Setting.JSON, NONE)) {
      return null;
    }
    Path file = Path.of(text(Setting.JSON)).toAbsolutePath();
    Path folder = file.getParent();
    if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(file)) {
      throw complaint(Setting.JSON, "cannot write the file " + file);
    }
    return file;
  }

  /** All values as text, by key. */
  Map<String, String> values() {
    Map<String, String> values = new TreeMap<>();
    Arrays.stream(Setting.values()).forEach(setting -> values.put(setting.key(), text(setting)));
    return values;
  }

  private Kind kind() throws UsageException {
    String name = text(Setting.SCENARIO);
    for (Kind kind : Kind.values()) {
      if (kind.text().equals(name)) {
        return kind;
      }
    }
    throw complaint(Setting.SCENARIO, "there is no '" + name + "'; one of " + Kind.names());
  }

  private List<InetSocketAddress> targets() throws UsageException {
    try {
      return TargetAddresses.parse(text(Setting.TARGET));
    } catch (UsageException e) {
      throw complaint(Setting.TARGET, e.complaint());
    }
  }

  private List<InetAddress> sources() throws UsageException {
    try {
      return is(Setting.SOURCES, AUTO) ? List.of() : SourceAddresses.parse(text(Setting.SOURCES));
    } catch (UsageException e) {
      throw complaint(Setting.SOURCES, e.complaint());
    }
  }

  private double connectsPerSecond(Kind kind) throws UsageException {
    if (is(Setting.CONNECT_RATE, AUTO)) {
      return kind == Kind.DEMO ? 200 : 1000;
    }
    return number(Setting.CONNECT_RATE, 0.001, CONNECT_RATE_MAX);
  }

  private @Nullable Duration hold(Kind kind) throws UsageException {
    if (!is(Setting.DURATION, AUTO)) {
      return duration(Setting.DURATION, Duration.ZERO);
    }
    return switch (kind) {
      case CONNECT -> Duration.ZERO;
      case HEARTBEAT -> Duration.ofSeconds(60);
      case DEMO -> null;
    };
  }

  private boolean is(Setting setting, String word) {
    return text(setting).equals(word);
  }

  private String text(Setting setting) {
    return config.getString(setting.path());
  }

  private boolean truth(Setting setting) throws UsageException {
    try {
      return config.getBoolean(setting.path());
    } catch (ConfigException e) {
      throw complaint(setting, "'" + text(setting) + "' is neither true nor false");
    }
  }

  private double number(Setting setting, double min, double max) throws UsageException {
    try {
      double value = Double.parseDouble(text(setting));
      boolean whole = setting != Setting.NODES || value == Math.rint(value);
      if (value >= min && value <= max && whole) {
        return value;
      }
    } catch (NumberFormatException e) {
      // The same complaint as for a number out of range.
    }
    String range = String.format("from %s to %s", plain(min), plain(max));
    throw complaint(setting, "'" + text(setting) + "' is no number " + range);
  }

  private Duration orElse(Setting setting, String word, int seconds) throws UsageException {
    return is(setting, word) ? Duration.ofSeconds(seconds) : duration(setting, ONE_MILLISECOND);
  }

  private Duration duration(Setting setting, Duration min) throws UsageException {
    String text = text(setting).strip();
    // HOCON reads a bare number as milliseconds, which nobody means who writes "60".
    if (!text.isEmpty() && !Character.isDigit(text.charAt(text.length() - 1))) {
      try {
        Duration value = config.getDuration(setting.path());
        if (value.compareTo(min) >= 0 && value.compareTo(LONGEST) <= 0) {
          return value;
        }
      } catch (ConfigException e) {
        // The same complaint as for a duration out of range.
      }
    }
    throw complaint(setting, "'" + text + "' is no duration up to 30 days, as in 10 s or 500 ms");
  }

  private UsageException complaint(Setting setting, String what) {
    ConfigValue value = config.getValue(setting.path());
    String origin = value.origin().description();
    return new UsageException(
        origin.equals(COMMAND_LINE)
            ? setting.flag() + ": " + what
            : origin + ": " + setting.path() + ": " + what);
  }

  private void refuseUnknownKeys() throws UsageException {
    List<String> known = Arrays.stream(Setting.values()).map(Setting::key).toList();
    for (Map.Entry<String, ConfigValue> entry : config.getObject(Setting.ROOT).entrySet()) {
      if (!known.contains(entry.getKey())) {
        String origin = entry.getValue().origin().description();
        throw new UsageException(
            origin
                + ": there is no key '"
                + entry.getKey()
                + "'; one of "
                + String.join(", ", known));
      }
    }
  }

  private static Config parse(Path file) {
    return ConfigFactory.parseFile(
        file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
  }

  private static ClassLoader loader() {
    return Settings.class.getClassLoader();
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }
}
