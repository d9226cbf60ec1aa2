package io.heartbus.server;

import com.typesafe.config.Config;
import io.heartbus.protocol.Wire;
import io.heartbus.server.channel.ChannelSettings;
import io.heartbus.server.connection.ConnectionSettings;
import io.heartbus.server.connection.DrainSettings;
import io.heartbus.server.connection.ListenSettings;
import io.heartbus.server.http.HttpSettings;
import io.heartbus.server.http.StreamSettings;
import io.heartbus.server.liveness.HeartbeatPolicy;
import io.heartbus.server.node.NodeTableSettings;
import java.util.Set;

/** Turns a merged configuration into a {@link ServerConfig}: types, ranges, then contradictions. */
final class ServerConfigReader {
  private static final long SECOND_MS = 1000;
  private static final long MINUTE_MS = 60 * SECOND_MS;
  private static final long HOUR_MS = 60 * MINUTE_MS;
  private static final long DAY_MS = 24 * HOUR_MS;

  private static final int PORT_MAX = 0xFFFF;
  private static final int FEEDS_MAX = 900;
  private static final int BACKLOG_MAX = 1_000_000;
  private static final int ACCEPTORS_MAX = 64;
  private static final int RATE_MAX = 100_000_000;
  private static final int ACK_EVERY_MAX = 255;
  private static final int CONNECTIONS_MAX = 10_000_000;
  private static final int COUNT_MAX = 1_000_000;
  private static final int NODES_RETAINED_MAX = 100_000_000;
  private static final int OUTBOX_BYTES_MIN = 4096;
  private static final int BUFFERED_BYTES_MIN = 1024;
  private static final int HALF_GIB = 1 << 29;
  private static final int TIMEOUT_INTERVALS_MIN = 3;

  private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");
  private static final String HOST = "must be a name or an address of this machine";

  private final StrictConfig config;

  ServerConfigReader(Config merged) {
    config = StrictConfig.at(merged, ConfigSources.ROOT);
    config.refuseUnknown(ConfigSources.reference().getObject(ConfigSources.ROOT));
  }

  /** Throws a {@link ConfigurationException} about the first thing that is wrong. */
  ServerConfig read() {
    ListenSettings listen = listen();
    HttpSettings http = http();
    refuseSharedPort(listen, http);
    HeartbeatPolicy heartbeat = heartbeat();
    refuseContradictions(heartbeat);
    long checkIntervalMs = config.durationMs("heartbeat.check-interval", 1, MINUTE_MS);
    ConnectionSettings connections = connections();
    ChannelSettings channels = channels();
    if (channels.initialCreditBytes() > connections.connectionBudgetBytes()) {
      throw config.contradiction(
          "channel.init-credit",
          "limits.connection-budget",
          "init-credit must be at most connection-budget");
    }
    PresenceReader presence = new PresenceReader(config);
    return new ServerConfig(
        listen,
        http,
        heartbeat,
        checkIntervalMs,
        connections,
        channels,
        nodes(presence),
        presence.read(),
        drain());
  }

  private ListenSettings listen() {
    return new ListenSettings(
        config.text("listen.host", HOST),
        config.count("listen.port", 0, PORT_MAX),
        config.count("listen.backlog", 1, BACKLOG_MAX),
        config.count("listen.acceptors", 1, ACCEPTORS_MAX));
  }

  private HttpSettings http() {
    return new HttpSettings(
        config.text("http.host", HOST),
        config.count("http.port", 0, PORT_MAX),
        new StreamSettings(
            config.count("http.max-feeds", 0, FEEDS_MAX),
            StreamSettings.KEEP_ALIVE_MS,
            config.durationMs("limits.write-timeout", 1, HOUR_MS)));
  }

  private void refuseSharedPort(ListenSettings listen, HttpSettings http) {
    boolean overlap =
        listen.host().equals(http.host())
            || WILDCARDS.contains(listen.host())
            || WILDCARDS.contains(http.host());
    if (overlap && listen.port() != 0 && listen.port() == http.port()) {
      throw config.contradiction("http.port", "listen.port", "each needs a port of its own");
    }
  }

  private HeartbeatPolicy heartbeat() {
    return new HeartbeatPolicy(
        config.durationMs("heartbeat.interval", 1, DAY_MS),
        config.durationMs("heartbeat.timeout", 1, DAY_MS),
        config.durationMs("heartbeat.min-interval", 1, DAY_MS),
        config.durationMs("heartbeat.min-timeout", 1, DAY_MS),
        config.durationMs("heartbeat.max-interval", 1, DAY_MS),
        config.durationMs("heartbeat.max-timeout", 1, DAY_MS),
        config.count("heartbeat.max-per-second", 1, RATE_MAX),
        config.count("heartbeat.ack-every", 0, ACK_EVERY_MAX));
  }

  private void refuseContradictions(HeartbeatPolicy policy) {
    require(
        policy.timeoutMs() >= TIMEOUT_INTERVALS_MIN * policy.intervalMs(),
        "heartbeat.timeout",
        "heartbeat.interval",
        "timeout must be at least 3 x interval");
    require(
        policy.intervalMs() >= policy.intervalMinMs(),
        "heartbeat.interval",
        "heartbeat.min-interval",
        "interval must be at least min-interval");
    require(
        policy.intervalMs() <= policy.intervalMaxMs(),
        "heartbeat.interval",
        "heartbeat.max-interval",
        "interval must be at most max-interval");
    require(
        policy.timeoutMs() >= policy.timeoutMinMs(),
        "heartbeat.timeout",
        "heartbeat.min-timeout",
        "timeout must be at least min-timeout");
    require(
        policy.timeoutMs() <= policy.timeoutMaxMs(),
        "heartbeat.timeout",
        "heartbeat.max-timeout",
        "timeout must be at most max-timeout");
    require(
        policy.timeoutMaxMs() >= TIMEOUT_INTERVALS_MIN * policy.intervalMaxMs(),
        "heartbeat.max-timeout",
        "heartbeat.max-interval",
        "max-timeout must be at least 3 x max-interval");
  }

  private void require(boolean holds, String left, String right, String rule) {
    if (!holds) {
      throw config.contradiction(left, right, rule);
    }
  }

  private ConnectionSettings connections() {
    return new ConnectionSettings(
        config.count("limits.max-connections", 1, CONNECTIONS_MAX),
        config.count("limits.max-connections-per-ip", 0, CONNECTIONS_MAX),
        config.count("limits.registrations-per-second", 1, RATE_MAX),
        config.durationMs("limits.register-timeout", 1, HOUR_MS),
        config.durationMs("limits.frame-timeout", 1, HOUR_MS),
        config.durationMs("limits.write-timeout", 1, HOUR_MS),
        config.bytes("limits.max-frame", Wire.REGISTER_BODY_BYTES_MAX, Wire.BODY_BYTES_MAX),
        config.bytes("limits.connection-budget", Wire.INITIAL_CREDIT_MIN, HALF_GIB),
        config.bytes("limits.outbox", OUTBOX_BYTES_MIN, HALF_GIB),
        config.count("limits.control-frames", 0, COUNT_MAX),
        config.flag("legacy.enabled"),
        config.secret("auth.token", Wire.AUTH_BYTES_MAX));
  }

  private ChannelSettings channels() {
    int messageBytesMax = config.bytes("limits.max-message", 1, HALF_GIB);
    int queueMessagesMax = config.count("channel.queue-size", 1, COUNT_MAX);
    return new ChannelSettings(
        config.bytes("channel.init-credit", Wire.INITIAL_CREDIT_MIN, HALF_GIB),
        config.count("channel.max-per-connection", 0, COUNT_MAX),
        queueMessagesMax,
        messageBytesMax,
        config.bytesOrShare(
            "limits.buffered-bytes", BUFFERED_BYTES_MIN, Runtime.getRuntime().maxMemory()),
        new RouteReader(config, queueMessagesMax, messageBytesMax).read());
  }

  private NodeTableSettings nodes(PresenceReader presence) {
    return new NodeTableSettings(
        config.count("limits.takeovers", 0, COUNT_MAX),
        config.durationMs("presence.retain", 0, 365 * DAY_MS),
        config.count("presence.retain-max", 0, NODES_RETAINED_MAX),
        presence.grace(),
        presence.flap());
  }

  private DrainSettings drain() {
    return new DrainSettings(
        config.durationMs("drain.window", 0, HOUR_MS),
        config.count("drain.reconnect-rate", 1, RATE_MAX));
  }
}
