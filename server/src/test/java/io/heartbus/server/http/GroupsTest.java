package io.heartbus.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.node.Cause;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Counts by group. */
class GroupsTest {
  private static final String PATH = "/api/v1/groups";

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
  void withoutNodesThereAreNoGroups() throws Exception {
    assertThat(bench.json(PATH).toString()).isEqualTo("{\"groups\":[],\"next\":null}");
  }

  @Test
  void aGroupHasItsNodesByState() throws Exception {
    bench.register("a", "rack-7", Map.of());
    bench.register("b", "rack-7", Map.of());
    bench.register("c", "rack-7", Map.of());
    bench.register("d", null, Map.of());
    bench.nodes.leave(bench.node("c"), Cause.LEFT);
    assertThat(bench.json(PATH).toString())
        .isEqualTo(
            "{\"groups\":["
                + "{\"group\":null,"
                + "\"nodes\":{\"ONLINE\":1,\"SUSPECT\":0,\"HELD\":0,\"OFFLINE\":0}},"
                + "{\"group\":\"rack-7\","
                + "\"nodes\":{\"ONLINE\":2,\"SUSPECT\":0,\"HELD\":0,\"OFFLINE\":1}}],"
                + "\"next\":null}");
  }

  @Test
  void pagesGoThroughAllGroupsInByteOrder() throws Exception {
    // In UTF-16 the last two would be the other way round.
    List<String> names = List.of("a", "a b", "aa", "b/c", "é", "\uFFFD", "😀");
    for (String name : names) {
      bench.register("of " + name, name, Map.of());
    }
    assertThat(walk(1)).isEqualTo(names);
    assertThat(walk(2)).isEqualTo(names);
    assertThat(walk(7)).isEqualTo(names);
    assertThat(walk(10_000)).isEqualTo(names);
    bench.register("lonely", null, Map.of());
    List<String> all = new ArrayList<>();
    all.add(null);
    all.addAll(names);
    assertThat(walk(1)).isEqualTo(all);
    assertThat(walk(3)).isEqualTo(all);
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=0", "limit=10001", "after=***", "after=_w", "group=a", "limit"})
  void aBadQueryIsToldWhatIsWrong(String query) throws Exception {
    HttpResponse<String> response = bench.get(PATH + "?" + query);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Bench.error(response)).isNotEmpty();
  }

  private List<String> walk(int limit) throws Exception {
    List<String> names = new ArrayList<>();
    String cursor = null;
    do {
      String after = cursor == null ? "" : "&after=" + cursor;
      JsonNode page = bench.json(PATH + "?limit=" + limit + after);
      assertThat(page.get("groups").size()).isLessThanOrEqualTo(limit);
      for (JsonNode group : page.get("groups")) {
        names.add(group.get("group").isNull() ? null : group.get("group").asString());
      }
      cursor = page.get("next").isNull() ? null : page.get("next").asString();
    } while (cursor != null);
    return names;
  }
}
