package io.heartbus.server.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.node.EventType;
import io.heartbus.server.node.NodeEvent;
import io.heartbus.server.presence.Follower.Missing;
import io.heartbus.server.presence.Follower.Portion;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody who follows the log gets of it. */
class FollowerTest {
  private static final String EPOCH = "e1";
  private static final int EVENTS_MAX = 40;

  private final PresenceLog log =
      new PresenceLog(LogSettings.inMemory(EVENTS_MAX, 1 << 20), InstantSource.system(), EPOCH, 0);

  private void append(int events) {
    for (int i = 0; i < events; i++) {
      append("n" + log.last() % 3);
    }
  }

  private void append(String node) {
    log.append(new NodeEvent(EventType.ONLINE, node, 1, null, null, -1, null));
  }

  private Follower follower(EventFilter filter, String epoch, long after) {
    return new Follower(log, filter, new LogPosition(epoch, after));
  }

  private static List<Long> numbers(Portion portion) {
    return portion.events().stream().map(PresenceEvent::seq).toList();
  }

  private static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  @Test
  void eventsComeInOrderAndNoMoreThanAskedFor() {
    append(10);
    Follower follower = follower(EventFilter.ALL, EPOCH, 2);
    assertThat(numbers(follower.next(5))).isEqualTo(range(3, 7));
    assertThat(follower.position()).isEqualTo(new LogPosition(EPOCH, 7));
    assertThat(numbers(follower.next(5))).isEqualTo(range(8, 10));
    assertThat(follower.next(5).isEmpty()).isTrue();
  }

  @Test
  void whatIsNotWantedIsPassedOver() {
    append(9);
    Follower follower = follower(new EventFilter(Set.of(), null, "n1"), EPOCH, 0);
    assertThat(numbers(follower.next(2))).containsExactly(2L, 5L);
    assertThat(follower.position().seq()).isEqualTo(5);
    assertThat(numbers(follower.next(2))).containsExactly(8L);
    assertThat(follower.position().seq()).isEqualTo(9);
  }

  @Test
  void whatTheLogHasForgottenIsTold() {
    append(EVENTS_MAX + 10);
    Portion portion = follower(EventFilter.ALL, EPOCH, 3).next(2);
    assertThat(portion.missing()).isEqualTo(new Missing(4, 10L));
    assertThat(portion.from()).isEqualTo(new LogPosition(EPOCH, 10));
    assertThat(numbers(portion)).containsExactly(11L, 12L);
    assertThat(log.counts().gaps.sum()).isEqualTo(1);
  }

  @Test
  void aPositionThatTheLogNeverHadIsAGap() {
    append(5);
    Follower follower = follower(EventFilter.ALL, EPOCH, 8);
    Portion portion = follower.next(2);
    assertThat(portion.missing()).isEqualTo(new Missing(6, 8L));
    assertThat(portion.events()).isEmpty();
    append(1);
    assertThat(numbers(follower.next(2))).containsExactly(6L);
  }

  @Test
  void ofAnotherLogEverythingIsToldAndThatItIsAnother() {
    append(3);
    Follower follower = follower(EventFilter.ALL, "e0", 700);
    assertThat(follower.position()).isEqualTo(new LogPosition(EPOCH, 0));
    Portion portion = follower.next(2);
    assertThat(portion.from()).isEqualTo(new LogPosition(EPOCH, 0));
    assertThat(portion.missing()).isEqualTo(new Missing(701, null));
    assertThat(numbers(portion)).containsExactly(1L, 2L);
    assertThat(follower.next(2).missing()).isNull();
  }

  @Test
  void fewWantedAmongManyAreFoundOverSeveralCalls() throws InterruptedException {
    PresenceLog large =
        new PresenceLog(LogSettings.inMemory(100_000, 1 << 30), InstantSource.system(), EPOCH, 0);
    for (int i = 0; i < 50_000; i++) {
      large.append(NodeEvent.stall(i, "x"));
    }
    large.append(new NodeEvent(EventType.ONLINE, "rare", 1, null, null, -1, null));
    Follower follower =
        new Follower(
            large, new EventFilter(Set.of(EventType.ONLINE), null, ""), new LogPosition(EPOCH, 0));
    int calls = 1;
    Portion portion = follower.next(10);
    while (portion.isEmpty()) {
      // Does not wait while there is something that it has not looked at.
      follower.await(Long.MAX_VALUE);
      portion = follower.next(10);
      calls++;
    }
    assertThat(calls).isGreaterThan(1);
    assertThat(numbers(portion)).containsExactly(50_001L);
  }

  /** Somebody who follows at random, beside a log that forgets: nothing is silently missing. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void everyNumberIsEitherHandedOutOrMissing(long seed) {
    Random random = new Random(seed);
    Follower follower = follower(EventFilter.ALL, EPOCH, 0);
    List<Long> accounted = new ArrayList<>();
    for (int round = 0; round < 2000; round++) {
      if (random.nextInt(4) > 0) {
        append(random.nextInt(random.nextBoolean() ? 5 : 60));
      }
      Portion portion = follower.next(1 + random.nextInt(30));
      Missing missing = portion.missing();
      if (missing != null) {
        accounted.addAll(range(missing.from(), missing.to()));
        assertThat(numbers(portion).getFirst()).isEqualTo(missing.to() + 1);
      }
      accounted.addAll(numbers(portion));
      assertThat(follower.position().seq())
          .isEqualTo(accounted.isEmpty() ? 0 : accounted.getLast());
    }
    assertThat(accounted).as("seed %d", seed).isEqualTo(range(1, accounted.size()));
    assertThat(log.counts().gaps.sum()).isPositive();
  }
}
