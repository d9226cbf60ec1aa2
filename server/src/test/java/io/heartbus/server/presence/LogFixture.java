package io.heartbus.server.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.node.NodeEvent;
import io.heartbus.server.presence.LogSettings.Fsync;
import io.heartbus.server.presence.PresenceLog.Gap;
import io.heartbus.server.presence.PresenceLog.Slice;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Logs in a folder as tests need them, and a reader who believes nothing. One thread. */
final class LogFixture {
  static final long PATIENCE_NANOS = 30_000_000_000L;

  final TestDisk disk = new TestDisk();

  /** Wall clock; moves on by itself so that no two epochs begin at the same time. */
  private final AtomicLong nowMs = new AtomicLong(1_790_000_000_000L);

  private int eventsMax = 100;
  private Fsync fsync = Fsync.INTERVAL;
  private int segmentBytes = 1 << 20;
  private long retainBytes = 1L << 40;
  private long retainMs = 1L << 50;

  LogFixture memory(int events) {
    eventsMax = events;
    return this;
  }

  LogFixture fsync(Fsync when) {
    fsync = when;
    return this;
  }

  LogFixture segments(int bytes) {
    segmentBytes = bytes;
    return this;
  }

  LogFixture retain(long bytes, long ms) {
    retainBytes = bytes;
    retainMs = ms;
    return this;
  }

  void pass(long ms) {
    nowMs.addAndGet(ms);
  }

  PresenceLog open(Path dir) {
    LogSettings settings =
        new LogSettings(
            eventsMax, 1 << 20, dir, fsync, 3_600_000, segmentBytes, retainBytes, retainMs);
    return PresenceLog.open(
        settings, () -> Instant.ofEpochMilli(nowMs.getAndIncrement()), disk.access());
  }

  /** Appends numbered events and waits until they are told. Returns the number of the last. */
  static long append(PresenceLog log, int from, int to) {
    for (int number = from; number <= to; number++) {
      log.append(RandomEvents.numbered(number));
    }
    return awaitAll(log);
  }

  /** Waits until everything that was appended was told. Returns the number of the last event. */
  static long awaitAll(PresenceLog log) {
    await(() -> log.figures().waiting() == 0);
    return log.last();
  }

  static void await(BooleanSupplier condition) {
    long startNanos = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - startNanos).as("waited too long").isLessThan(PATIENCE_NANOS);
      LockSupport.parkNanos(500_000);
    }
  }

  /** What a reader got who read from a position to the end. */
  record Reading(List<PresenceEvent> events, List<Gap> gaps) {
    List<Long> seqs() {
      return events.stream().map(PresenceEvent::seq).toList();
    }

    List<NodeEvent> whats() {
      return events.stream().map(PresenceEvent::what).toList();
    }
  }

  /** Reads to the end, and checks that every number is either handed over or told to be missing. */
  static Reading read(PresenceLog log, long after, int page) {
    Reading reading = new Reading(new ArrayList<>(), new ArrayList<>());
    long position = after;
    while (position < log.last()) {
      Slice slice = log.read(position, page);
      long expected = position + 1;
      if (slice.gap() != null) {
        assertThat(slice.gap().from()).isEqualTo(expected);
        assertThat(slice.gap().to()).isGreaterThanOrEqualTo(expected).isLessThan(slice.last() + 1);
        assertThat(slice.gap().next()).isEqualTo(slice.gap().to());
        reading.gaps.add(slice.gap());
        expected = slice.gap().to() + 1;
      }
      assertThat(slice.events()).hasSizeLessThanOrEqualTo(page);
      for (PresenceEvent event : slice.events()) {
        assertThat(event.seq()).isEqualTo(expected++);
      }
      reading.events.addAll(slice.events());
      assertThat(slice.next(position)).isEqualTo(expected - 1).isGreaterThan(position);
      position = slice.next(position);
    }
    return reading;
  }
}
