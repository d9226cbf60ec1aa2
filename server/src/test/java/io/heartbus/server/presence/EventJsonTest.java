package io.heartbus.server.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.node.Cause;
import io.heartbus.server.node.EventType;
import io.heartbus.server.node.NodeEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Events as they are written. */
class EventJsonTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Test
  void anEventOfANodeHasAllItsKeysInOrder() {
    NodeEvent what =
        new NodeEvent(EventType.OFFLINE, "n1", 1_790_000_000_000_001L, Cause.TIMEOUT, "g", 31, "d");
    assertThat(text(new PresenceEvent(42, 1_790_000_000_120L, what)))
        .isEqualTo(
            "{\"seq\":42,\"time\":\"2026-09-21T14:13:20.120Z\",\"type\":\"offline\",\"node\":\"n1\","
                + "\"session\":1790000000000001,\"cause\":\"TIMEOUT\",\"group\":\"g\","
                + "\"silenceMs\":31,\"detail\":\"d\"}");
  }

  @Test
  void whatIsNotKnownIsNullAndNotLeftOut() {
    NodeEvent loss = new NodeEvent(EventType.MASS_LOSS, null, 0, null, null, -1, null);
    assertThat(text(new PresenceEvent(1, 0, loss)))
        .isEqualTo(
            "{\"seq\":1,\"time\":\"1970-01-01T00:00:00.000Z\",\"type\":\"mass_loss\",\"node\":null,"
                + "\"session\":null,\"cause\":null,\"group\":null,\"silenceMs\":null,"
                + "\"detail\":null}");
    assertThat(text(new PresenceEvent(1, 0, NodeEvent.stall(0, "x")))).contains("\"silenceMs\":0");
  }

  @Test
  void anEventIsOneLineWhateverItsNodeIsCalled() {
    for (String id : List.of("a\nb", "a\r\nb", "\u2028", "\"\\", "é😀", "data: x\n\n")) {
      NodeEvent what = new NodeEvent(EventType.ONLINE, id, 7, null, id, -1, id);
      String text = text(new PresenceEvent(1, 0, what));
      assertThat(text.chars()).noneMatch(c -> c == '\n' || c == '\r');
      JsonNode json = JSON.readTree(text);
      assertThat(json.get("node").asString()).isEqualTo(id);
      assertThat(json.get("group").asString()).isEqualTo(id);
      assertThat(json.get("detail").asString()).isEqualTo(id);
    }
  }

  @Test
  void anEventIsWrittenTheSameWithinSomethingElse() {
    NodeEvent what = new NodeEvent(EventType.SUSPECT, "n1", 7, null, null, 21_000, null);
    PresenceEvent event = new PresenceEvent(9, 1, what);
    String array = JSON.writeValueAsString(Map.of("events", List.of(EventJson.of(event))));
    assertThat(array).isEqualTo("{\"events\":[" + text(event) + "]}");
  }

  private static String text(PresenceEvent event) {
    return new String(EventJson.encode(event), StandardCharsets.UTF_8);
  }
}
