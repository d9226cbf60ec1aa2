package io.heartbus.loadtest.compare;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Sends one thing after the other at an even pace, one from each client in turn, whatever becomes
 * of them. Owns a thread, from {@link #start} to {@link #close}.
 */
final class PacedSender implements AutoCloseable {
  private static final long LAG_MICROS_MAX = 60_000_000;
  private static final long NANOS_PER_MICRO = 1_000;

  /** Between two looks at whether the credit has come. */
  private static final long CREDIT_NANOS = 100_000;

  private static final long CREDIT_NANOS_MAX = 10_000_000_000L;
  private static final int WRITE_BYTES = 64 * 1024;

  private final Clients clients;
  private final EvenPace pace;
  private final Window window;
  private final boolean beats;
  private final Thread thread = Thread.ofPlatform().name("sender").unstarted(this::run);

  /** How late things left that were due within the window; the thread's until it has ended. */
  private final Histogram lagMicros = new Histogram(LAG_MICROS_MAX, 3);

  private volatile boolean over;
  private volatile @Nullable IOException broken;

  /**
   * One that has not started.
   *
   * @param beats whether beats are sent, else messages
   */
  PacedSender(Clients clients, EvenPace pace, Window window, boolean beats) {
    this.clients = clients;
    this.pace = pace;
    this.window = window;
    this.beats = beats;
  }

  /** Starts it. Returns its thread, whose processor time is the generator's. */
  Thread start() {
    thread.start();
    return thread;
  }

  /** Ends it, and waits until it has. */
  @Override
  public void close() {
    over = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * How late it sent (99th percentile), once it has ended.
   *
   * @throws IOException when it could not send
   */
  double lagP99Ms() throws IOException {
    IOException cause = broken;
    if (cause != null) {
      throw new IOException(cause.getMessage(), cause);
    }
    return lagMicros.getValueAtPercentile(99) / (double) TimeUnit.MILLISECONDS.toMicros(1);
  }

  private void run() {
    ByteBuffer out = ByteBuffer.allocateDirect(WRITE_BYTES);
    try {
      long index = 0;
      for (long due = await(0); !over; due = await(index)) {
        Client client = clients.at((int) (index % clients.count()));
        client.underway().add(due);
        if (beats) {
          client.conversation().beat(out);
        } else {
          publish(client.conversation(), out);
        }
        client.send(out);
        if (window.contains(due)) {
          long micros = (System.nanoTime() - due) / NANOS_PER_MICRO;
          lagMicros.recordValue(Math.clamp(micros, 0, LAG_MICROS_MAX));
        }
        index++;
      }
    } catch (IOException e) {
      broken = e;
    }
  }

  /** Waits until that one is due, and returns when it was. */
  private long await(long index) {
    long due = pace.dueNanos(index);
    for (long rest = due - System.nanoTime(); rest > 0 && !over; rest = due - System.nanoTime()) {
      LockSupport.parkNanos(rest);
    }
    return due;
  }

  /** Holds up all others, too: who has no credit within an open loop has a server that lags. */
  private void publish(Conversation conversation, ByteBuffer out) throws IOException {
    long deadlineNanos = System.nanoTime() + CREDIT_NANOS_MAX;
    while (!conversation.publish(out) && !over) {
      if (System.nanoTime() - deadlineNanos > 0) {
        throw new IOException("the server gives no credit");
      }
      LockSupport.parkNanos(CREDIT_NANOS);
    }
  }
}
