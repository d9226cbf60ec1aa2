package io.heartbus.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.node.NodeState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A server that keeps its presence log in a folder, and one that cannot. */
class PresenceFolderTest {
  @TempDir private Path folder;

  @Test
  void aServerWithoutItsFolderGoesOnAndSaysWhatIsLost() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    try (Log log = new Log();
        TestServer server = TestServer.start(dir(file));
        Http http = new Http(server);
        Peer node = server.connect()) {
      node.register("n1");
      JsonNode ready = http.json("/readyz");
      assertThat(ready.get("status").stringValue()).isEqualTo("ok");
      assertThat(ready.get("warnings")).hasSize(1);
      assertThat(ready.get("warnings").get(0).stringValue())
          .startsWith("presence log: ")
          .contains(file.toString(), "in memory only");
      assertThat(http.metric("heartbeat_presence_log_warnings")).isEqualTo(1);
      assertThat(http.metric("heartbeat_presence_log_disk_failures_total")).isEqualTo(1);
      assertThat(seqs(http.json("/api/v1/events?after=0"))).containsExactly(1L);
      TestServer.await(() -> !said(log).isEmpty(), () -> "nothing was said");
      assertThat(said(log)).singleElement().asString().contains("WARN", file.toString());
    }
    assertThat(file).isEmptyFile();
  }

  @Test
  void aConsumerGoesOnBehindWhatItSawWhenTheServerIsStartedAnew() throws Exception {
    String epoch;
    try (TestServer server = TestServer.start(dir(folder));
        Http http = new Http(server);
        Peer node = server.connect()) {
      node.register("n1");
      JsonNode page = events(http, "after=0", 1);
      epoch = page.get("epoch").stringValue();
      assertThat(seqs(page)).containsExactly(1L);
      assertThat(http.json("/readyz").has("warnings")).isFalse();
      assertThat(http.metric("heartbeat_presence_log_disk_bytes")).isPositive();
    }
    try (TestServer server = TestServer.start(dir(folder));
        Http http = new Http(server);
        Peer node = server.connect()) {
      node.register("n1");
      server.awaitState("n1", NodeState.ONLINE);
      JsonNode page = events(http, "after=1&epoch=" + epoch, 3);
      assertThat(page.get("epoch").stringValue()).isEqualTo(epoch);
      assertThat(page.get("gap").isNull()).isTrue();
      assertThat(seqs(page)).containsExactly(2L, 3L, 4L);
      List<String> types = new ArrayList<>();
      page.get("events").forEach(event -> types.add(event.get("type").stringValue()));
      // The first server took leave of it; the second one knows that all of that is over.
      assertThat(types).containsExactly("offline", "mass_loss", "online");
      assertThat(page.get("events").get(1).get("cause").stringValue()).isEqualTo("SERVER_LOST");
    }
  }

  @Test
  void aServerThatCannotStartLetsGoOfTheFolder() throws Exception {
    try (TestServer other = TestServer.start()) {
      int taken = other.address().getPort();
      for (int i = 0; i < 2; i++) {
        try {
          TestServer.start(dir(folder), "listen.port = " + taken).close();
          throw new AssertionError("two servers on one port");
        } catch (IOException expected) {
          assertThat(expected).hasMessageContaining(Integer.toString(taken));
        }
      }
    }
    try (TestServer server = TestServer.start(dir(folder));
        Http http = new Http(server)) {
      assertThat(http.get("/readyz")).isEqualTo("{\"status\":\"ok\"}");
    }
  }

  private static String dir(Path path) {
    return "presence.log.dir = \"" + path + "\"";
  }

  private static List<String> said(Log log) {
    return log.lines().stream().filter(line -> line.contains("presence log")).toList();
  }

  /** They are told a moment after they happened: once they are written. */
  private static JsonNode events(Http http, String query, int count) throws Exception {
    long startNanos = System.nanoTime();
    JsonNode page = http.json("/api/v1/events?" + query);
    while (page.get("events").size() < count) {
      assertThat(System.nanoTime() - startNanos).isLessThan(Peer.PATIENCE_MS * 1_000_000L);
      TestServer.pause();
      page = http.json("/api/v1/events?" + query);
    }
    return page;
  }

  private static List<Long> seqs(JsonNode page) {
    List<Long> seqs = new ArrayList<>();
    page.get("events").forEach(event -> seqs.add(event.get("seq").longValue()));
    return seqs;
  }
}
