package io.heartbus.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.node.Cause;
import io.heartbus.server.node.Node;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Nodes as the API shows them. */
class NodesTest {
  private static final String[] KEYS = {
    "id",
    "state",
    "since",
    "cause",
    "address",
    "protocol",
    "session",
    "connectedAt",
    "lastSeenMs",
    "intervalMs",
    "timeoutMs",
    "rttMicros",
    "group",
    "channels",
    "metadata"
  };

  private Bench bench;

  @BeforeEach
  void open() throws IOException {
    bench = Bench.open();
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void aLiveNodeHasAllItsKeys() throws Exception {
    bench.register("n1", "rack-7", Map.of("os", "linux"));
    Node node = bench.node("n1");
    node.roundTrip(420);
    JsonNode json = bench.json("/api/v1/nodes/n1");
    List<String> keys = new ArrayList<>(List.of(KEYS));
    keys.addAll(List.of("channelDetails", "eventsSuppressed", "suppressed"));
    assertThat(json.propertyNames()).containsExactlyElementsOf(keys);
    assertThat(json.get("id").asString()).isEqualTo("n1");
    assertThat(json.get("state").asString()).isEqualTo("ONLINE");
    assertThat(json.get("cause").isNull()).isTrue();
    assertThat(json.get("address").asString()).isEqualTo("192.0.2.7:40001");
    assertThat(json.get("protocol").asString()).isEqualTo("HBP/2");
    assertThat(json.get("session").asLong()).isEqualTo(node.epoch());
    assertThat(json.get("lastSeenMs").asLong()).isBetween(0L, 60_000L);
    assertThat(json.get("intervalMs").asInt()).isEqualTo(10_000);
    assertThat(json.get("timeoutMs").asInt()).isEqualTo(30_000);
    assertThat(json.get("rttMicros").asInt()).isEqualTo(420);
    assertThat(json.get("group").asString()).isEqualTo("rack-7");
    assertThat(json.get("channels").asInt()).isEqualTo(3);
    assertThat(json.get("metadata").toString()).isEqualTo("{\"os\":\"linux\"}");
    assertThat(json.get("channelDetails").isArray()).isTrue();
    assertThat(json.get("eventsSuppressed").asInt()).isZero();
    assertThat(json.get("suppressed").asBoolean()).isFalse();
  }

  @Test
  void timesAreInUtcWithMilliseconds() throws Exception {
    bench.register("n1");
    JsonNode json = bench.json("/api/v1/nodes/n1");
    String connectedAt = json.get("connectedAt").asString();
    assertThat(connectedAt).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    assertThat(Instant.parse(connectedAt).toEpochMilli())
        .isEqualTo(bench.node("n1").connectedAtMs());
    assertThat(json.get("since").asString()).isEqualTo(connectedAt);
  }

  @Test
  void whatIsNotKnownIsNullAndNotLeftOut() throws Exception {
    bench.register("n1");
    bench.nodes.leave(bench.node("n1"), Cause.LEFT);
    JsonNode json = bench.json("/api/v1/nodes").get("nodes").get(0);
    assertThat(json.propertyNames()).containsExactly(KEYS);
    for (String key : new String[] {"lastSeenMs", "rttMicros", "group"}) {
      assertThat(json.get(key).isNull()).as(key).isTrue();
    }
    assertThat(json.get("cause").asString()).isEqualTo("LEFT");
    assertThat(json.get("address").asString()).isEqualTo("192.0.2.7:40001");
    assertThat(json.get("channels").asInt()).isZero();
    assertThat(json.get("metadata").toString()).isEqualTo("{}");
  }

  @Test
  void anIdMayHoldAnything() throws Exception {
    for (String id : List.of("a/b", "..", "100%", "a+b c", "é😀", "?x=1&y#z", "\"<script>")) {
      bench.register(id);
      String encoded = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
      assertThat(bench.json("/api/v1/nodes/" + encoded).get("id").asString()).isEqualTo(id);
    }
    assertThat(bench.json("/api/v1/nodes/a/b").get("id").asString()).isEqualTo("a/b");
  }

  @Test
  void aNodeThatNobodyKnowsIsNotFound() throws Exception {
    assertThat(bench.get("/api/v1/nodes/ghost").statusCode()).isEqualTo(404);
    assertThat(bench.get("/api/v1/nodes/ghost").body()).contains("no such node: ghost");
  }

  @Test
  void anEmptyTableIsOneEmptyPage() throws Exception {
    JsonNode page = bench.json("/api/v1/nodes");
    assertThat(page.propertyNames()).containsExactly("nodes", "next", "epoch", "at");
    assertThat(page.get("nodes").size()).isZero();
    assertThat(page.get("next").isNull()).isTrue();
    assertThat(page.get("epoch").asString()).isEqualTo(Bench.EPOCH);
    assertThat(page.get("at").asLong()).isEqualTo(bench.log.last());
  }

  @Test
  void pagesGoThroughAllNodesInByteOrder() throws Exception {
    List<String> ids = registerMany();
    assertThat(walk("limit=97")).isEqualTo(ids);
    assertThat(walk("limit=1000")).isEqualTo(ids);
    assertThat(walk("")).isEqualTo(ids);
    assertThat(walk("limit=10000")).isEqualTo(ids);
  }

  @Test
  void filtersHoldOnEveryPage() throws Exception {
    List<String> ids = registerMany();
    assertThat(walk("limit=50&prefix=node-1"))
        .isEqualTo(ids.stream().filter(id -> id.startsWith("node-1")).toList());
    assertThat(walk("limit=1&prefix=%F0%9F%98%80")).containsExactly("😀", "😀a");
    assertThat(walk("limit=50&group=g3"))
        .isEqualTo(ids.stream().filter(id -> group(id).equals("g3")).toList());
    assertThat(walk("limit=50&state=OFFLINE"))
        .isEqualTo(ids.stream().filter(NodesTest::leaves).toList());
    assertThat(walk("limit=50&state=online&prefix=node-2&group=g1"))
        .isEqualTo(
            ids.stream()
                .filter(id -> !leaves(id) && id.startsWith("node-2") && group(id).equals("g1"))
                .toList());
    assertThat(walk("prefix=nobody")).isEmpty();
    assertThat(walk("state=SUSPECT")).isEmpty();
  }

  /** 3,000 nodes, some with ids where the order of bytes is not that of UTF-16. */
  private List<String> registerMany() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 2_990; i++) {
      ids.add("node-" + i);
    }
    ids.addAll(List.of("é", "z", "Z", "\uFFFD", "😀", "😀a", "\uE000", "\uD7FF", "~", "node"));
    Collections.shuffle(ids, new Random(7));
    for (String id : ids) {
      bench.register(id, group(id), Map.of());
      if (leaves(id)) {
        bench.nodes.leave(bench.node(id), Cause.LEFT);
      }
    }
    ids.sort((left, right) ->
        Arrays.compareUnsigned(
            left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8)));
    return ids;
  }

  private static String group(String id) {
    return "g" + Math.floorMod(id.hashCode(), 5);
  }

  private static boolean leaves(String id) {
    return Math.floorMod(id.hashCode(), 7) == 0;
  }

  /** The ids on all pages, each page asked for with the cursor of the one before. */
  private List<String> walk(String query) throws Exception {
    List<String> ids = new ArrayList<>();
    String cursor = null;
    do {
      String after = cursor == null ? "" : (query.isEmpty() ? "" : "&") + "after=" + cursor;
      JsonNode page = bench.json("/api/v1/nodes?" + query + after);
      page.get("nodes").forEach(node -> ids.add(node.get("id").asString()));
      JsonNode next = page.get("next");
      cursor = next.isNull() ? null : next.asString();
      assertThat(cursor == null ? "-" : cursor).matches("[A-Za-z0-9_-]+");
    } while (cursor != null);
    return ids;
  }
}
