package io.heartbus.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.node.Cause;
import io.heartbus.server.node.EventType;
import io.heartbus.server.node.NodeEvent;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Events by pages. */
@Timeout(120)
class EventsTest {
  private static final String PATH = "/api/v1/events";
  private static final List<EventType> TYPES = List.of(EventType.values());

  @Test
  void anEmptyLogIsOneEmptyPage() throws Exception {
    try (Bench bench = Bench.open()) {
      assertThat(bench.json(PATH).toString())
          .isEqualTo(
              "{\"epoch\":\"%s\",\"first\":18,\"last\":17,\"gap\":null,\"events\":[],\"next\":17}"
                  .formatted(Bench.EPOCH));
      assertThat(bench.json(PATH + "?after=17").get("gap").isNull()).isTrue();
    }
  }

  @Test
  void aPageBeginsWithTheOldestUnlessItIsTold() throws Exception {
    try (Bench bench = Bench.remembering(10)) {
      append(bench, 25);
      JsonNode oldest = bench.json(PATH + "?limit=4");
      assertThat(seqs(oldest)).containsExactly(33L, 34L, 35L, 36L);
      assertThat(oldest.get("gap").isNull()).isTrue();
      assertThat(oldest.get("first").asLong()).isEqualTo(33);
      assertThat(oldest.get("last").asLong()).isEqualTo(42);
      assertThat(oldest.get("next").asLong()).isEqualTo(36);
      assertThat(seqs(bench.json(PATH + "?after=39&epoch=" + Bench.EPOCH)))
          .containsExactly(40L, 41L, 42L);
      assertThat(seqs(bench.json(PATH + "?after=42"))).isEmpty();
    }
  }

  @Test
  void whatIsMissingIsAGap() throws Exception {
    try (Bench bench = Bench.remembering(10)) {
      append(bench, 25);
      JsonNode old = bench.json(PATH + "?after=20&limit=2");
      assertThat(old.get("gap").toString()).isEqualTo("{\"from\":21,\"to\":32}");
      assertThat(seqs(old)).containsExactly(33L, 34L);
      JsonNode future = bench.json(PATH + "?after=50");
      assertThat(future.get("gap").toString()).isEqualTo("{\"from\":43,\"to\":50}");
      assertThat(seqs(future)).isEmpty();
      assertThat(future.get("next").asLong()).isEqualTo(42);
      assertThat(bench.metric("heartbeat_presence_gaps_total")).isEqualTo(2);
    }
  }

  @Test
  void aPageLooksAtSoManyEventsAndNoMore() throws Exception {
    try (Bench bench = Bench.remembering(100_000)) {
      append(bench, 50_000);
      bench.log.append(NodeEvent.stall(5, "the only one"));
      JsonNode page = bench.json(PATH + "?type=stall");
      assertThat(seqs(page)).isEmpty();
      int pages = 1;
      while (seqs(page).isEmpty()) {
        assertThat(page.get("next").asLong()).isLessThan(page.get("last").asLong());
        page = bench.json(PATH + "?type=stall&after=" + page.get("next").asLong());
        pages++;
      }
      assertThat(seqs(page)).containsExactly(bench.log.last());
      assertThat(page.get("next").asLong()).isEqualTo(bench.log.last());
      assertThat(pages).isEqualTo(4);
    }
  }

  @Test
  void pagesOfAnySizeAndFilterTellTheSameAsTheLog() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (Bench bench = Bench.remembering(100_000)) {
      for (int i = 0; i < 6_000; i++) {
        String id = "node-" + random.nextInt(300);
        EventType type = TYPES.get(random.nextInt(TYPES.size()));
        boolean many = type == EventType.MASS_LOSS || type == EventType.STALL;
        String group = random.nextInt(3) == 0 ? null : "g" + random.nextInt(4);
        Cause cause = type == EventType.OFFLINE ? Cause.TIMEOUT : null;
        NodeEvent event =
            new NodeEvent(type, many ? null : id, many ? 0 : i, cause, group, i, null);
        bench.told.add(event);
        bench.log.append(event);
      }
      for (Choice choice : CHOICES) {
        assertThat(walk(bench, choice.query, random))
            .as("seed %d, %s", seed, choice.query)
            .isEqualTo(model(bench, choice.passes));
      }
    }
  }

  private record Choice(String query, Predicate<NodeEvent> passes) {}

  private static final List<Choice> CHOICES =
      List.of(
          new Choice("", _ -> true),
          new Choice("&type=offline", event -> event.type() == EventType.OFFLINE),
          new Choice(
              "&type=suspect,mass_loss",
              event -> event.type() == EventType.SUSPECT || event.type() == EventType.MASS_LOSS),
          new Choice(
              "&prefix=node-1", event -> event.node() == null || event.node().startsWith("node-1")),
          new Choice(
              "&group=g2",
              event ->
                  "g2".equals(event.group()) || (event.node() == null && event.group() == null)),
          new Choice(
              "&group=g2&prefix=node-2&type=ONLINE",
              event ->
                  event.type() == EventType.ONLINE
                      && event.node() != null
                      && event.node().startsWith("node-2")
                      && "g2".equals(event.group())));

  private static List<Long> model(Bench bench, Predicate<NodeEvent> passes) {
    return LongStream.range(0, bench.told.size())
        .filter(i -> passes.test(bench.told.get((int) i)))
        .map(i -> Bench.LAST_BEFORE + 1 + i)
        .boxed()
        .toList();
  }

  private static List<Long> walk(Bench bench, String query, Random random) throws Exception {
    List<Long> seqs = new ArrayList<>();
    long after = Bench.LAST_BEFORE;
    JsonNode page;
    do {
      int limit = 1 + random.nextInt(2_500);
      page = bench.json(PATH + "?limit=" + limit + "&after=" + after + query);
      assertThat(page.get("gap").isNull()).isTrue();
      assertThat(page.get("events").size()).isLessThanOrEqualTo(limit);
      seqs.addAll(seqs(page));
      after = page.get("next").asLong();
    } while (after < page.get("last").asLong());
    return seqs;
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0, limit must be a whole number from 1 to 10000",
    "limit=10001, limit must be a whole number from 1 to 10000",
    "limit=x, limit must be a whole number from 1 to 10000",
    "after=, after must be a whole number",
    "after=x, after must be a whole number",
    "after=-1, after must be a whole number",
    "after=9223372036854775807, after must be a whole number",
    "epoch=, another log",
    "epoch=1790000000000001, another log",
    "type=nothing, 'online, suspect, offline, replaced, mass_loss, stall'",
    "'type=online,', 'online, suspect, offline, replaced, mass_loss, stall'",
    "group, has no value",
    "prefix=%FF, not UTF-8",
    "state=ONLINE, unknown parameter: state"
  })
  void aBadQueryIsToldWhatIsAllowed(String query, String reason) throws Exception {
    try (Bench bench = Bench.open()) {
      HttpResponse<String> response = bench.get(PATH + "?" + query);
      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(Bench.error(response)).contains(reason);
    }
  }

  private static void append(Bench bench, int events) {
    for (int i = 0; i < events; i++) {
      bench.log.append(new NodeEvent(EventType.ONLINE, "n" + i, 1, null, null, -1, null));
    }
  }

  private static List<Long> seqs(JsonNode page) {
    List<Long> seqs = new ArrayList<>();
    page.get("events").forEach(event -> seqs.add(event.get("seq").asLong()));
    return seqs;
  }
}
