package io.heartbus.server.presence;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Real files on a disk that can be full, slow or broken, and a machine that can lose its power. Any
 * thread.
 */
final class TestDisk {
  static final long HOUR_NANOS = 3_600_000_000_000L;

  private static final CountDownLatch OPEN = new CountDownLatch(0);
  private static final long RETRY_NANOS = 2_000_000;

  /** How many bytes of each file a power cut leaves. */
  private final Map<Path, Long> syncedBytes = new ConcurrentHashMap<>();

  private final AtomicLong bytesLeft = new AtomicLong(Long.MAX_VALUE);
  private final AtomicInteger freeWrites = new AtomicInteger();
  private final AtomicInteger syncs = new AtomicInteger();
  private volatile CountDownLatch writeGate = OPEN;
  private volatile CountDownLatch syncGate = OPEN;
  private volatile boolean failing;
  private volatile long retryNanos = RETRY_NANOS;
  private volatile long stuckNanos = HOUR_NANOS;
  private volatile long closeNanos = LogFixture.PATIENCE_NANOS;
  private volatile UUID boot = new UUID(0, 1);

  DiskAccess access() {
    return new DiskAccess(this::open, boot, retryNanos, stuckNanos, closeNanos);
  }

  private FileChannel open(Path file, OpenOption... options) throws IOException {
    if (failing && List.of(options).contains(StandardOpenOption.WRITE)) {
      throw new IOException("Read-only file system");
    }
    return new TestChannel(this, file, FileChannel.open(file, options));
  }

  /** From now on the disk counts as stuck after that time. */
  TestDisk stuckAfter(long nanos) {
    stuckNanos = nanos;
    return this;
  }

  /** A disk that failed is left alone for that long. */
  TestDisk retryAfter(long nanos) {
    retryNanos = nanos;
    return this;
  }

  /** The end is waited for no longer than that. */
  TestDisk closeWithin(long nanos) {
    closeNanos = nanos;
    return this;
  }

  /** Only so many more bytes can be written. */
  void room(long bytes) {
    bytesLeft.set(bytes);
  }

  /** Whether nothing can be opened for writing, nor synced. */
  void failing(boolean now) {
    failing = now;
  }

  /** Every write waits from now on until the gate is opened. */
  CountDownLatch holdWrites() {
    return holdWritesAfter(0);
  }

  /** The same, but for the first few. */
  CountDownLatch holdWritesAfter(int writes) {
    CountDownLatch gate = new CountDownLatch(1);
    freeWrites.set(writes);
    writeGate = gate;
    return gate;
  }

  /** Whether somebody waits in a write. */
  boolean holdsWrite() {
    return freeWrites.get() < 0 && writeGate.getCount() > 0;
  }

  /** Every sync waits from now on until the gate is opened. */
  CountDownLatch holdSyncs() {
    CountDownLatch gate = new CountDownLatch(1);
    syncGate = gate;
    return gate;
  }

  int syncs() {
    return syncs.get();
  }

  /** The machine starts anew: who asks now is told of another run of the system. */
  void reboot() {
    boot = new UUID(0, boot.getLeastSignificantBits() + 1);
  }

  /** What a killed process leaves behind: all that was written. */
  void imageOfKill(Path dir, Path image) throws IOException {
    Files.createDirectories(image);
    for (Path file : files(dir)) {
      Path copy = image.resolve(file.getFileName());
      try {
        Files.copy(file, copy);
        syncedBytes.put(copy, Math.min(Files.size(copy), syncedBytes(file)));
      } catch (NoSuchFileException renamed) {
        // The log goes on beside this; a moment later would have been as good.
      }
    }
  }

  /** What a power cut leaves behind in the worst case: what was synced. */
  void imageOfPowerCut(Path dir, Path image) throws IOException {
    imageOfKill(dir, image);
    for (Path file : files(image)) {
      try (FileChannel copy = FileChannel.open(file, StandardOpenOption.WRITE)) {
        copy.truncate(syncedBytes(file));
      }
    }
    reboot();
  }

  private static List<Path> files(Path dir) throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.sorted().toList();
    }
  }

  private long syncedBytes(Path file) {
    // It was a draft when it was synced first.
    return Math.max(
        syncedBytes.getOrDefault(file, 0L), syncedBytes.getOrDefault(Path.of(file + ".draft"), 0L));
  }

  /** Asks for room; returns how many bytes there is room for, waits as the disk does. */
  int admit(int bytes) {
    if (freeWrites.decrementAndGet() < 0) {
      pass(writeGate);
    }
    return (int) Math.min(bytes, bytesLeft.getAndUpdate(left -> Math.max(0, left - bytes)));
  }

  void sync(Path file, long bytes) throws IOException {
    pass(syncGate);
    if (failing) {
      throw new IOException("Input/output error");
    }
    syncs.incrementAndGet();
    syncedBytes.put(file, bytes);
  }

  private static void pass(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException impossible) {
      throw new AssertionError("nobody interrupts the thread of the log", impossible);
    }
  }
}
