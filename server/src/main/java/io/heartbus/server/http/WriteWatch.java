package io.heartbus.server.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The end of patience with those who do not read what they asked for. A write in Java has no time
 * limit, and to close an exchange of the JDK's server is a write itself; but a thread that is
 * interrupted in a write closes its socket.
 *
 * <p>Owns one platform thread, which looks after the writes of all others. Any thread writes.
 */
final class WriteWatch implements AutoCloseable {
  /** A part small enough that a slow reader, as opposed to one that stands, gets it in time. */
  private static final int PART_BYTES = 16 << 10;

  private static final long NANOS_PER_MS = 1_000_000;
  private static final long LOOK_MS_MIN = 10;
  private static final long LOOK_MS_MAX = 1_000;

  /** A write under way; over once, by whoever says so first. */
  private final class Write implements AutoCloseable {
    final Thread thread = Thread.currentThread();
    final long startNanos = System.nanoTime();
    final AtomicBoolean over = new AtomicBoolean();

    Write() {
      writes.add(this);
    }

    @Override
    public void close() throws IOException {
      writes.remove(this);
      if (!over.compareAndSet(false, true)) {
        // The interrupt is on its way, if it has not come: the socket is lost in any case.
        throw new IOException("the reader did not take it in time");
      }
    }
  }

  private final long limitNanos;
  private final Set<Write> writes = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("http-write-watch").daemon().factory());

  /**
   * A watch that ends writes after that time, and not long after it.
   *
   * @param limitMs how long a part of some kilobytes may take
   */
  WriteWatch(long limitMs) {
    this.limitNanos = limitMs * NANOS_PER_MS;
    long lookMs = Math.clamp(limitMs / 4, LOOK_MS_MIN, LOOK_MS_MAX);
    Future<?> _ =
        executor.scheduleWithFixedDelay(this::look, lookMs, lookMs, TimeUnit.MILLISECONDS);
  }

  /**
   * Writes all bytes, and flushes.
   *
   * @throws IOException when the reader is gone, or did not take a part of them in time; then the
   *     connection is closed and this thread interrupted
   */
  void write(OutputStream out, byte[] bytes) throws IOException {
    for (int at = 0; at < bytes.length; at += PART_BYTES) {
      int from = at;
      limited(() -> out.write(bytes, from, Math.min(PART_BYTES, bytes.length - from)));
    }
    limited(out::flush);
  }

  /** Something that writes a little. */
  interface Step {
    void run() throws IOException;
  }

  /** Runs something that writes, as one part. Fails as {@link #write} does. */
  void limited(Step step) throws IOException {
    try (Write _ = new Write()) {
      step.run();
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }

  private void look() {
    long nowNanos = System.nanoTime();
    for (Write write : writes) {
      if (nowNanos - write.startNanos > limitNanos && write.over.compareAndSet(false, true)) {
        write.thread.interrupt();
      }
    }
  }
}
