package io.heartbus.server.presence;

import static io.heartbus.server.presence.LogFixture.append;
import static io.heartbus.server.presence.LogFixture.awaitAll;
import static io.heartbus.server.presence.LogFixture.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.presence.LogFixture.Reading;
import io.heartbus.server.presence.LogSettings.Fsync;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a log goes on when the machine went down, and what was not synced is not on the disk. */
class PowerCutTest {
  @TempDir private Path folder;

  private final LogFixture fixture = new LogFixture();

  @Test
  void afterAPowerCutNoNumberIsUsedTwice() throws IOException {
    fixture.fsync(Fsync.NEVER);
    Path image = folder.resolve("image");
    String epoch;
    try (PresenceLog log = fixture.open(folder.resolve("log"))) {
      epoch = log.epoch();
      append(log, 1, 10);
      fixture.disk.imageOfPowerCut(folder.resolve("log"), image);
    }
    try (PresenceLog log = fixture.open(image)) {
      assertThat(log.epoch()).isNotEqualTo(epoch);
      assertThat(Long.parseLong(log.epoch())).isGreaterThan(Long.parseLong(epoch));
      append(log, 1, 1);
    }
  }

  @Test
  void anOrderlyEndVouchesForNothingThatComesAfterIt() throws IOException {
    Path dir = folder.resolve("log");
    Path image = folder.resolve("image");
    fixture.open(dir).close();
    String epoch;
    try (PresenceLog log = fixture.open(dir)) {
      epoch = log.epoch();
      append(log, 1, 10);
      fixture.disk.imageOfPowerCut(dir, image);
    }
    try (PresenceLog log = fixture.open(image)) {
      assertThat(log.epoch()).isNotEqualTo(epoch);
    }
  }

  @Test
  void whatWasSyncedFirstSurvivesAPowerCut() throws IOException {
    fixture.fsync(Fsync.ALWAYS);
    Path image = folder.resolve("image");
    String epoch;
    try (PresenceLog log = fixture.open(folder.resolve("log"))) {
      epoch = log.epoch();
      append(log, 1, 10);
      fixture.disk.imageOfPowerCut(folder.resolve("log"), image);
      // Room that the file got for what was never told.
      Path segment = onlySegment(image);
      try (FileChannel file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
        file.write(ByteBuffer.allocate(1_000), file.size());
      }
    }
    try (PresenceLog log = fixture.open(image)) {
      assertThat(log.epoch()).isEqualTo(epoch);
      append(log, 12, 12);
      assertThat(seqs(log)).isEqualTo(numbers(1, 12));
    }
  }

  @Test
  void whatAnOlderEpochToldCanStillBeRead() throws IOException {
    fixture.memory(2);
    Path dir = folder.resolve("0");
    for (int round = 0; round < 4; round++) {
      Path image = folder.resolve(Integer.toString(round + 1));
      try (PresenceLog log = fixture.open(dir)) {
        append(log, 1, 10);
        fixture.disk.imageOfKill(dir, image);
      }
      fixture.disk.reboot();
      dir = image;
    }
    try (PresenceLog log = fixture.open(dir)) {
      awaitAll(log);
      // Each start but the first has said so, and begun an epoch of its own.
      assertThat(seqs(log)).isEqualTo(numbers(1, 44));
      assertThat(epochs(dir)).hasSize(5);
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

  private static List<String> epochs(Path dir) throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("presence-"))
          .map(name -> name.substring(0, 28))
          .distinct()
          .toList();
    }
  }

  private static Path onlySegment(Path dir) throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      List<Path> segments = files.filter(file -> file.toString().endsWith(".events")).toList();
      assertThat(segments).hasSize(1);
      return segments.getFirst();
    }
  }
}
