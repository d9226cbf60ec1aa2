package io.heartbus.server.presence;

import static io.heartbus.server.presence.LogFixture.append;
import static io.heartbus.server.presence.LogFixture.awaitAll;
import static io.heartbus.server.presence.LogFixture.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.presence.LogFixture.Reading;
import io.heartbus.server.presence.LogSettings.Fsync;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A disk that cannot be used costs persistence, and says so; it costs nothing else. */
class DiskFailureTest {
  @TempDir private Path folder;

  private final LogFixture fixture = new LogFixture();

  @Test
  void aFolderThatIsAFileMeansMemoryOnly() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    for (Path dir : new Path[] {file, file.resolve("below")}) {
      try (PresenceLog log = fixture.open(dir)) {
        assertThat(log.warnings()).singleElement().asString().contains(file.toString());
        assertThat(log.figures().diskFailures()).isEqualTo(1);
        assertThat(append(log, 1, 10)).isEqualTo(10);
        assertThat(read(log, 0, 3).events()).hasSize(10);
      }
    }
    assertThat(file).isEmptyFile();
  }

  @Test
  void aFolderThatCanBeHadLaterIsUsedThen() throws IOException {
    Path dir = folder.resolve("log");
    Files.writeString(dir, "");
    String epoch;
    try (PresenceLog log = fixture.open(dir)) {
      epoch = log.epoch();
      append(log, 1, 10);
      Files.delete(dir);
      LogFixture.await(() -> log.warnings().isEmpty());
      append(log, 11, 12);
      // Nobody who was told has to begin anew.
      assertThat(log.epoch()).isEqualTo(epoch);
    }
    try (PresenceLog log = fixture.open(dir)) {
      assertThat(awaitAll(log)).isEqualTo(13);
      assertThat(log.epoch()).isEqualTo(epoch);
      assertThat(read(log, 0, 100).events()).hasSize(13);
    }
  }

  @Test
  void aFolderThatHoldsANewerEpochWhenItCanBeHadMakesANewOne() throws IOException {
    Path dir = folder.resolve("log");
    Path elsewhere = folder.resolve("elsewhere");
    fixture.pass(1_000_000);
    String newer;
    try (PresenceLog log = fixture.open(dir)) {
      newer = log.epoch();
      append(log, 1, 5);
    }
    Files.move(dir, elsewhere);
    Files.writeString(dir, "");
    fixture.pass(-500_000);
    try (PresenceLog log = fixture.open(dir)) {
      assertThat(Long.parseLong(log.epoch())).isLessThan(Long.parseLong(newer));
      append(log, 11, 13);
      Files.delete(dir);
      Files.move(elsewhere, dir);
      LogFixture.await(() -> log.warnings().isEmpty());
      assertThat(Long.parseLong(log.epoch())).isGreaterThan(Long.parseLong(newer));
    }
    try (PresenceLog log = fixture.open(dir)) {
      // Numbers 1 to 3 stand for other events in the epoch that was there.
      awaitAll(log);
      Reading reading = read(log, 0, 10);
      assertThat(reading.events()).hasSize(4);
      assertThat(reading.whats().subList(0, 3))
          .containsExactly(
              RandomEvents.numbered(11), RandomEvents.numbered(12), RandomEvents.numbered(13));
    }
  }

  @ParameterizedTest
  @EnumSource(Fsync.class)
  void aDiskThatIsFullIsGoneOnWithoutAndComesBack(Fsync fsync) {
    fixture.fsync(fsync).segments(1_000);
    for (int room = 0; room < 1_500; room += 13) {
      Path dir = folder.resolve(fsync + "-" + room);
      try (PresenceLog log = fixture.open(dir)) {
        String epoch = log.epoch();
        append(log, 1, 5);
        fixture.disk.room(room);
        int number = 6;
        while (log.warnings().isEmpty()) {
          append(log, number, number);
          number++;
        }
        assertThat(log.epoch()).isNotEqualTo(epoch);
        append(log, number, number + 9);
        assertThat(read(log, 0, 7).events()).hasSize(number + 9);
        fixture.disk.room(Long.MAX_VALUE);
        LogFixture.await(() -> log.warnings().isEmpty());
        assertThat(append(log, 1, 10)).isEqualTo(number + 19);
      }
      try (PresenceLog log = fixture.open(dir)) {
        awaitAll(log);
        // Memory held all that the disk had missed, so it has all of it now.
        assertThat(read(log, 0, 7).gaps()).isEmpty();
      }
    }
  }

  @Test
  void whatWasToldWithoutTheDiskIsNotToldAgainAsSomethingElse() throws IOException {
    Path image = folder.resolve("image");
    String before;
    String without;
    try (PresenceLog log = fixture.open(folder.resolve("log"))) {
      before = log.epoch();
      append(log, 1, 5);
      fixture.disk.failing(true);
      fixture.disk.room(0);
      append(log, 6, 9);
      LogFixture.await(() -> !log.warnings().isEmpty());
      without = log.epoch();
      assertThat(log.last()).isEqualTo(9);
      fixture.disk.imageOfKill(folder.resolve("log"), image);
    }
    fixture.disk.failing(false);
    fixture.disk.room(Long.MAX_VALUE);
    try (PresenceLog log = fixture.open(image)) {
      // The old epoch had no number that is not here.
      assertThat(log.epoch()).isEqualTo(before).isNotEqualTo(without);
      assertThat(awaitAll(log)).isEqualTo(6);
    }
  }

  @Test
  void aDiskThatCatchesUpIsNotToBeBelievedBeforeItHas() throws IOException {
    Path image = folder.resolve("image");
    try (PresenceLog log = fixture.open(folder.resolve("log"))) {
      String before = log.epoch();
      append(log, 1, 5);
      fixture.disk.room(0);
      append(log, 6, 9);
      LogFixture.await(() -> !log.warnings().isEmpty());
      // The header of a new segment gets through, and then what was told meanwhile does not.
      CountDownLatch gate = fixture.disk.holdWritesAfter(1);
      fixture.disk.room(Long.MAX_VALUE);
      LogFixture.await(fixture.disk::holdsWrite);
      fixture.disk.imageOfKill(folder.resolve("log"), image);
      gate.countDown();
      LogFixture.await(() -> log.warnings().isEmpty());
      try (PresenceLog next = fixture.open(image)) {
        // In the other epoch the numbers 6 to 9 are taken.
        assertThat(next.epoch()).isEqualTo(before).isNotEqualTo(log.epoch());
        assertThat(awaitAll(next)).isEqualTo(6);
      }
    }
  }

  @Test
  void aDiskWithoutRoomForANewSegmentStillShowsWhatItHas() throws IOException {
    String epoch;
    try (PresenceLog log = fixture.open(folder)) {
      epoch = log.epoch();
      append(log, 1, 5);
    }
    fixture.disk.reboot();
    fixture.disk.room(0);
    try (PresenceLog log = fixture.open(folder)) {
      assertThat(log.warnings()).isNotEmpty();
      assertThat(log.epoch()).isNotEqualTo(epoch);
      assertThat(append(log, 6, 6)).isEqualTo(7);
      assertThat(read(log, 0, 10).events()).hasSize(7);
    }
    fixture.disk.room(Long.MAX_VALUE);
    try (PresenceLog log = fixture.open(folder)) {
      assertThat(log.epoch()).isEqualTo(epoch);
      assertThat(awaitAll(log)).isEqualTo(6);
    }
  }

  @Test
  void aSyncThatFailsEndsTheEpoch() {
    fixture.fsync(Fsync.ALWAYS);
    // The next try would fail for a reason of its own.
    fixture.disk.retryAfter(TestDisk.HOUR_NANOS);
    try (PresenceLog log = fixture.open(folder)) {
      String epoch = log.epoch();
      append(log, 1, 5);
      fixture.disk.failing(true);
      append(log, 6, 6);
      assertThat(log.epoch()).isNotEqualTo(epoch);
      assertThat(log.warnings()).singleElement().asString().contains("Input/output error");
      assertThat(read(log, 0, 10).events()).hasSize(6);
    }
  }
}
