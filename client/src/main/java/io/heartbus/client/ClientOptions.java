package io.heartbus.client;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Everything that a client can be told: an immutable value, made from {@link #defaults} by the
 * {@code with} methods or read from a file by {@link #load(Path)}.
 *
 * @param servers where to connect: the first one first, after a failure any of them
 * @param identity who the node is
 * @param heartbeatInterval what to ask the server for; zero leaves it to the server, which decides
 *     in any case
 * @param heartbeatTimeout the silence after which a peer counts as gone; asked for like the
 *     interval
 * @param connectTimeout how long each TCP connection may take, and then the answer to REGISTER
 * @param reconnect how to come back after a loss
 * @param channels what channels may hold
 */
public record ClientOptions(
    List<ServerAddress> servers,
    NodeIdentity identity,
    Duration heartbeatInterval,
    Duration heartbeatTimeout,
    Duration connectTimeout,
    ReconnectOptions reconnect,
    ChannelOptions channels) {
  private static final Duration ASKED_MAX = Duration.ofDays(1);

  /**
   * @throws IllegalArgumentException naming the value that is out of range
   */
  public ClientOptions {
    servers = List.copyOf(servers);
    if (servers.isEmpty()) {
      throw new IllegalArgumentException("servers: at least one is needed");
    }
    Ranges.check("heartbeatInterval", heartbeatInterval, Duration.ZERO, ASKED_MAX);
    Ranges.check("heartbeatTimeout", heartbeatTimeout, Duration.ZERO, ASKED_MAX);
    if (heartbeatTimeout.isPositive() && heartbeatTimeout.compareTo(heartbeatInterval) < 0) {
      throw new IllegalArgumentException(
          "heartbeatTimeout: "
              + heartbeatTimeout
              + " is less than the interval, "
              + heartbeatInterval);
    }
    Ranges.check("connectTimeout", connectTimeout, Duration.ofMillis(1), Duration.ofMinutes(10));
  }

  /**
   * A node with a random id at localhost:9501 that leaves interval and timeout to the server, has
   * 10 s to connect, and comes back for ever.
   */
  public static ClientOptions defaults() {
    return new ClientOptions(
        List.of(new ServerAddress("localhost", ServerAddress.DEFAULT_PORT)),
        new NodeIdentity(randomNodeId("node-"), Map.of(), null, null),
        Duration.ZERO,
        Duration.ZERO,
        Duration.ofSeconds(10),
        ReconnectOptions.defaults(),
        ChannelOptions.defaults());
  }

  /**
   * The options in section {@code heartbus.client} of a HOCON file; what it leaves out has its
   * default, system properties and {@code CONFIG_FORCE_heartbus_client_…} variables override it.
   *
   * @throws IOException when the file cannot be read
   * @throws IllegalArgumentException naming file, line and key of what is wrong in it
   */
  public static ClientOptions load(Path file) throws IOException {
    return OptionsReader.read(file);
  }

  /**
   * The options in section {@code heartbus.client} of a configuration, where the section may be
   * absent or incomplete.
   *
   * @throws IllegalArgumentException naming origin and key of what is wrong in it
   */
  public static ClientOptions load(Config config) {
    return OptionsReader.read(config);
  }

  static String randomNodeId(String prefix) {
    return prefix + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
  }

  /** Each as {@link ServerAddress#parse} reads it. */
  public ClientOptions withServers(String... addresses) {
    return withServers(Arrays.stream(addresses).map(ServerAddress::parse).toList());
  }

  public ClientOptions withServers(List<ServerAddress> value) {
    return new ClientOptions(
        value, identity, heartbeatInterval, heartbeatTimeout, connectTimeout, reconnect, channels);
  }

  public ClientOptions withNodeId(String value) {
    return withIdentity(identity.withNodeId(value));
  }

  /** Replaces all metadata. */
  public ClientOptions withMetadata(Map<String, String> value) {
    return withIdentity(identity.withMetadata(value));
  }

  public ClientOptions withGroup(String value) {
    return withIdentity(identity.withGroup(value));
  }

  public ClientOptions withToken(String value) {
    return withIdentity(identity.withToken(value));
  }

  public ClientOptions withIdentity(NodeIdentity value) {
    return new ClientOptions(
        servers, value, heartbeatInterval, heartbeatTimeout, connectTimeout, reconnect, channels);
  }

  public ClientOptions withHeartbeat(Duration interval, Duration timeout) {
    return new ClientOptions(
        servers, identity, interval, timeout, connectTimeout, reconnect, channels);
  }

  public ClientOptions withConnectTimeout(Duration value) {
    return new ClientOptions(
        servers, identity, heartbeatInterval, heartbeatTimeout, value, reconnect, channels);
  }

  public ClientOptions withReconnect(ReconnectOptions value) {
    return new ClientOptions(
        servers, identity, heartbeatInterval, heartbeatTimeout, connectTimeout, value, channels);
  }

  /** With or without coming back, its pace unchanged. */
  public ClientOptions withReconnectEnabled(boolean value) {
    return withReconnect(
        new ReconnectOptions(
            value, reconnect.initialDelay(), reconnect.maxDelay(), reconnect.maxAttempts()));
  }

  public ClientOptions withReconnectDelays(Duration initial, Duration max) {
    return withReconnect(
        new ReconnectOptions(reconnect.enabled(), initial, max, reconnect.maxAttempts()));
  }

  public ClientOptions withReconnectAttempts(int max) {
    return withReconnect(
        new ReconnectOptions(
            reconnect.enabled(), reconnect.initialDelay(), reconnect.maxDelay(), max));
  }

  public ClientOptions withChannels(ChannelOptions value) {
    return new ClientOptions(
        servers, identity, heartbeatInterval, heartbeatTimeout, connectTimeout, reconnect, value);
  }

  public ClientOptions withMessageBytesMax(int value) {
    return withChannels(
        new ChannelOptions(value, channels.initialCredit(), channels.incomingMax()));
  }
}
