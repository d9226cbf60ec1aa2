package io.heartbus.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.heartbus.server.channel.Overflow;
import io.heartbus.server.channel.Route;
import io.heartbus.server.connection.DrainSettings;
import io.heartbus.server.connection.ListenSettings;
import io.heartbus.server.http.HttpSettings;
import io.heartbus.server.http.StreamSettings;
import io.heartbus.server.liveness.FlapSettings;
import io.heartbus.server.liveness.HeartbeatPolicy;
import io.heartbus.server.liveness.MassLossSettings;
import io.heartbus.server.liveness.StallSettings;
import io.heartbus.server.node.GraceSettings;
import io.heartbus.server.node.NodeTableSettings;
import io.heartbus.server.presence.LogSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a configuration means. */
class ServerConfigTest {
  private static final String[] KEYS = {
    "listen.host",
    "listen.port",
    "listen.backlog",
    "listen.acceptors",
    "http.host",
    "http.port",
    "http.max-feeds",
    "heartbeat.interval",
    "heartbeat.timeout",
    "heartbeat.min-interval",
    "heartbeat.min-timeout",
    "heartbeat.max-interval",
    "heartbeat.max-timeout",
    "heartbeat.check-interval",
    "heartbeat.max-per-second",
    "heartbeat.ack-every",
    "limits.max-connections",
    "limits.max-connections-per-ip",
    "limits.registrations-per-second",
    "limits.takeovers",
    "limits.register-timeout",
    "limits.frame-timeout",
    "limits.write-timeout",
    "limits.max-frame",
    "limits.max-message",
    "limits.connection-budget",
    "limits.outbox",
    "limits.buffered-bytes",
    "limits.control-frames",
    "channel.init-credit",
    "channel.max-per-connection",
    "channel.queue-size",
    "channel.routes",
    "presence.offline-grace",
    "presence.retain",
    "presence.retain-max",
    "presence.canaries",
    "presence.stall.gap",
    "presence.stall.canary-timeout",
    "presence.stall.freeze-max",
    "presence.mass-loss.share",
    "presence.mass-loss.nodes",
    "presence.mass-loss.group-share",
    "presence.mass-loss.group-nodes",
    "presence.mass-loss.hold",
    "presence.mass-loss.release",
    "presence.flap.penalty",
    "presence.flap.half-life",
    "presence.flap.suppress",
    "presence.flap.reuse",
    "presence.log.events",
    "presence.log.bytes",
    "presence.log.dir",
    "presence.log.fsync",
    "presence.log.fsync-interval",
    "presence.log.segment",
    "presence.log.retain-bytes",
    "presence.log.retain",
    "presence.webhooks",
    "legacy.enabled",
    "auth.token",
    "drain.window",
    "drain.reconnect-rate"
  };

  @TempDir private Path folder;

  @Test
  void everyKeyHasADefaultAndAComment() {
    Map<String, ConfigValue> leaves = new TreeMap<>();
    leaves(ConfigSources.reference().getObject(ConfigSources.ROOT), "", leaves);
    assertThat(leaves.keySet()).containsExactlyInAnyOrder(KEYS);
    leaves.forEach((key, value) -> assertThat(value.origin().comments()).as(key).isNotEmpty());
  }

  @Test
  void theDefaultsAreThoseOfTheDocumentation() {
    ServerConfig config = ServerConfig.defaults();
    assertThat(config.listen()).isEqualTo(new ListenSettings("0.0.0.0", 9501, 4096, 1));
    assertThat(config.http())
        .isEqualTo(new HttpSettings("127.0.0.1", 9502, new StreamSettings(256, 10_000, 10_000)));
    assertThat(config.heartbeat())
        .isEqualTo(
            new HeartbeatPolicy(10_000, 30_000, 1_000, 5_000, 600_000, 3_600_000, 100_000, 1));
    assertThat(config.checkIntervalMs()).isEqualTo(250);
    assertThat(config.connections().connectionsMax()).isEqualTo(1_000_000);
    assertThat(config.connections().connectionsPerAddressMax()).isZero();
    assertThat(config.connections().registrationsPerSecondMax()).isEqualTo(20_000);
    assertThat(config.connections().registerTimeoutMs()).isEqualTo(5_000);
    assertThat(config.connections().frameTimeoutMs()).isEqualTo(10_000);
    assertThat(config.connections().writeTimeoutMs()).isEqualTo(10_000);
    assertThat(config.connections().frameBytesMax()).isEqualTo(65_536);
    assertThat(config.connections().connectionBudgetBytes()).isEqualTo(262_144);
    assertThat(config.connections().outboxBytesMax()).isEqualTo(65_536);
    assertThat(config.connections().controlFramesMax()).isEqualTo(200);
    assertThat(config.connections().legacyEnabled()).isTrue();
    assertThat(config.connections().authToken()).isNull();
    assertThat(config.nodes())
        .isEqualTo(
            new NodeTableSettings(
                10,
                86_400_000,
                100_000,
                new GraceSettings(0, Map.of()),
                new FlapSettings(1_000, 300_000, 3_000, 750)));
    assertThat(config.presence())
        .isEqualTo(
            new PresenceConfig(
                1,
                new StallSettings(500, 2_000, 60_000),
                new MassLossSettings(0.01, 50, 0.55, 20, 1, 2),
                new LogSettings(
                    100_000,
                    32 << 20,
                    null,
                    LogSettings.Fsync.INTERVAL,
                    1_000,
                    16 << 20,
                    1 << 30,
                    7 * 86_400_000L),
                List.of()));
    assertThat(config.drain()).isEqualTo(new DrainSettings(10_000, 10_000));
    assertThat(config.channels().initialCreditBytes()).isEqualTo(4_096);
    assertThat(config.channels().channelsPerConnectionMax()).isEqualTo(1_024);
    assertThat(config.channels().queueMessagesMax()).isEqualTo(1_000);
    assertThat(config.channels().messageBytesMax()).isEqualTo(10 << 20);
    assertThat(config.channels().bufferedBytesMax())
        .isEqualTo(Runtime.getRuntime().maxMemory() / 100 * 25);
  }

  @Test
  void theDefaultRoutesAreThoseOfTheDocumentation() {
    assertThat(ServerConfig.defaults().channels().routes())
        .containsExactly(
            new Route("echo", "echo", 1_000, Overflow.BLOCK, 10 << 20),
            new Route("discard", "discard", 1_000, Overflow.BLOCK, 10 << 20),
            new Route("presence", "presence", 1_000, Overflow.BLOCK, 10 << 20),
            new Route("topic/*", "topic", 1_000, Overflow.DROP_OLDEST, 10 << 20),
            new Route("group/*", "group", 1_000, Overflow.BLOCK, 10 << 20),
            new Route("node/*", "node", 1_000, Overflow.BLOCK, 10 << 20),
            new Route("default", "discard", 1_000, Overflow.BLOCK, 10 << 20));
  }

  @Test
  void theFileOfTheRepositoryIsFineAndSaysWhatTheDefaultsSay() {
    Path file = Path.of("..", "conf", "server.conf");
    assertThat(ServerConfig.load(file)).isEqualTo(ServerConfig.defaults());
  }

  @Test
  void aFileSaysWhatDiffers() throws IOException {
    ServerConfig config =
        load(
            """
            heartbus {
              server {
                listen.port = 0
                heartbeat { interval = 250 ms, timeout = 2000, min-interval = 100 ms, min-timeout = 1 s }
                limits { max-frame = 8k, buffered-bytes = 512 MiB, max-connections = 1e3 }
                auth.token = "very secret"
                legacy.enabled = off
              }
              client.servers = ["127.0.0.1:9501"]
            }
            """);
    assertThat(config.listen().port()).isZero();
    assertThat(config.listen().backlog()).isEqualTo(4096);
    assertThat(config.heartbeat().intervalMs()).isEqualTo(250);
    assertThat(config.heartbeat().timeoutMs()).isEqualTo(2_000);
    assertThat(config.connections().frameBytesMax()).isEqualTo(8_192);
    assertThat(config.connections().connectionsMax()).isEqualTo(1_000);
    assertThat(config.connections().authToken()).isEqualTo("very secret");
    assertThat(config.connections().legacyEnabled()).isFalse();
    assertThat(config.channels().bufferedBytesMax()).isEqualTo(512L << 20);
    assertThat(config.toString()).doesNotContain("very secret");
  }

  @Test
  void ownRoutesCanComeBeforeTheUsualOnes() throws IOException {
    List<Route> routes =
        load("""
        heartbus.server {
          limits.max-message = 1 MiB
          channel.queue-size = 7
          channel.routes = [
            { match = "orders/*", handler = topic, queue-size = 100, overflow = disconnect }
            { match = "echo", handler = "com.example.Shout$Loud", max-message = 2 KiB }
          ] ${heartbus.server.channel.routes}
        }
        """)
            .channels()
            .routes();
    assertThat(routes).hasSize(9);
    assertThat(routes.subList(0, 3))
        .containsExactly(
            new Route("orders/*", "topic", 100, Overflow.DISCONNECT, 1 << 20),
            new Route("echo", "com.example.Shout$Loud", 7, Overflow.BLOCK, 2_048),
            new Route("echo", "echo", 7, Overflow.BLOCK, 1 << 20));
  }

  @Test
  void anApplicationHandsOverItsOwnConfiguration() {
    Config application =
        ConfigFactory.parseString(
            "application.name = shop, port = 7, heartbus.server.listen.port = ${port}");
    ServerConfig config = ServerConfig.of(application);
    assertThat(config.listen().port()).isEqualTo(7);
    assertThat(config.http()).isEqualTo(ServerConfig.defaults().http());
  }

  private ServerConfig load(String text) throws IOException {
    return ServerConfig.load(Files.writeString(folder.resolve("server.conf"), text));
  }

  private static void leaves(ConfigObject object, String prefix, Map<String, ConfigValue> into) {
    object.forEach((key, value) -> {
      if (value instanceof ConfigObject section) {
        leaves(section, prefix + key + ".", into);
      } else {
        into.put(prefix + key, value);
      }
    });
  }
}
