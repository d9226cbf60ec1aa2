package io.heartbus.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.node.Cause;
import io.heartbus.server.node.EventType;
import io.heartbus.server.node.NodeEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Consumers that are killed and come back, again and again, while nodes come and go without a
 * pause: each of them has to see every event that it asked for, once and in order. For as many
 * seconds as {@code -Dheartbus.feed.seconds} says.
 */
class FeedDrillTest {
  private static final long SECONDS = Long.getLong("heartbus.feed.seconds", 4);
  private static final int TRANSITIONS_PER_SECOND = 500;
  private static final int NODES = 400;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /** A filter as it is written, and what it means. */
  private record Choice(String query, Predicate<NodeEvent> passes) {}

  private static final List<Choice> CHOICES =
      List.of(
          new Choice("", _ -> true),
          new Choice("type=offline", event -> event.type() == EventType.OFFLINE),
          new Choice("type=replaced", event -> event.type() == EventType.REPLACED),
          new Choice("group=g3", event -> "g3".equals(event.group())),
          new Choice("prefix=node-1", event -> event.node().startsWith("node-1")),
          new Choice(
              "type=online,replaced&group=g1&prefix=node-2",
              event ->
                  event.type() != EventType.OFFLINE
                      && "g1".equals(event.group())
                      && event.node().startsWith("node-2")));

  private final long seed = System.nanoTime();
  private volatile boolean over;

  @Test
  @Timeout(1_200)
  void whoeverIsKilledAndResumesSeesEveryEventOnceAndInOrder() throws Exception {
    StreamSettings lively = new StreamSettings(256, 100, 10_000);
    try (Bench bench = Bench.open(Bench.remembered(1_000_000), lively);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<EventConsumer>> consumers = new ArrayList<>();
      for (int i = 0; i < CHOICES.size(); i++) {
        String query = CHOICES.get(i).query();
        Random random = new Random(seed + i);
        consumers.add(threads.submit(until(new EventConsumer.OfFeed(bench, query, random), bench)));
        consumers.add(
            threads.submit(until(new EventConsumer.OfPages(bench, query, random), bench)));
      }
      transit(bench, Duration.ofSeconds(SECONDS).toNanos());
      over = true;
      for (int i = 0; i < consumers.size(); i++) {
        EventConsumer consumer = consumers.get(i).get();
        Choice choice = CHOICES.get(i / 2);
        System.out.printf(
            "%s of [%s]: %d events, killed %d times%n",
            consumer.getClass().getSimpleName(),
            choice.query(),
            consumer.seen().size(),
            consumer.kills());
        assertThat(consumer.seen())
            .as("seed %d, %s", seed, choice.query())
            .isEqualTo(expected(bench, choice.passes()));
        assertThat(consumer.kills()).isPositive();
      }
    }
  }

  /** Nodes come, go, and are replaced, at an even rate. */
  private void transit(Bench bench, long nanos) {
    Random random = new Random(seed);
    long startNanos = System.nanoTime();
    long transitions = 0;
    while (System.nanoTime() - startNanos < nanos) {
      int number = random.nextInt(NODES);
      String id = "node-" + number;
      if (bench.node(id) == null || !bench.node(id).live() || random.nextInt(5) == 0) {
        bench.register(id, number % 3 == 0 ? null : "g" + number % 5, Map.of());
      } else {
        bench.nodes.leave(bench.node(id), Cause.LEFT);
      }
      transitions++;
      long dueNanos = startNanos + transitions * NANOS_PER_SECOND / TRANSITIONS_PER_SECOND;
      LockSupport.parkNanos(dueNanos - System.nanoTime());
    }
    System.out.printf("%d transitions in %d s, seed %d%n", transitions, SECONDS, seed);
  }

  /** Consumes until all is over and seen. */
  private Callable<EventConsumer> until(EventConsumer consumer, Bench bench) {
    return () -> {
      while (!over || consumer.position() < bench.log.last()) {
        consumer.consume();
      }
      return consumer;
    };
  }

  private static List<Long> expected(Bench bench, Predicate<NodeEvent> passes) {
    List<Long> seqs = new ArrayList<>();
    for (int i = 0; i < bench.told.size(); i++) {
      if (passes.test(bench.told.get(i))) {
        seqs.add(Bench.LAST_BEFORE + 1 + i);
      }
    }
    return seqs;
  }
}
