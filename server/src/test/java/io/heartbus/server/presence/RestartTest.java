package io.heartbus.server.presence;

import static io.heartbus.server.presence.LogFixture.append;
import static io.heartbus.server.presence.LogFixture.awaitAll;
import static io.heartbus.server.presence.LogFixture.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.node.Cause;
import io.heartbus.server.node.EventType;
import io.heartbus.server.node.NodeEvent;
import io.heartbus.server.presence.LogFixture.Reading;
import io.heartbus.server.presence.LogSettings.Fsync;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a log goes on in another process, after an end of any kind. */
class RestartTest {
  @TempDir private Path folder;

  private final LogFixture fixture = new LogFixture();

  @ParameterizedTest
  @EnumSource(Fsync.class)
  void theNumbersGoOnAfterAnOrderlyEnd(Fsync fsync) {
    fixture.fsync(fsync);
    String epoch;
    try (PresenceLog log = fixture.open(folder)) {
      epoch = log.epoch();
      append(log, 1, 10);
    }
    fixture.disk.reboot();
    try (PresenceLog log = fixture.open(folder)) {
      assertThat(log.epoch()).isEqualTo(epoch);
      assertThat(append(log, 12, 20)).isEqualTo(20);
      assertThat(seqs(log)).isEqualTo(numbers(1, 20));
      assertThat(log.warnings()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Fsync.class)
  void theNumbersGoOnAfterAKill(Fsync fsync) throws IOException {
    fixture.fsync(fsync);
    Path image = folder.resolve("image");
    Reading told;
    String epoch;
    try (PresenceLog log = fixture.open(folder.resolve("log"))) {
      epoch = log.epoch();
      append(log, 1, 250);
      told = read(log, 0, 17);
      fixture.disk.imageOfKill(folder.resolve("log"), image);
    }
    try (PresenceLog log = fixture.open(image)) {
      assertThat(log.epoch()).isEqualTo(epoch);
      assertThat(awaitAll(log)).isEqualTo(251);
      Reading reading = read(log, 0, 17);
      assertThat(reading.gaps()).isEmpty();
      assertThat(reading.events().subList(0, 250)).isEqualTo(told.events());
    }
  }

  @Test
  void whoStartsBehindOthersTellsThatTheirSessionsAreOver() {
    try (PresenceLog log = fixture.open(folder)) {
      append(log, 1, 3);
      assertThat(read(log, 0, 10).whats()).noneMatch(what -> what.type() == EventType.MASS_LOSS);
    }
    try (PresenceLog log = fixture.open(folder)) {
      awaitAll(log);
      NodeEvent lost = read(log, 3, 10).whats().getFirst();
      assertThat(lost.type()).isEqualTo(EventType.MASS_LOSS);
      assertThat(lost.cause()).isEqualTo(Cause.SERVER_LOST);
      assertThat(lost.node()).isNull();
      assertThat(lost.detail()).contains("sessions");
    }
  }

  @Test
  void whatMemoryDoesNotHoldIsReadFromDisk() {
    fixture.memory(7).segments(3_000);
    try (PresenceLog log = fixture.open(folder)) {
      append(log, 1, 1_000);
      checkAll(log, 1_000);
    }
    try (PresenceLog log = fixture.open(folder)) {
      awaitAll(log);
      checkAll(log, 1_000);
    }
  }

  private static void checkAll(PresenceLog log, int count) {
    assertThat(log.first()).isEqualTo(1);
    assertThat(log.figures().memoryBytes()).isLessThan(2_000);
    for (int page : new int[] {1, 10, 10_000}) {
      Reading reading = read(log, 0, page);
      assertThat(reading.gaps()).isEmpty();
      for (int number = 1; number <= count; number++) {
        assertThat(reading.events().get(number - 1).what())
            .isEqualTo(RandomEvents.numbered(number));
      }
    }
  }

  @Test
  void aTornTailIsRepairedWhereverItIsTorn() throws IOException {
    Path segment;
    String epoch;
    long before;
    Path whole = folder.resolve("whole");
    try (PresenceLog log = fixture.open(folder.resolve("log"))) {
      epoch = log.epoch();
      append(log, 1, 9);
      before = log.figures().diskBytes();
      append(log, 10, 10);
      fixture.disk.imageOfKill(folder.resolve("log"), whole);
      segment = onlySegment(whole);
    }
    for (long length = before; length < Files.size(segment); length++) {
      Path torn = folder.resolve("torn-" + length);
      fixture.disk.imageOfKill(whole, torn);
      cut(torn.resolve(segment.getFileName()), length);
      try (PresenceLog log = fixture.open(torn)) {
        assertThat(log.epoch()).isEqualTo(epoch);
        append(log, 100, 100);
        assertThat(seqs(log)).isEqualTo(numbers(1, 11));
        List<NodeEvent> whats = read(log, 8, 10).whats();
        assertThat(whats.get(0)).isEqualTo(RandomEvents.numbered(9));
        assertThat(whats.get(1).cause()).isEqualTo(Cause.SERVER_LOST);
        assertThat(whats.get(2)).isEqualTo(RandomEvents.numbered(100));
        assertThat(log.warnings()).isEmpty();
      }
    }
  }

  @Test
  void manyStartsDoNotMakeManyFiles() throws IOException {
    for (int start = 0; start < 20; start++) {
      try (PresenceLog log = fixture.open(folder)) {
        append(log, start, start);
      }
    }
    assertThat(onlySegment(folder)).exists();
    try (PresenceLog log = fixture.open(folder)) {
      awaitAll(log);
      assertThat(seqs(log)).isEqualTo(numbers(1, 40));
    }
  }

  @Test
  void aSegmentThatWasNeverFinishedIsThrownAway() throws IOException {
    String epoch;
    try (PresenceLog log = fixture.open(folder)) {
      epoch = log.epoch();
      append(log, 1, 3);
    }
    Path draft = folder.resolve("presence-0000000000000000009-0000000000000000001.events.draft");
    Files.writeString(draft, "half a head");
    Files.writeString(folder.resolve("notes.txt"), "not ours");
    try (PresenceLog log = fixture.open(folder)) {
      assertThat(log.epoch()).isEqualTo(epoch);
      assertThat(draft).doesNotExist();
      assertThat(folder.resolve("notes.txt")).exists();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void anEmptyLogIsGoneOnWith(int starts) {
    for (int start = 0; start < starts; start++) {
      try (PresenceLog log = fixture.open(folder)) {
        assertThat(log.last()).isZero();
        assertThat(log.first()).isEqualTo(1);
        assertThat(log.read(0, 10).events()).isEmpty();
      }
      fixture.disk.reboot();
    }
    try (PresenceLog log = fixture.open(folder)) {
      assertThat(append(log, 1, 2)).isEqualTo(2);
    }
  }

  @Test
  void aSecondLogInTheSameFolderHasMemoryOnly() {
    try (PresenceLog log = fixture.open(folder)) {
      append(log, 1, 3);
      try (PresenceLog second = fixture.open(folder)) {
        assertThat(second.warnings()).singleElement().asString().contains("another log");
        assertThat(second.epoch()).isNotEqualTo(log.epoch());
        assertThat(append(second, 50, 50)).isEqualTo(1);
      }
      append(log, 4, 5);
      assertThat(seqs(log)).isEqualTo(numbers(1, 5));
      assertThat(log.warnings()).isEmpty();
    }
  }

  private static List<Long> seqs(PresenceLog log) {
    Reading reading = read(log, 0, 100);
    assertThat(reading.gaps()).isEmpty();
    return reading.seqs();
  }

  private static List<Long> numbers(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  private static Path onlySegment(Path dir) throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      List<Path> segments = files.filter(file -> file.toString().endsWith(".events")).toList();
      assertThat(segments).hasSize(1);
      return segments.getFirst();
    }
  }

  private static void cut(Path file, long length) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(length);
    }
  }
}
