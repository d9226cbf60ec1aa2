package io.heartbus.server.presence;

import static io.heartbus.server.presence.LogFixture.append;
import static io.heartbus.server.presence.LogFixture.awaitAll;
import static io.heartbus.server.presence.LogFixture.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.presence.LogFixture.Reading;
import io.heartbus.server.presence.LogSettings.Fsync;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that takes its time costs those who append nothing, and readers no more than patience. */
class SlowDiskTest {
  private static final long MILLISECOND_NANOS = 1_000_000;

  @TempDir private Path folder;

  private final LogFixture fixture = new LogFixture();

  @Test
  void nobodyIsToldOfAnEventThatIsNotWritten() throws InterruptedException {
    try (PresenceLog log = fixture.open(folder)) {
      append(log, 1, 3);
      CountDownLatch gate = fixture.disk.holdWrites();
      for (int number = 4; number <= 1_000; number++) {
        log.append(RandomEvents.numbered(number));
      }
      assertThat(log.last()).isEqualTo(3);
      assertThat(log.read(3, 10).events()).isEmpty();
      assertThat(log.await(3, MILLISECOND_NANOS)).isFalse();
      assertThat(log.figures().waiting()).isEqualTo(997);
      gate.countDown();
      assertThat(log.await(3, LogFixture.PATIENCE_NANOS)).isTrue();
      assertThat(awaitAll(log)).isEqualTo(1_000);
      assertThat(read(log, 0, 100).gaps()).isEmpty();
      assertThat(log.warnings()).isEmpty();
    }
  }

  @Test
  void nobodyIsToldOfAnEventThatIsNotSyncedIfItMustBe() {
    fixture.fsync(Fsync.ALWAYS);
    try (PresenceLog log = fixture.open(folder)) {
      append(log, 1, 3);
      int syncs = fixture.disk.syncs();
      CountDownLatch gate = fixture.disk.holdSyncs();
      log.append(RandomEvents.numbered(4));
      LogFixture.await(() -> log.figures().diskBytes() > 0);
      assertThat(log.read(3, 10).events()).isEmpty();
      gate.countDown();
      assertThat(awaitAll(log)).isEqualTo(4);
      assertThat(fixture.disk.syncs()).isEqualTo(syncs + 1);
    }
  }

  @Test
  void aDiskThatIsStuckIsGoneOnWithoutAndComesBack() throws InterruptedException {
    fixture.disk.stuckAfter(1_000 * MILLISECOND_NANOS);
    try (PresenceLog log = fixture.open(folder)) {
      String epoch = log.epoch();
      append(log, 1, 3);
      CountDownLatch gate = fixture.disk.holdWrites();
      log.append(RandomEvents.numbered(4));
      // Whoever waits for it finds out.
      assertThat(log.await(3, LogFixture.PATIENCE_NANOS)).isTrue();
      assertThat(log.epoch()).isNotEqualTo(epoch);
      assertThat(log.warnings()).singleElement().asString().contains("memory only");
      assertThat(append(log, 5, 6)).isEqualTo(6);
      gate.countDown();
      LogFixture.await(() -> log.warnings().isEmpty());
      append(log, 7, 9);
      Reading reading = read(log, 0, 2);
      assertThat(reading.gaps()).isEmpty();
      assertThat(reading.events()).hasSize(9);
      assertThat(log.figures().diskFailures()).isEqualTo(1);
    }
    try (PresenceLog log = fixture.memory(1).open(folder)) {
      awaitAll(log);
      // What was written too late, and once more when the disk was back, is there once.
      assertThat(read(log, 0, 100).gaps()).isEmpty();
      assertThat(read(log, 0, 100).events()).hasSize(10);
    }
  }

  @Test
  void aDiskThatFallsBehindIsGoneOnWithoutAndComesBack() {
    try (PresenceLog log = fixture.open(folder)) {
      String epoch = log.epoch();
      append(log, 1, 1);
      CountDownLatch gate = fixture.disk.holdWrites();
      for (int number = 2; number <= EventRing.WAITING_EVENTS_MAX; number++) {
        log.append(RandomEvents.numbered(number));
      }
      assertThat(log.last()).isEqualTo(1);
      for (int number = 0; number < 10; number++) {
        log.append(RandomEvents.numbered(number));
      }
      assertThat(log.last()).isEqualTo(EventRing.WAITING_EVENTS_MAX + 10);
      assertThat(log.epoch()).isNotEqualTo(epoch);
      assertThat(log.warnings()).singleElement().asString().contains("more slowly");
      // Memory has its bounds again, and what it let go of is told to be missing.
      assertThat(log.figures().memoryBytes()).isLessThan(100_000);
      assertThat(read(log, 1, 1_000).gaps()).hasSize(1);
      gate.countDown();
      LogFixture.await(() -> log.warnings().isEmpty());
      append(log, 1, 1);
    }
  }

  @Test
  void whoWaitsIsWokenWhenTheEpochEnds() throws InterruptedException {
    try (PresenceLog log = fixture.open(folder)) {
      append(log, 1, 3);
      String epoch = log.epoch();
      Thread reader =
          Thread.startVirtualThread(() -> {
            try {
              boolean _ = log.await(3, Long.MAX_VALUE);
            } catch (InterruptedException unexpected) {
              throw new AssertionError(unexpected);
            }
          });
      // Nothing is appended: the sync that is due by the close of a segment fails.
      LogFixture.await(() -> reader.getState() == Thread.State.TIMED_WAITING);
      fixture.disk.failing(true);
      fixture.pass(1L << 51);
      log.append(RandomEvents.numbered(4));
      reader.join();
      LogFixture.await(() -> !log.epoch().equals(epoch));
      assertThat(log.last()).isEqualTo(4);
    }
  }

  @Test
  void anEndThatTheDiskPreventsIsAnEndNevertheless() {
    fixture.disk.closeWithin(MILLISECOND_NANOS);
    CountDownLatch gate;
    try (PresenceLog log = fixture.open(folder)) {
      append(log, 1, 3);
      gate = fixture.disk.holdWrites();
      log.append(RandomEvents.numbered(4));
    }
    gate.countDown();
  }
}
