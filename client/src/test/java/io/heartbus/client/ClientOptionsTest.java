package io.heartbus.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbus.protocol.FrameWriter;
import io.heartbus.protocol.Wire;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClientOptionsTest {
  private final ClientOptions options = ClientOptions.defaults();

  @Test
  void defaultsAreUsableAndEveryNodeHasAnIdOfItsOwn() {
    assertThat(options.servers()).containsExactly(new ServerAddress("localhost", 9501));
    assertThat(options.identity().nodeId()).startsWith("node-");
    assertThat(options.identity().nodeId())
        .isNotEqualTo(ClientOptions.defaults().identity().nodeId());
    assertThat(options.reconnect().enabled()).isTrue();
  }

  @Test
  void eachWithChangesOneThing() {
    ClientOptions changed =
        options
            .withServers("a:1", "[::1]:2")
            .withNodeId("n")
            .withMetadata(Map.of("k", "v"))
            .withGroup("g")
            .withToken("t")
            .withHeartbeat(Duration.ofSeconds(1), Duration.ofSeconds(3))
            .withConnectTimeout(Duration.ofSeconds(4))
            .withReconnectEnabled(false)
            .withReconnectDelays(Duration.ofSeconds(5), Duration.ofSeconds(6))
            .withReconnectAttempts(7)
            .withMessageBytesMax(8);
    assertThat(changed)
        .isEqualTo(
            new ClientOptions(
                List.of(new ServerAddress("a", 1), new ServerAddress("::1", 2)),
                new NodeIdentity("n", Map.of("k", "v"), "g", "t"),
                Duration.ofSeconds(1),
                Duration.ofSeconds(3),
                Duration.ofSeconds(4),
                new ReconnectOptions(false, Duration.ofSeconds(5), Duration.ofSeconds(6), 7),
                new ChannelOptions(8, 65_536, 1024)));
  }

  @Test
  void theTokenIsNeverPrinted() {
    assertThat(options.withToken("hunter2").toString())
        .doesNotContain("hunter2")
        .contains("hidden");
  }

  @Test
  void everyValueOutOfRangeIsNamed() {
    refused(() -> options.withServers(List.of()), "servers: at least one is needed");
    refused(() -> options.withNodeId(""), "nodeId: \"\" is not");
    refused(() -> options.withNodeId("x".repeat(129)), "nodeId: ");
    refused(() -> options.withNodeId("a\nb"), "nodeId: ");
    refused(() -> options.withNodeId("\uD800"), "nodeId: ");
    refused(() -> options.withGroup("\uD800"), "group: half a surrogate pair");
    refused(() -> options.withMetadata(Map.of("k".repeat(256), "v")), "metadata: the key");
    refused(() -> options.withMetadata(Map.of("k", "v".repeat(4096))), "metadata: with node id");
    refused(() -> options.withToken("t".repeat(2049)), "token: 2049 bytes, at most 2048");
    refused(
        () -> options.withHeartbeat(Duration.ofSeconds(-1), Duration.ZERO),
        "heartbeatInterval: PT-1S is not between PT0S and PT24H");
    refused(
        () -> options.withHeartbeat(Duration.ofSeconds(9), Duration.ofSeconds(3)),
        "heartbeatTimeout: PT3S is less than the interval, PT9S");
    refused(() -> options.withConnectTimeout(Duration.ZERO), "connectTimeout: PT0S is not");
    refused(
        () -> options.withReconnectDelays(Duration.ofSeconds(2), Duration.ofSeconds(1)),
        "reconnect.maxDelay: PT1S is less than initialDelay, PT2S");
    refused(() -> options.withReconnectAttempts(-1), "reconnect.maxAttempts: -1 is not");
    refused(() -> options.withMessageBytesMax(0), "channels.messageBytesMax: 0 is not");
    refused(() -> new ChannelOptions(1, 1023, 1), "channels.initialCredit: 1023 is not");
    refused(() -> new ChannelOptions(1, 1024, 0), "channels.incomingMax: 0 is not");
  }

  @Test
  void theLargestIdentityFitsIntoOneRegister() {
    NodeIdentity identity =
        new NodeIdentity("n", Map.of("k", "v".repeat(4096 - 53 - 1 - 6)), null, null);
    ClientOptions largest = options.withIdentity(identity);
    Registration registration = new Registration(largest, true, new Random(1));
    registration.next();
    int bytes = FrameWriter.encode(registration.next()).length;
    assertThat(bytes).isLessThanOrEqualTo(Wire.HEADER_BYTES + Wire.REGISTER_BODY_BYTES_MAX);
    refused(() -> identity.withNodeId("no"), "metadata: ");
  }

  private static void refused(Runnable change, String fault) {
    assertThatThrownBy(change::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(fault);
  }
}
