package io.heartbus.example;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heartbus.client.ClientOptions;
import io.heartbus.client.HeartbeatClient;
import io.heartbus.server.HeartbeatServer;
import io.heartbus.server.ServerConfig;
import io.heartbus.server.channel.ChannelHandler;
import java.time.Duration;
import java.util.Map;

/** A server with a handler of its own, and a node that asks it; README shows it. */
final class EmbeddingExample {
  private EmbeddingExample() {}

  static String run(ServerConfig config, ClientOptions defaults) throws Exception {
    // example-begin
    String quote;
    ChannelHandler quotes =
        channel -> {
          // A virtual thread for each channel: plain code that blocks where it has to wait.
          for (byte[] ask = channel.receive(); ask != null; ask = channel.receive()) {
            String answer = new String(ask, UTF_8) + " at 41.50 for " + channel.node().id();
            channel.send(answer.getBytes(UTF_8));
          }
        };
    try (HeartbeatServer server = HeartbeatServer.start(config, Map.of("quotes", quotes))) {
      ClientOptions options =
          defaults.withNodeId("desk-3").withServers("127.0.0.1:" + server.busAddress().getPort());
      try (HeartbeatClient client = HeartbeatClient.connect(options)) {
        byte[] answer = client.request("quotes", "ACME".getBytes(UTF_8), Duration.ofSeconds(5));
        quote = new String(answer, UTF_8);
      }
    }
    // example-end
    return quote;
  }
}
