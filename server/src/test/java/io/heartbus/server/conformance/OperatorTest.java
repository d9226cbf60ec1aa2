package io.heartbus.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.protocol.Frame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What somebody can see and change over HTTP, while real nodes come and go. */
class OperatorTest {
  private static final int TLV_GROUP = 5;
  private static final Frame.Stats NOTHING = new Frame.Stats(0, 0);

  @Test
  void anotherPaceReachesTheNodesItIsMeantFor() throws Exception {
    try (TestServer server = TestServer.start();
        Http http = new Http(server);
        Peer one = server.connect();
        Peer other = server.connect();
        LegacyPeer legacy = LegacyPeer.connect(server)) {
      one.register(grouped("one", "g"));
      other.register(grouped("other", "h"));
      legacy.register("legacy", "{}");
      String pace = "{\"intervalMs\":2000,\"timeoutMs\":9000}";
      assertThat(http.patch("/api/v1/nodes?group=g", pace)).isEqualTo("{\"changed\":1}");
      one.send(Frame.HeartbeatRequest.PLAIN)
          .expect(new Frame.HeartbeatResponse(NOTHING, new Frame.Pace(2_000, 9_000)));
      other.send(Frame.HeartbeatRequest.PLAIN).expect(Frame.HeartbeatResponse.PLAIN);
      assertThat(http.patch("/api/v1/nodes/other", "{\"intervalMs\":20000}"))
          .isEqualTo("{\"changed\":1}");
      other
          .send(Frame.HeartbeatRequest.PLAIN)
          .expect(new Frame.HeartbeatResponse(NOTHING, new Frame.Pace(20_000, 60_000)))
          .send(Frame.HeartbeatRequest.PLAIN)
          .expect(Frame.HeartbeatResponse.PLAIN);
      assertThat(http.json("/api/v1/nodes/other").get("intervalMs").asInt()).isEqualTo(20_000);
      assertThat(http.patch("/api/v1/nodes", pace)).isEqualTo("{\"changed\":2}");
      assertThat(http.patch("/api/v1/nodes/legacy", pace)).isEqualTo("{\"changed\":0}");
    }
  }

  @Test
  void aSnapshotAndTheEventsSinceMakeTheWholePicture() throws Exception {
    try (TestServer server = TestServer.start();
        Http http = new Http(server)) {
      List<Peer> peers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        Peer peer = server.connect();
        peer.register(grouped("node-" + i, "g" + i % 2));
        peers.add(peer);
      }
      Map<String, String> picture = new TreeMap<>();
      JsonNode page = http.json("/api/v1/nodes?limit=7");
      final String since =
          "after=" + page.get("at").asLong() + "&epoch=" + page.get("epoch").asString();
      while (!page.get("next").isNull()) {
        page.get("nodes").forEach(node -> put(picture, node));
        peers.removeFirst().close();
        peers.removeLast().close();
        page = http.json("/api/v1/nodes?limit=7&after=" + page.get("next").asString());
      }
      page.get("nodes").forEach(node -> put(picture, node));
      TestServer.await(() -> server.nodes().live() == peers.size(), () -> "they do not leave");
      for (JsonNode event : http.json("/api/v1/events?" + since).get("events")) {
        picture.put(
            event.get("node").asString(), event.get("type").asString().toUpperCase(Locale.ROOT));
      }
      assertThat(picture).isEqualTo(whole(http));
      for (Peer peer : peers) {
        peer.close();
      }
    }
  }

  private static Map<String, String> whole(Http http) throws Exception {
    Map<String, String> whole = new TreeMap<>();
    http.json("/api/v1/nodes").get("nodes").forEach(node -> put(whole, node));
    assertThat(whole).hasSize(20);
    return whole;
  }

  private static void put(Map<String, String> picture, JsonNode node) {
    picture.put(node.get("id").asString(), node.get("state").asString());
  }

  private static RawRegister grouped(String id, String group) {
    return RawRegister.of(id).tlv(TLV_GROUP, group.getBytes(StandardCharsets.UTF_8));
  }
}
