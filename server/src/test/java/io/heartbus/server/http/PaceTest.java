package io.heartbus.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.node.Cause;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Other intervals and timeouts for live nodes. */
class PaceTest {
  private static final String NODES = "/api/v1/nodes";
  private static final String PACE = "{\"intervalMs\":2000,\"timeoutMs\":7000}";

  private Bench bench;

  @BeforeEach
  void open() throws IOException {
    bench = Bench.open();
    bench.register("a1", "g", Map.of());
    bench.register("a2", "h", Map.of());
    bench.register("b1", "g", Map.of());
    bench.register("b2", null, Map.of());
    bench.register("gone", "g", Map.of());
    bench.registerLegacy("old");
    bench.nodes.leave(bench.node("gone"), Cause.LEFT);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/a1, 1",
    "/gone, 0",
    "/old, 0",
    "'', 4",
    "?prefix=a, 2",
    "?group=g, 2",
    "?group=g&prefix=b, 1",
    "?prefix=old, 0",
    "?prefix=nobody, 0"
  })
  void thoseWhoWillHearOfItAreCounted(String whom, int changed) throws Exception {
    HttpResponse<String> response = bench.patch(NODES + whom, PACE);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"changed\":" + changed + "}");
  }

  @Test
  void manyNodesAreChangedOverAllPages() throws Exception {
    for (int i = 0; i < 7_000; i++) {
      bench.register("many-" + i);
    }
    assertThat(bench.patch(NODES + "?prefix=many-", PACE).body()).isEqualTo("{\"changed\":7000}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"intervalMs\":1000}",
        "{\"timeoutMs\":5000}",
        "{\"intervalMs\":600000,\"timeoutMs\":3600000}",
        "{\"timeoutMs\":3000000,\"intervalMs\":null}",
        "{ \"timeoutMs\" : 6000 , \"intervalMs\" : 2000 }"
      })
  void oneOfBothIsEnough(String body) throws Exception {
    assertThat(bench.patch(NODES + "/a1", body).body()).isEqualTo("{\"changed\":1}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|the body must be",
        "nonsense|the body must be",
        "[]|the body must be",
        "null|the body must be",
        "7|the body must be",
        "{\"intervalMs\":2000|the body must be",
        "{\"intervalMs\":2000}{}|the body must be",
        "{\"intervalMs\":2000,\"intervalMs\":3000}|the body must be",
        "{}|give intervalMs, timeoutMs or both",
        "{\"intervalMs\":null}|give intervalMs, timeoutMs or both",
        "{\"interval\":2000}|unknown key: interval; known: intervalMs, timeoutMs",
        "{\"intervalMs\":\"2000\"}|intervalMs must be a whole number from 1000 to 600000",
        "{\"intervalMs\":2000.5}|intervalMs must be a whole number from 1000 to 600000",
        "{\"intervalMs\":999}|intervalMs must be a whole number from 1000 to 600000",
        "{\"intervalMs\":600001}|intervalMs must be a whole number from 1000 to 600000",
        "{\"intervalMs\":-1}|intervalMs must be a whole number from 1000 to 600000",
        "{\"intervalMs\":99999999999}|intervalMs must be a whole number from 1000 to 600000",
        "{\"intervalMs\":true}|intervalMs must be a whole number from 1000 to 600000",
        "{\"timeoutMs\":4999}|timeoutMs must be a whole number from 5000 to 3600000",
        "{\"timeoutMs\":3600001}|timeoutMs must be a whole number from 5000 to 3600000",
        "{\"intervalMs\":2000,\"timeoutMs\":5999}|timeoutMs must be at least 3 times intervalMs"
      })
  void aBadPaceIsToldWhatIsAllowed(String body, String reason) throws Exception {
    for (String whom : new String[] {"", "/a1", "?prefix=a"}) {
      HttpResponse<String> response = bench.patch(NODES + whom, body);
      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(Bench.error(response)).contains(reason);
    }
  }

  @Test
  void whoIsNotThereIsNotFound() throws Exception {
    assertThat(bench.patch(NODES + "/ghost", PACE).statusCode()).isEqualTo(404);
    assertThat(bench.patch(NODES + "?state=ONLINE", PACE).statusCode()).isEqualTo(400);
    assertThat(bench.patch(NODES + "/a1?prefix=a", PACE).statusCode()).isEqualTo(400);
    assertThat(bench.patch(NODES + "/a1", " ".repeat(1_025)).statusCode()).isEqualTo(413);
  }
}
