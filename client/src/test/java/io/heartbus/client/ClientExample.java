package io.heartbus.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** What README shows; a test runs it, so that it stays true. */
final class ClientExample {
  private ClientExample() {}

  static String run(ClientOptions defaults) throws Exception {
    // example-begin
    String heard;
    ClientOptions options =
        defaults.withNodeId("pump-7").withHeartbeat(Duration.ofSeconds(10), Duration.ofSeconds(30));
    try (HeartbeatClient client = HeartbeatClient.connect(options)) {
      // From here on the node is online; it beats and reconnects by itself.
      client.send("pressure 3.1 bar".getBytes(StandardCharsets.UTF_8));

      try (Channel alerts = client.open("topic/alerts")) {
        alerts.send("valve open".getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(1));
        // Everybody else on the topic gets it; we get what they say.
        Optional<byte[]> news = alerts.receive(Duration.ofSeconds(1));
        heard = news.map(bytes -> new String(bytes, StandardCharsets.UTF_8)).orElse("silence");
      }

      byte[] answer = client.request("echo", new byte[] {1, 2, 3}, Duration.ofSeconds(5));
      System.out.println(answer.length + " bytes back in " + client.ping(Duration.ofSeconds(5)));
    }
    // example-end
    return heard;
  }
}
