package io.heartbus.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsReaderTest {
  @TempDir Path folder;

  @Test
  void anEmptyConfigurationGivesTheDefaults() {
    ClientOptions options = ClientOptions.load(ConfigFactory.empty());
    ClientOptions defaults = ClientOptions.defaults();
    assertThat(options.withNodeId("n")).isEqualTo(defaults.withNodeId("n"));
  }

  @Test
  void everyKeyIsRead() throws IOException {
    ClientOptions options =
        load(
            """
            heartbus.client {
              servers = ["a:1", "[::1]:2"]
              node-id = sensor-17
              metadata { region = eu, floor = 3 }
              group = rack-4
              token = secret
              connect-timeout = 3 s
              heartbeat { interval = 5 s, timeout = 15 s }
              reconnect { enabled = off, initial-delay = 100 ms, max-delay = 2 s, max-attempts = 9 }
              channel { max-message = 1 MiB, init-credit = 8 KiB, max-incoming = 5 }
            }
            """);
    assertThat(options)
        .isEqualTo(
            ClientOptions.defaults()
                .withServers("a:1", "[::1]:2")
                .withNodeId("sensor-17")
                .withMetadata(Map.of("region", "eu", "floor", "3"))
                .withGroup("rack-4")
                .withToken("secret")
                .withConnectTimeout(Duration.ofSeconds(3))
                .withHeartbeat(Duration.ofSeconds(5), Duration.ofSeconds(15))
                .withReconnect(
                    new ReconnectOptions(false, Duration.ofMillis(100), Duration.ofSeconds(2), 9))
                .withChannels(new ChannelOptions(1 << 20, 8192, 5)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nodeid = x | unknown key heartbus.client.nodeid",
        "reconnect.max-atempts = 1 | unknown key heartbus.client.reconnect.max-atempts",
        "heartbeat { intervall = 1 s } | unknown key heartbus.client.heartbeat.intervall",
        "node-id = \"\\n\" | heartbus.client.node-id: nodeId:",
        "servers = [] | heartbus.client.servers: servers: at least one",
        "servers = [\"a:b\"] | heartbus.client.servers: server: \"a:b\"",
        "connect-timeout = 0 s | heartbus.client.connect-timeout: connectTimeout: PT0S",
        "connect-timeout = soon | connect-timeout",
        "reconnect.max-delay = 1 ms | heartbus.client.reconnect: reconnect.maxDelay: PT0.001S is"
            + " less",
        "channel.init-credit = 5 | heartbus.client.channel: channels.initialCredit: 5",
        "channel.max-message = 9 GiB | heartbus.client.channel: channels.messageBytesMax",
        "heartbeat = 5 | heartbeat",
        "metadata { a = [1] } | metadata.a is no text",
        "servers = \"a:1\" | servers"
      })
  void whatIsWrongIsNamedWithFileAndLine(String line, String fault) {
    assertThatThrownBy(() -> load("# first line\nheartbus.client {\n  " + line + "\n}\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("client.conf: 3")
        .hasMessageContaining(fault.strip());
  }

  @Test
  void aSyntaxErrorIsNamedWithFileAndLine() {
    assertThatThrownBy(() -> load("heartbus.client {\n  servers = [\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("client.conf: ");
  }

  @Test
  void keysElsewhereInTheFileAreRefusedUnlessTheyAreANeighbours() throws IOException {
    assertThatThrownBy(() -> load("hearbus.client.node-id = x"))
        .hasMessageContaining("unknown key hearbus");
    assertThatThrownBy(() -> load("heartbus.clint.node-id = x"))
        .hasMessageContaining("unknown key heartbus.clint");
    assertThat(load("heartbus.server.listen.port = 1\nheartbus.client.node-id = x").identity())
        .isEqualTo(new NodeIdentity("x", Map.of(), null, null));
  }

  @Test
  void aFileThatIsNotThereIsSaid() {
    assertThatThrownBy(() -> ClientOptions.load(folder.resolve("none.conf")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("none.conf");
  }

  @Test
  void theFileThatIsShippedIsFineAndChangesNothing() throws IOException {
    assertThat(ClientOptions.load(Path.of("../conf/client.conf")).withNodeId("n"))
        .isEqualTo(ClientOptions.defaults().withNodeId("n"));
  }

  @Test
  void systemPropertiesOverrideTheFile() throws IOException {
    System.setProperty("heartbus.client.node-id", "from-the-command-line");
    try {
      ConfigFactory.invalidateCaches();
      assertThat(load("heartbus.client.node-id = from-the-file").identity().nodeId())
          .isEqualTo("from-the-command-line");
    } finally {
      System.clearProperty("heartbus.client.node-id");
      ConfigFactory.invalidateCaches();
    }
  }

  private ClientOptions load(String text) throws IOException {
    Path file = folder.resolve("client.conf");
    Files.writeString(file, text);
    return ClientOptions.load(file);
  }
}
