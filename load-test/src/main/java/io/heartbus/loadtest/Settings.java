package io.heartbus.loadtest;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import io.heartbus.loadtest.Scenario.Kind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** Connects per second unless others are asked for: what any machine keeps, if not always. */
  static final double CONNECT_RATE = 1_000;

  private static final double CONNECT_RATE_MAX = 1e6;

  /** The cool-down in milliseconds for each second of the ramp: a tenth of it. */
  private static final double COOL_DOWN_MILLIS = 100;

  private final Config config;
  private final SettingValues values;

  private Settings(Config config) {
    this.config = config;
    this.values = new SettingValues(config);
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
          ConfigFactory.parseMap(paths, SettingValues.COMMAND_LINE)
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
    refuseUnusedFlags(kind);
    Duration interval =
        values.durationOr(Setting.INTERVAL, SettingValues.AUTO, kind == Kind.DEMO ? 5 : 10);
    Duration timeout =
        values.is(Setting.TIMEOUT, SettingValues.AUTO)
            ? interval.multipliedBy(3)
            : values.duration(Setting.TIMEOUT, SettingValues.ONE_MILLISECOND);
    int nodes = values.count(Setting.NODES, 1, Scenario.NODES_MAX);
    List<InetSocketAddress> targets = values.addresses(Setting.TARGET);
    try {
      return new Scenario(
          kind,
          targets,
          sources(),
          nodes,
          connectsPerSecond(kind),
          values.duration(Setting.CONNECT_TIMEOUT, SettingValues.ONE_MILLISECOND),
          interval,
          timeout,
          hold(kind, interval, timeout),
          coolDown(kind, nodes),
          TrafficSettings.read(values, kind, nodes),
          kind == Kind.DEMO || values.truth(Setting.GIVE_UP),
          values.is(Setting.MAX_P99, SettingValues.NONE)
              ? null
              : values.duration(Setting.MAX_P99, Duration.ZERO),
          kind == Kind.DETECT ? DrillSettings.faults(values, targets) : null,
          kind == Kind.STORM ? DrillSettings.storm(values, CONNECT_RATE_MAX) : null);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  /** What node ids begin with; {@code fresh} unless it is set. */
  String nodePrefix(String fresh) {
    return values.is(Setting.NODE_PREFIX, SettingValues.AUTO)
        ? fresh
        : values.text(Setting.NODE_PREFIX);
  }

  /**
   * Where the report goes.
   *
   * @throws UsageException when that cannot be written
   */
  Destinations destinations() throws UsageException {
    return new Destinations(
        values.file(Setting.JSON), values.file(Setting.HTML), values.file(Setting.HLOG));
  }

  /**
   * Where the server's HTTP is that is asked for metrics; null for nowhere.
   *
   * @throws UsageException when that is no address
   */
  @Nullable InetSocketAddress metrics(Scenario scenario) throws UsageException {
    return DrillSettings.metrics(values, scenario);
  }

  /** All values as text, by key. */
  Map<String, String> values() {
    Map<String, String> texts = new TreeMap<>();
    for (Setting setting : Setting.values()) {
      texts.put(setting.key(), values.text(setting));
    }
    return texts;
  }

  private Kind kind() throws UsageException {
    String name = values.text(Setting.SCENARIO);
    for (Kind kind : Kind.values()) {
      if (kind.text().equals(name)) {
        return kind;
      }
    }
    throw values.complaint(Setting.SCENARIO, "there is no '" + name + "'; one of " + Kind.names());
  }

  private List<InetAddress> sources() throws UsageException {
    try {
      return values.is(Setting.SOURCES, SettingValues.AUTO)
          ? List.of()
          : SourceAddresses.parse(values.text(Setting.SOURCES));
    } catch (UsageException e) {
      throw values.complaint(Setting.SOURCES, e.complaint());
    }
  }

  private double connectsPerSecond(Kind kind) throws UsageException {
    if (values.is(Setting.CONNECT_RATE, SettingValues.AUTO)) {
      return kind == Kind.DEMO ? 200 : CONNECT_RATE;
    }
    if (kind == Kind.STORM) {
      // All at once is how they come back; the run begins more gently.
      double rate = values.number(Setting.CONNECT_RATE, 0, CONNECT_RATE_MAX);
      return rate == 0 ? CONNECT_RATE : rate;
    }
    return values.number(Setting.CONNECT_RATE, 0.001, CONNECT_RATE_MAX);
  }

  private @Nullable Duration hold(Kind kind, Duration interval, Duration timeout)
      throws UsageException {
    if (!values.is(Setting.DURATION, SettingValues.AUTO)) {
      return values.duration(Setting.DURATION, Duration.ZERO);
    }
    return switch (kind) {
      case CONNECT -> Duration.ZERO;
      case HEARTBEAT, ECHO, FANOUT, MIXED -> MINUTE;
      case DETECT -> timeout.plus(MINUTE);
      case STORM -> interval;
      case DEMO -> null;
    };
  }

  private Duration coolDown(Kind kind, int nodes) throws UsageException {
    if (!values.is(Setting.COOL_DOWN, SettingValues.AUTO)) {
      return values.duration(Setting.COOL_DOWN, Duration.ZERO);
    }
    // In detect, a node that is gone early has nothing more to prove.
    return kind == Kind.DETECT
        ? Duration.ZERO
        : Duration.ofMillis((long) (nodes / connectsPerSecond(kind) * COOL_DOWN_MILLIS));
  }

  /** A file may serve several scenarios, but a flag is meant for this run. */
  private void refuseUnusedFlags(Kind kind) throws UsageException {
    for (Setting setting : Setting.values()) {
      if (!setting.usedBy(kind) && values.byFlag(setting)) {
        throw values.complaint(
            setting,
            "the scenario "
                + kind.text()
                + " does not use it; "
                + String.join(", ", setting.scenarios())
                + (setting.scenarios().size() == 1 ? " does" : " do"));
      }
    }
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
}
