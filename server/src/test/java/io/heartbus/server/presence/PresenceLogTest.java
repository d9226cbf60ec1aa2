package io.heartbus.server.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.node.NodeEvent;
import io.heartbus.server.presence.PresenceLog.Gap;
import io.heartbus.server.presence.PresenceLog.Slice;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The log as those see it who append and read. */
class PresenceLogTest {
  private static final String EPOCH = "1790000000000000";

  @ParameterizedTest
  @CsvSource({"1, 0", "2, 41", "3, 9000000000000000000"})
  void memoryHoldsWhatAListWouldHold(int seed, long lastBefore) {
    SplittableRandom random = new SplittableRandom(seed);
    int eventsMax = 1 + random.nextInt(3_000);
    int bytesMax = 200_000;
    LogSettings settings = LogSettings.inMemory(eventsMax, bytesMax);
    PresenceLog log = new PresenceLog(settings, InstantSource.system(), EPOCH, lastBefore);
    List<NodeEvent> model = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      NodeEvent event = RandomEvents.next(random);
      log.append(event);
      model.add(event);
      long last = lastBefore + model.size();
      assertThat(log.last()).isEqualTo(last);
      long held = last - log.first() + 1;
      assertThat(held).isBetween(1L, (long) eventsMax);
      assertThat(log.figures().memoryBytes()).isLessThanOrEqualTo(bytesMax);
      long after = lastBefore + random.nextLong(model.size() + 3L);
      Slice slice = log.read(after, 1 + random.nextInt(20));
      long from = Math.max(after + 1, log.first());
      if (after > last) {
        assertThat(slice.gap()).isEqualTo(new Gap(last + 1, after, last));
      } else if (from > after + 1) {
        assertThat(slice.gap()).isEqualTo(new Gap(after + 1, from - 1, from - 1));
      } else {
        assertThat(slice.gap()).isNull();
      }
      for (PresenceEvent read : slice.events()) {
        assertThat(read.seq()).isEqualTo(from++);
        assertThat(read.what()).isSameAs(model.get((int) (read.seq() - lastBefore) - 1));
      }
    }
  }

  @Test
  void anEventThatIsLargerThanMemoryMayBeIsHeldAlone() {
    PresenceLog log =
        new PresenceLog(LogSettings.inMemory(100, 10), InstantSource.system(), EPOCH, 0);
    for (int number = 1; number < 5; number++) {
      log.append(RandomEvents.numbered(number));
      assertThat(log.first()).isEqualTo(number);
      assertThat(log.read(number - 1, 5).events()).hasSize(1);
    }
  }

  @Test
  void whoWaitsIsWokenByAnEventAndByNothingElse() throws Exception {
    PresenceLog log =
        new PresenceLog(LogSettings.inMemory(100, 1 << 20), InstantSource.system(), EPOCH, 7);
    assertThat(log.await(6, 0)).isTrue();
    assertThat(log.await(7, 1_000_000)).isFalse();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> reader = executor.submit(() -> log.await(8, Long.MAX_VALUE));
      log.append(RandomEvents.numbered(8));
      assertThat(reader.isDone()).isFalse();
      log.append(RandomEvents.numbered(9));
      assertThat(reader.get()).isTrue();
    }
  }

  @Test
  void whatComesAfterTheEndIsDropped() {
    PresenceLog log =
        new PresenceLog(LogSettings.inMemory(100, 1 << 20), InstantSource.system(), EPOCH, 0);
    log.append(RandomEvents.numbered(1));
    log.close();
    log.append(RandomEvents.numbered(2));
    assertThat(log.last()).isEqualTo(1);
    assertThat(log.read(0, 10).events()).hasSize(1);
  }

  @Test
  void manyWhoAppendAndManyWhoReadSeeOneOrder(@TempDir Path folder) throws Exception {
    int appenders = 4;
    int eventsEach = 5_000;
    LogFixture fixture = new LogFixture().memory(500).segments(50_000);
    try (PresenceLog log = fixture.open(folder);
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<NodeEvent>>> followers = new ArrayList<>();
      for (int page : new int[] {7, 100, 3_000}) {
        followers.add(executor.submit(follower(log, page, appenders * eventsEach)));
      }
      for (int appender = 0; appender < appenders; appender++) {
        int first = appender * eventsEach;
        Future<?> _ =
            executor.submit(() -> {
              for (int number = first; number < first + eventsEach; number++) {
                log.append(RandomEvents.numbered(number));
              }
            });
      }
      List<NodeEvent> order = followers.getFirst().get();
      assertThat(order).hasSize(appenders * eventsEach).doesNotHaveDuplicates();
      for (Future<List<NodeEvent>> follower : followers) {
        assertThat(follower.get()).isEqualTo(order);
      }
      int[] next = {0, eventsEach, 2 * eventsEach, 3 * eventsEach};
      for (NodeEvent event : order) {
        // Each appender's own events are in the order in which it appended them.
        assertThat(event.session()).isEqualTo(next[(int) event.session() / eventsEach]++);
      }
      assertThat(log.warnings()).isEmpty();
    }
  }

  private static Callable<List<NodeEvent>> follower(PresenceLog log, int page, int count) {
    return () -> {
      List<NodeEvent> events = new ArrayList<>();
      while (events.size() < count) {
        Slice slice = log.read(events.size(), page);
        assertThat(slice.gap()).isNull();
        for (PresenceEvent event : slice.events()) {
          assertThat(event.seq()).isEqualTo(events.size() + 1);
          events.add(event.what());
        }
        boolean _ = log.await(events.size(), LogFixture.PATIENCE_NANOS);
      }
      return events;
    };
  }
}
