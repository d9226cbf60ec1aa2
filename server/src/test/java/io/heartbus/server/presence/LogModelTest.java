package io.heartbus.server.presence;

import static io.heartbus.server.presence.LogFixture.awaitAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.node.Cause;
import io.heartbus.server.node.NodeEvent;
import io.heartbus.server.presence.LogSettings.Fsync;
import io.heartbus.server.presence.PresenceLog.Slice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A log on disk against a plain list, through random appends, readings, orderly ends, kills, power
 * cuts and failures of the disk. Above all that stands that no number is told twice within an epoch
 * with different events, whatever happens.
 */
class LogModelTest {
  private static final List<Fsync> FSYNCS = List.of(Fsync.values());

  @TempDir private Path folder;

  /** Every event that a reader was handed, by the epoch it was told of and the number. */
  private final Map<String, NodeEvent> told = new HashMap<>();

  /** What was appended, in order; the first has the number 1. */
  private final List<NodeEvent> model = new ArrayList<>();

  private final LogFixture fixture = new LogFixture();
  private SplittableRandom random;
  private PresenceLog log;
  private Path dir;
  private int directories;
  private int restarts;
  private int newEpochs;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void aReaderGetsWhatAListWouldHold(int seed) throws IOException {
    begin(seed);
    for (int i = 0; i < 250; i++) {
      switch (random.nextInt(12)) {
        case 0, 1, 2, 3 -> append(1 + random.nextInt(40));
        case 4, 5, 6, 7 -> readSome();
        case 8 -> endAndStart();
        case 9 -> killAndStart();
        case 10 -> readAll();
        default -> append(1);
      }
    }
    readAll();
    log.close();
    assertThat(restarts).isGreaterThan(10);
    // All of these were ends after which everything is there.
    assertThat(newEpochs).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {21, 22, 23, 24, 25, 26, 27, 28, 29})
  void noNumberIsUsedTwiceWhateverHappensToTheDisk(int seed) throws IOException {
    begin(seed);
    for (int i = 0; i < 250; i++) {
      switch (random.nextInt(14)) {
        case 0, 1, 2, 3 -> append(1 + random.nextInt(40));
        case 4, 5, 6, 7 -> readSome();
        case 8 -> endAndStart();
        case 9 -> killAndStart();
        case 10 -> cutPowerAndStart();
        case 11 -> fixture.disk.room(random.nextInt(3_000));
        case 12 -> fixture.disk.failing(random.nextBoolean());
        default -> {
          fixture.disk.room(Long.MAX_VALUE);
          fixture.disk.failing(false);
        }
      }
    }
    readSome();
    log.close();
    assertThat(restarts).isGreaterThan(10);
    assertThat(newEpochs).isGreaterThan(3);
    // How much a reader gets to see of a disk that fails depends on the writer's pace.
    assertThat(told.size()).isGreaterThan(50);
  }

  private void begin(int seed) {
    random = new SplittableRandom(seed);
    fixture
        .memory(1 + random.nextInt(60))
        .segments(1_000 + random.nextInt(20_000))
        .fsync(FSYNCS.get(seed % FSYNCS.size()));
    dir = folder.resolve("0");
    log = fixture.open(dir);
  }

  private void append(int count) {
    for (int i = 0; i < count; i++) {
      NodeEvent event = RandomEvents.next(random);
      log.append(event);
      model.add(event);
    }
  }

  private void readSome() {
    long last = log.last();
    long after = random.nextBoolean() ? Math.max(0, last - random.nextInt(60)) : last + 2;
    read(random.nextLong(after + 1), 1 + random.nextInt(50));
    read(after, 60);
  }

  private Slice read(long after, int page) {
    Slice slice = log.read(after, page);
    long expected = slice.gap() == null ? after + 1 : slice.gap().next() + 1;
    for (PresenceEvent event : slice.events()) {
      assertThat(event.seq()).isEqualTo(expected++);
      NodeEvent before = told.put(slice.epoch() + "/" + event.seq(), event.what());
      assertThat(before == null || before.equals(event.what()))
          .as("%s of %s was %s and is %s", event.seq(), slice.epoch(), before, event.what())
          .isTrue();
    }
    return slice;
  }

  /** Everything that was told is there, and is what was appended. */
  private void readAll() {
    awaitAll(log);
    assertThat(log.last()).isEqualTo(model.size());
    List<NodeEvent> read = new ArrayList<>();
    long position = 0;
    while (position < log.last()) {
      Slice slice = read(position, 1 + random.nextInt(500));
      assertThat(slice.gap()).isNull();
      slice.events().forEach(event -> read.add(event.what()));
      position = slice.next(position);
    }
    assertThat(read).isEqualTo(model);
  }

  private void endAndStart() {
    long appended = model.size();
    log.close();
    start(appended);
  }

  private void killAndStart() throws IOException {
    long toldBefore = log.last();
    Path image = folder.resolve(Integer.toString(++directories));
    fixture.disk.imageOfKill(dir, image);
    log.close();
    dir = image;
    start(toldBefore);
  }

  private void cutPowerAndStart() throws IOException {
    Path image = folder.resolve(Integer.toString(++directories));
    fixture.disk.imageOfPowerCut(dir, image);
    log.close();
    dir = image;
    start(0);
  }

  /** Starts another log, which must know that many events if the disk was well. */
  private void start(long known) {
    String epoch = log.epoch();
    log = fixture.open(dir);
    restarts++;
    newEpochs += log.epoch().equals(epoch) ? 0 : 1;
    // Whatever there was, one event says that it is over.
    long kept = Math.max(0, awaitAll(log) - 1);
    if (newEpochs == 0) {
      assertThat(kept).isBetween(known, (long) model.size());
      // What was not told yet went with the process.
      model.subList((int) kept, model.size()).clear();
      if (kept > 0) {
        model.add(log.read(kept, 1).events().getFirst().what());
        assertThat(model.getLast().cause()).isEqualTo(Cause.SERVER_LOST);
      }
    }
  }
}
