package io.heartbus.server.presence;

import static io.heartbus.server.presence.LogFixture.append;
import static io.heartbus.server.presence.LogFixture.awaitAll;
import static io.heartbus.server.presence.LogFixture.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.node.EventType;
import io.heartbus.server.node.NodeEvent;
import io.heartbus.server.presence.LogFixture.Reading;
import io.heartbus.server.presence.LogSettings.Fsync;
import io.heartbus.server.presence.PresenceLog.Gap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a log makes of files that are not as it wrote them. */
class DamageTest {
  private static final int EVENTS = 24;

  @TempDir private Path folder;

  private final LogFixture fixture = new LogFixture().memory(3).segments(400);
  private String epoch;

  /** Some segments with numbered events; the process was killed. */
  private Path written() throws IOException {
    Path image = folder.resolve("written");
    try (PresenceLog log = fixture.open(folder.resolve("log"))) {
      epoch = log.epoch();
      append(log, 1, EVENTS);
      fixture.disk.imageOfKill(folder.resolve("log"), image);
    }
    assertThat(segments(image)).hasSizeBetween(3, 8);
    return image;
  }

  @ParameterizedTest
  @ValueSource(strings = {"first", "middle", "last"})
  void aByteThatChangedMakesNoEventWrongAndUsesNoNumberTwice(String which) throws IOException {
    Path written = written();
    List<Path> segments = segments(written);
    int index = which.equals("first") ? 0 : which.equals("last") ? segments.size() - 1 : 1;
    byte[] whole = Files.readAllBytes(segments.get(index));
    for (int at = 0; at < whole.length; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= (byte) (1 << at % 8);
      Files.write(segments.get(index), changed);
      Path copy = folder.resolve(which + at);
      fixture.disk.imageOfKill(written, copy);
      // Only the newest header is needed: names say the rest.
      boolean harmless = at < SegmentHeader.BYTES && !which.equals("last");
      check(copy, which + ", byte " + at, harmless);
    }
  }

  private void check(Path dir, String what, boolean harmless) {
    try (PresenceLog log = fixture.open(dir)) {
      append(log, 1_000, 1_001);
      if (log.epoch().equals(epoch)) {
        // Nothing that was told may be told again: 24 events, and that the server was lost.
        assertThat(log.last()).as(what).isEqualTo(EVENTS + 3);
      }
      Reading reading = read(log, 0, 5);
      for (PresenceEvent event : reading.events()) {
        assertThat(event.what()).as(what).isIn(allowed(event.seq(), log.last()));
      }
      assertThat(reading.whats().subList(reading.whats().size() - 2, reading.whats().size()))
          .as(what)
          .containsExactly(RandomEvents.numbered(1_000), RandomEvents.numbered(1_001));
      boolean whole = reading.gaps().isEmpty() && log.epoch().equals(epoch);
      assertThat(whole).as(what).isEqualTo(harmless);
      assertThat(log.warnings().isEmpty()).as(what).isEqualTo(harmless);
    }
  }

  /** What may stand under a number when the last one is known. */
  private static List<NodeEvent> allowed(long seq, long last) {
    if (seq > last - 2) {
      return List.of(RandomEvents.numbered((int) (1_001 - (last - seq))));
    }
    return seq == last - 2
        ? List.of(
            new NodeEvent(
                EventType.MASS_LOSS,
                null,
                0,
                io.heartbus.server.node.Cause.SERVER_LOST,
                null,
                -1,
                "the server was started anew: all sessions that began before this ended with it"))
        : List.of(RandomEvents.numbered((int) seq));
  }

  @Test
  void aDamagedSegmentCostsWhatIsBehindTheDamageAndNoMore() throws IOException {
    Path written = written();
    List<Path> segments = segments(written);
    byte[] bytes = Files.readAllBytes(segments.get(1));
    bytes[bytes.length - 1] ^= 1;
    Files.write(segments.get(1), bytes);
    long next = Long.parseLong(name(segments.get(2)).substring(29, 48));
    try (PresenceLog log = fixture.open(written)) {
      awaitAll(log);
      assertThat(log.epoch()).isEqualTo(epoch);
      Reading reading = read(log, 0, 4);
      // The last event of that segment.
      assertThat(reading.gaps()).containsExactly(new Gap(next - 1, next - 1, next - 1));
      assertThat(reading.events()).hasSize(EVENTS);
      assertThat(log.warnings())
          .singleElement()
          .asString()
          .contains(name(segments.get(1)), "damaged", "from " + (next - 1) + " on");
      assertThat(read(log, next - 2, 4).gaps()).hasSize(1);
      assertThat(log.warnings()).hasSize(1);
    }
  }

  @Test
  void aLogThatWasRestoredCanBeToldSo() throws IOException {
    Path written = written();
    Files.writeString(segments(written).getLast(), "restored\n", StandardOpenOption.APPEND);
    try (PresenceLog log = fixture.open(written)) {
      awaitAll(log);
      assertThat(log.epoch()).isNotEqualTo(epoch);
      assertThat(read(log, 0, 10).gaps()).isEmpty();
      assertThat(log.last()).isEqualTo(EVENTS + 1);
    }
  }

  @Test
  void aSegmentThatIsGoneIsAGap() throws IOException {
    Path written = written();
    List<Path> segments = segments(written);
    long from = Long.parseLong(name(segments.get(1)).substring(29, 48));
    long next = Long.parseLong(name(segments.get(2)).substring(29, 48));
    Files.delete(segments.get(1));
    try (PresenceLog log = fixture.open(written)) {
      awaitAll(log);
      assertThat(log.epoch()).isEqualTo(epoch);
      Reading reading = read(log, 0, 4);
      assertThat(reading.gaps()).containsExactly(new Gap(from, next - 1, next - 1));
      assertThat(log.warnings()).singleElement().asString().contains("from " + from + " on");
    }
  }

  @Test
  void aSegmentThatGoesWhileTheLogIsOpenIsAGap() throws IOException {
    try (PresenceLog log = fixture.open(folder)) {
      append(log, 1, EVENTS);
      Path second = segments(folder).get(1);
      Files.delete(second);
      Reading reading = read(log, 0, 4);
      assertThat(reading.gaps()).hasSize(1);
      assertThat(log.warnings()).singleElement().asString().contains(name(second), "gone");
      assertThat(append(log, 25, 26)).isEqualTo(EVENTS + 2);
    }
  }

  @Test
  void nothingButOurOwnFilesIsTakenForASegment() throws IOException {
    Path written = written();
    for (String name :
        List.of(
            "presence-1-2.events",
            "presence-9999999999999999999-0000000000000000001.events",
            "presence-0000000000000000001-0000000000000000001.events",
            "presence-0000000000000000001-0000000000000000001.eventsx")) {
      Files.writeString(written.resolve(name), "nonsense");
    }
    try (PresenceLog log = fixture.open(written)) {
      append(log, 50, 50);
      assertThat(read(log, 0, 10).whats()).contains(RandomEvents.numbered(50));
      assertThat(log.last()).isPositive();
    }
  }

  @Test
  void anInterruptedReaderIsNotToldThatSomethingIsMissing() {
    fixture.fsync(Fsync.NEVER);
    try (PresenceLog log = fixture.open(folder)) {
      append(log, 1, EVENTS);
      Thread.currentThread().interrupt();
      assertThat(log.read(0, 5).gap()).isNull();
      assertThat(Thread.interrupted()).isTrue();
      assertThat(log.read(0, 5).events()).isNotEmpty();
      assertThat(log.warnings()).isEmpty();
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private static List<Path> segments(Path dir) throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return new ArrayList<>(
          files.filter(file -> file.toString().endsWith(".events")).sorted().toList());
    }
  }
}
