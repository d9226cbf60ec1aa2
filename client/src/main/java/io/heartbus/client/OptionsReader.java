package io.heartbus.client;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The way from HOCON to {@link ClientOptions}. Strict: what {@code reference.conf} does not list is
 * refused, and every complaint names where the value came from.
 */
final class OptionsReader {
  private static final String SECTION = "heartbus.client";

  /** What else may stand in a file that several programs share. */
  private static final Set<String> NEIGHBOURS = Set.of("client", "server", "load-test");

  private static final String METADATA = "metadata";

  private final Config section;

  private OptionsReader(Config section) {
    this.section = section;
  }

  static ClientOptions read(Path file) throws IOException {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new NoSuchFileException(file.toString(), null, "is no readable file");
    }
    Config parsed =
        wording(() ->
            ConfigFactory.parseFile(
                file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false)));
    refuseOthers(parsed.root(), Set.of("heartbus"), "");
    if (parsed.hasPath("heartbus")) {
      refuseOthers(wording(() -> parsed.getObject("heartbus")), NEIGHBOURS, "heartbus.");
    }
    // In a file, a typing error that the overrides would hide is an error all the same.
    read(parsed);
    return read(
        ConfigFactory.systemEnvironmentOverrides()
            .withFallback(ConfigFactory.systemProperties())
            .withFallback(parsed));
  }

  static ClientOptions read(Config config) {
    Config reference =
        ConfigFactory.defaultReferenceUnresolved(OptionsReader.class.getClassLoader());
    return wording(() -> {
      Config resolved = config.withFallback(reference).resolve();
      if (config.hasPathOrNull(SECTION)) {
        refuseUnknown(resolved.getObject(SECTION), reference.getObject(SECTION), SECTION + ".");
      }
      return new OptionsReader(resolved.getConfig(SECTION)).options();
    });
  }

  private ClientOptions options() {
    ClientOptions options = ClientOptions.defaults();
    options = at("servers", options, o -> o.withServers(texts("servers").toArray(String[]::new)));
    options = at("node-id", options, o -> named(o, section.getString("node-id")));
    options = at(METADATA, options, o -> o.withMetadata(metadata()));
    options = at("group", options, o -> labelled(o, section.getString("group")));
    options = at("token", options, o -> authorised(o, section.getString("token")));
    options =
        at("connect-timeout", options, o -> o.withConnectTimeout(duration("connect-timeout")));
    options =
        at(
            "heartbeat.timeout",
            options,
            o -> o.withHeartbeat(duration("heartbeat.interval"), duration("heartbeat.timeout")));
    options = at("reconnect", options, o -> o.withReconnect(reconnect()));
    return at("channel", options, o -> o.withChannels(channels()));
  }

  private static ClientOptions named(ClientOptions options, String id) {
    return id.isEmpty() ? options : options.withNodeId(id);
  }

  private static ClientOptions labelled(ClientOptions options, String group) {
    return group.isEmpty() ? options : options.withGroup(group);
  }

  private static ClientOptions authorised(ClientOptions options, String token) {
    return token.isEmpty() ? options : options.withToken(token);
  }

  private ReconnectOptions reconnect() {
    return new ReconnectOptions(
        section.getBoolean("reconnect.enabled"),
        duration("reconnect.initial-delay"),
        duration("reconnect.max-delay"),
        section.getInt("reconnect.max-attempts"));
  }

  private ChannelOptions channels() {
    return new ChannelOptions(
        bytes("channel.max-message"),
        bytes("channel.init-credit"),
        section.getInt("channel.max-incoming"));
  }

  private Duration duration(String key) {
    return section.getDuration(key);
  }

  /** Sizes over 2 GiB become the largest int, which the range check then refuses or not. */
  private int bytes(String key) {
    return Math.clamp(section.getBytes(key), Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  private List<String> texts(String key) {
    return section.getStringList(key);
  }

  private Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, ConfigValue> entry : section.getObject(METADATA).entrySet()) {
      ConfigValueType type = entry.getValue().valueType();
      if (type == ConfigValueType.OBJECT || type == ConfigValueType.LIST) {
        throw complaint(entry.getValue().origin(), METADATA + "." + entry.getKey() + " is no text");
      }
      metadata.put(entry.getKey(), String.valueOf(entry.getValue().unwrapped()));
    }
    return metadata;
  }

  private interface Step {
    ClientOptions apply(ClientOptions options);
  }

  /** Applies one step, and when a range check refuses it says where the value stands. */
  private ClientOptions at(String key, ClientOptions options, Step step) {
    try {
      return step.apply(options);
    } catch (IllegalArgumentException e) {
      throw complaint(section.getValue(key).origin(), SECTION + "." + key + ": " + e.getMessage());
    }
  }

  private static void refuseUnknown(ConfigObject actual, ConfigObject known, String prefix) {
    refuseOthers(actual, known.keySet(), prefix);
    for (Map.Entry<String, ConfigValue> entry : actual.entrySet()) {
      if (entry.getValue() instanceof ConfigObject inner
          && known.get(entry.getKey()) instanceof ConfigObject knownInner
          && !entry.getKey().equals(METADATA)) {
        refuseUnknown(inner, knownInner, prefix + entry.getKey() + ".");
      }
    }
  }

  private static void refuseOthers(ConfigObject actual, Set<String> known, String prefix) {
    for (Map.Entry<String, ConfigValue> entry : actual.entrySet()) {
      if (!known.contains(entry.getKey())) {
        throw complaint(
            entry.getValue().origin(),
            "unknown key " + prefix + entry.getKey() + "; known here: " + new TreeSet<>(known));
      }
    }
  }

  /** Runs what may find fault with the text itself, and puts that into our words. */
  private static <T> T wording(Supplier<T> step) {
    try {
      return step.get();
    } catch (ConfigException e) {
      // Its message starts with the origin: file and line.
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static IllegalArgumentException complaint(ConfigOrigin origin, String fault) {
    return new IllegalArgumentException(origin.description() + ": " + fault);
  }
}
