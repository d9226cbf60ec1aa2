package io.heartbus.server.presence;

import static io.heartbus.server.presence.LogFixture.append;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.presence.Follower.Missing;
import io.heartbus.server.presence.Follower.Portion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a position when the log gets another epoch. */
class FollowerOverRunsTest {
  private final LogFixture fixture = new LogFixture();

  @TempDir private Path folder;

  private static Portion next(PresenceLog log, String epoch, long after) {
    return new Follower(log, EventFilter.ALL, new LogPosition(epoch, after)).next(3);
  }

  private static List<Long> numbers(Portion portion) {
    return portion.events().stream().map(PresenceEvent::seq).toList();
  }

  /** Three runs in one folder, each cut off by a power cut; the epochs of the first two. */
  private List<String> cutOffTwice(Path third) throws IOException {
    List<String> epochs = new ArrayList<>();
    Path second = folder.resolve("second");
    try (PresenceLog log = fixture.open(folder.resolve("first"))) {
      epochs.add(log.epoch());
      append(log, 1, 10);
      fixture.disk.imageOfKill(folder.resolve("first"), second);
    }
    fixture.disk.reboot();
    try (PresenceLog log = fixture.open(second)) {
      epochs.add(log.epoch());
      // The first one says that the run before is over.
      append(log, 12, 20);
      fixture.disk.imageOfKill(second, third);
    }
    fixture.disk.reboot();
    return epochs;
  }

  @Test
  void whoHadNoMoreThanIsLeftGoesOnInTheNextRun() throws IOException {
    Path third = folder.resolve("third");
    List<String> epochs = cutOffTwice(third);
    try (PresenceLog log = fixture.open(third)) {
      append(log, 22, 30);
      assertThat(log.start()).isEqualTo(20);
      assertThat(epochs).doesNotContain(log.epoch()).doesNotHaveDuplicates();
      Portion ofFirst = next(log, epochs.get(0), 9);
      assertThat(ofFirst.missing()).isNull();
      assertThat(ofFirst.from()).isEqualTo(new LogPosition(log.epoch(), 9));
      assertThat(numbers(ofFirst)).containsExactly(10L, 11L, 12L);
      Portion ofSecond = next(log, epochs.get(1), 20);
      assertThat(ofSecond.missing()).isNull();
      assertThat(numbers(ofSecond)).containsExactly(21L, 22L, 23L);
    }
  }

  @Test
  void whoHadMoreIsToldThatNumbersWereGivenAnew() throws IOException {
    Path third = folder.resolve("third");
    List<String> epochs = cutOffTwice(third);
    try (PresenceLog log = fixture.open(third)) {
      append(log, 22, 30);
      // There are events of these numbers, but others than the first run told.
      for (LogPosition lost :
          List.of(
              new LogPosition(epochs.get(0), 11),
              new LogPosition(epochs.get(0), 15),
              new LogPosition(epochs.get(1), 21),
              new LogPosition("7", 3),
              new LogPosition("no number", 3),
              new LogPosition("99999999999999999999999", 3))) {
        Portion portion = next(log, lost.epoch(), lost.seq());
        assertThat(portion.missing()).as("%s", lost).isEqualTo(new Missing(lost.seq() + 1, null));
        assertThat(portion.from()).isEqualTo(new LogPosition(log.epoch(), 20));
        assertThat(numbers(portion)).containsExactly(21L, 22L, 23L);
      }
    }
  }

  @Test
  void aLogThatLosesItsDiskIsFollowedUnderItsNewName() {
    try (PresenceLog log = fixture.open(folder)) {
      append(log, 1, 5);
      String before = log.epoch();
      Follower follower = new Follower(log, EventFilter.ALL, new LogPosition(before, 0));
      assertThat(numbers(follower.next(3))).containsExactly(1L, 2L, 3L);
      fixture.disk.failing(true);
      fixture.disk.room(0);
      append(log, 6, 8);
      assertThat(log.epoch()).isNotEqualTo(before);
      List<Long> rest = new ArrayList<>();
      while (follower.position().seq() < 8) {
        Portion portion = follower.next(100);
        assertThat(portion.missing()).isNull();
        rest.addAll(numbers(portion));
      }
      assertThat(rest).containsExactly(4L, 5L, 6L, 7L, 8L);
      assertThat(follower.position().epoch()).isEqualTo(log.epoch());
      // Who comes back with the old name goes on, too.
      Portion back = next(log, before, 6);
      assertThat(back.missing()).isNull();
      assertThat(numbers(back)).containsExactly(7L, 8L);
    }
  }
}
