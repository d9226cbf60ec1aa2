package io.heartbus.server;

import com.typesafe.config.Config;
import io.heartbus.server.channel.ChannelSettings;
import io.heartbus.server.connection.ConnectionSettings;
import io.heartbus.server.connection.DrainSettings;
import io.heartbus.server.connection.ListenSettings;
import io.heartbus.server.http.HttpSettings;
import io.heartbus.server.liveness.HeartbeatPolicy;
import io.heartbus.server.node.NodeTableSettings;
import java.nio.file.Path;

/**
 * Everything that can be set about a server: the keys below {@code heartbus.server}, checked, by
 * the room that needs them. Immutable.
 *
 * @param checkIntervalMs between two passes over all connections
 */
public record ServerConfig(
    ListenSettings listen,
    HttpSettings http,
    HeartbeatPolicy heartbeat,
    long checkIntervalMs,
    ConnectionSettings connections,
    ChannelSettings channels,
    NodeTableSettings nodes,
    PresenceConfig presence,
    DrainSettings drain) {

  /**
   * What a file says, outranked by system properties and by environment variables.
   *
   * @throws ConfigurationException when the file cannot be read or says what cannot be
   */
  public static ServerConfig load(Path file) {
    return new ServerConfigReader(ConfigSources.file(file)).read();
  }

  /**
   * What system properties and environment variables say, on top of the defaults.
   *
   * @throws ConfigurationException when they say what cannot be
   */
  static ServerConfig withoutFile() {
    return new ServerConfigReader(ConfigSources.overrides()).read();
  }

  /** The defaults and nothing else. */
  public static ServerConfig defaults() {
    return new ServerConfigReader(ConfigSources.defaults()).read();
  }

  /**
   * What the part {@code heartbus.server} of an application's configuration says; the defaults
   * stand in for the keys it leaves out. Neither file nor environment is looked at.
   *
   * @throws ConfigurationException when it says what cannot be
   */
  public static ServerConfig of(Config config) {
    return new ServerConfigReader(ConfigSources.onDefaults(config)).read();
  }
}
