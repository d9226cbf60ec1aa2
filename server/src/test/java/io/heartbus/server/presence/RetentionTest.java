package io.heartbus.server.presence;

import static io.heartbus.server.presence.LogFixture.append;
import static io.heartbus.server.presence.LogFixture.awaitAll;
import static io.heartbus.server.presence.LogFixture.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.presence.LogFixture.Reading;
import io.heartbus.server.presence.PresenceLog.Gap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes when there is too much, or it is too old. */
class RetentionTest {
  private static final long DAY_MS = 86_400_000;

  @TempDir private Path folder;

  private final LogFixture fixture = new LogFixture().memory(10).segments(2_000);

  @Test
  void theOldestGoWhenThereIsTooMuch() throws IOException {
    fixture.retain(10_000, DAY_MS);
    try (PresenceLog log = fixture.open(folder)) {
      for (int from = 1; from <= 2_000; from += 100) {
        append(log, from, from + 99);
      }
      // Whatever the last event made too much goes behind it.
      LogFixture.await(() -> log.figures().diskBytes() <= 10_000);
      assertThat(bytes()).isEqualTo(log.figures().diskBytes()).isGreaterThan(6_000);
      long first = log.first();
      assertThat(first).isBetween(1_750L, 1_900L);
      Reading reading = read(log, 0, 100);
      assertThat(reading.gaps()).containsExactly(new Gap(1, first - 1, first - 1));
      assertThat(reading.events().getFirst().what()).isEqualTo(RandomEvents.numbered((int) first));
      assertThat(log.warnings()).isEmpty();
    }
  }

  @Test
  void whatIsTooOldGoes() throws IOException {
    fixture.retain(1L << 40, DAY_MS);
    try (PresenceLog log = fixture.open(folder)) {
      append(log, 1, 100);
      fixture.pass(DAY_MS / 2);
      append(log, 101, 200);
      assertThat(log.first()).isEqualTo(1);
      fixture.pass(DAY_MS / 2 + 100_000);
      append(log, 201, 300);
      // The first hundred, but for those that share a segment with later ones.
      assertThat(log.first()).isBetween(50L, 101L);
      fixture.pass(2 * DAY_MS);
      append(log, 301, 400);
      assertThat(log.first()).isBetween(250L, 301L);
    }
  }

  @Test
  void aSegmentIsEndedWhenItGetsOldThoughItIsSmall() {
    fixture.memory(1).retain(1L << 40, DAY_MS).segments(1 << 20);
    try (PresenceLog log = fixture.open(folder)) {
      append(log, 1, 1);
      for (int day = 1; day <= 4; day++) {
        fixture.pass(DAY_MS + 1);
        // It goes where its elders are, and ends that; it will go with the next one.
        append(log, day + 1, day + 1);
        long newest = log.last() + 1;
        LogFixture.await(() -> Files.exists(segment(newest)));
        long first = day == 1 ? 1 : day + 1;
        LogFixture.await(() -> log.first() == first);
      }
    }
  }

  @Test
  void boundsThatWereLoweredCountFromTheStart() throws IOException {
    try (PresenceLog log = fixture.open(folder)) {
      append(log, 1, 1_000);
    }
    assertThat(bytes()).isGreaterThan(30_000);
    fixture.retain(4_000, DAY_MS);
    // A disk without room to begin with, until the old segments are gone.
    try (PresenceLog log = fixture.open(folder)) {
      assertThat(bytes()).isLessThanOrEqualTo(4_000);
      awaitAll(log);
      assertThat(log.last()).isEqualTo(1_001);
      assertThat(log.first()).isGreaterThan(900);
    }
  }

  @Test
  void theNewestSegmentStaysHoweverOldItIs() throws IOException {
    String epoch;
    try (PresenceLog log = fixture.open(folder)) {
      epoch = log.epoch();
      append(log, 1, 10);
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
      }
    }
    fixture.retain(1, 0);
    try (PresenceLog log = fixture.open(folder)) {
      assertThat(log.epoch()).isEqualTo(epoch);
      assertThat(append(log, 12, 12)).isEqualTo(12);
    }
  }

  /** The one that begins with that number. */
  private Path segment(long first) {
    return folder.resolve("presence-0001790000000000000-%019d.events".formatted(first));
  }

  private long bytes() throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }
}
