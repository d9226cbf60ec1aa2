package io.heartbus.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.node.EventType;
import io.heartbus.server.node.NodeEvent;
import io.heartbus.server.presence.LogSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Followers of a log that is kept on disk: over a restart, far back, and when the disk fails. */
@Timeout(120)
class FeedDiskTest {
  private static final int SEGMENT_BYTES = 64 << 10;
  private static final StreamSettings LIVELY = new StreamSettings(16, 50, 10_000);

  @TempDir private Path folder;

  @Test
  void aFeedGoesOnOverARestart() throws Exception {
    String lastEventId;
    String epoch;
    try (Bench bench = Bench.open(settings(1_000), LIVELY);
        Feed feed = Feed.open(bench, "?after=0").begun()) {
      happen(bench, 10);
      assertThat(feed.nextSeqs(7)).endsWith(7L);
      lastEventId = feed.lastEventId();
      epoch = bench.log.epoch();
    }
    try (Bench bench = Bench.open(settings(1_000), LIVELY);
        Feed feed = Feed.resumed(bench, "?epoch=" + epoch, lastEventId).begun()) {
      happen(bench, 2);
      assertThat(feed.nextSeqs(3)).containsExactly(8L, 9L, 10L);
      JsonNode restart = feed.next().data();
      assertThat(restart.get("seq").asLong()).isEqualTo(11);
      assertThat(restart.get("type").asString()).isEqualTo("mass_loss");
      assertThat(restart.get("cause").asString()).isEqualTo("SERVER_LOST");
      assertThat(feed.nextSeqs(2)).containsExactly(12L, 13L);
    }
  }

  @Test
  void whatFellOutOfMemoryIsReadFromTheDisk() throws Exception {
    try (Bench bench = Bench.open(settings(100), LIVELY)) {
      happen(bench, 5_000);
      Bench.await(() -> bench.log.last() == 5_000);
      try (Feed feed = Feed.open(bench, "?after=0").begun()) {
        assertThat(feed.nextSeqs(5_000)).startsWith(1L).endsWith(5_000L).isSorted();
      }
      long next = 0;
      do {
        JsonNode page = bench.json("/api/v1/events?limit=777&after=" + next);
        assertThat(page.get("gap").isNull()).isTrue();
        for (JsonNode event : page.get("events")) {
          assertThat(event.get("seq").asLong()).isEqualTo(++next);
        }
        assertThat(page.get("next").asLong()).isEqualTo(next);
      } while (next < 5_000);
    }
  }

  @Test
  void aLogThatLosesItsDiskIsAnotherOneAndTheNumbersGoOn() throws Exception {
    try (Bench bench = Bench.open(settings(100_000), LIVELY);
        Feed feed = Feed.open(bench, "?after=0")) {
      final String before = feed.next().data().get("epoch").asString();
      happen(bench, 1);
      assertThat(feed.nextSeqs(1)).containsExactly(1L);
      delete(folder);
      long expected = 2;
      Feed.Message message;
      do {
        if (expected > bench.log.last()) {
          happen(bench, 100);
        }
        message = feed.next();
        if (message.type().equals("message")) {
          assertThat(message.seq()).isEqualTo(expected++);
        }
      } while (message.type().equals("message"));
      assertThat(message.type()).isEqualTo("log");
      String after = message.data().get("epoch").asString();
      assertThat(after).isNotEqualTo(before).isEqualTo(bench.log.epoch());
      happen(bench, 100);
      assertThat(feed.nextSeqs(100)).startsWith(expected).isSorted();
      // Whoever was away when it happened comes with the old name, and its numbers still hold.
      for (String name : new String[] {before, after}) {
        JsonNode page = bench.json("/api/v1/events?after=50&limit=1&epoch=" + name);
        assertThat(page.get("epoch").asString()).isEqualTo(after);
        assertThat(page.get("events").get(0).get("seq").asLong()).isEqualTo(51);
      }
      try (Feed returned = Feed.open(bench, "?after=50&epoch=" + before).begun()) {
        assertThat(returned.nextSeqs(1)).containsExactly(51L);
      }
      assertThat(Feed.ask(bench, "/api/v1/events?after=50&epoch=1").statusCode()).isEqualTo(400);
      assertThat(bench.get("/api/v1/events?after=50&epoch=1").statusCode()).isEqualTo(400);
    }
  }

  private LogSettings settings(int eventsMax) {
    return new LogSettings(
        eventsMax,
        1 << 30,
        folder,
        LogSettings.Fsync.NEVER,
        1_000,
        SEGMENT_BYTES,
        1 << 30,
        86_400_000);
  }

  private static void happen(Bench bench, int events) {
    for (int i = 0; i < events; i++) {
      bench.log.append(new NodeEvent(EventType.ONLINE, "node-" + i, 1, null, "g", -1, null));
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      paths
          .sorted(Comparator.reverseOrder())
          .forEach(path -> {
            try {
              Files.delete(path);
            } catch (IOException failed) {
              throw new UncheckedIOException(failed);
            }
          });
    }
  }
}
