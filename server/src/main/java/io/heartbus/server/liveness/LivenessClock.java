package io.heartbus.server.liveness;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clock that silence is measured with: nanoseconds since its start, stalls of the process left
 * out, in steps of {@link #TICK_NANOS}; never zero. Reading it costs one load (System.nanoTime
 * costs ten times that on a virtual machine), so every frame can be stamped with it.
 *
 * <p>Owns one platform thread; any thread may read.
 */
public final class LivenessClock implements AutoCloseable {
  /** How often the clock moves on a healthy machine. */
  public static final long TICK_NANOS = 10_000_000;

  /**
   * How far the clock moves at a tick at most, however late that comes; so it is also how much
   * older than true a stamp can be, and what is added to every limit.
   */
  public static final long STALE_NANOS = 4 * TICK_NANOS;

  /** A stop that people should know of: longer than any scheduling delay of a healthy machine. */
  private static final long STALL_NANOS = 500_000_000;

  private static final Logger LOG = LoggerFactory.getLogger(LivenessClock.class);
  private static final VarHandle NOW;

  static {
    try {
      NOW = MethodHandles.lookup().findVarHandle(LivenessClock.class, "nowNanos", long.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  private final LongSupplier nanoClock;
  private final Thread thread =
      Thread.ofPlatform().name("liveness-clock").daemon().unstarted(this::tick);

  /** Written by the clock's thread, opaque; read by all. */
  private long nowNanos = TICK_NANOS;

  private volatile long frozenNanos;
  private volatile boolean closed;

  /**
   * A clock that stands at its first tick until it is started; {@code nanoClock} is
   * System::nanoTime.
   */
  public LivenessClock(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** Lets time pass. */
  public LivenessClock start() {
    thread.start();
    return this;
  }

  /** Nanoseconds of liveness time; compare by subtraction. */
  public long nowNanos() {
    return (long) NOW.getOpaque(this);
  }

  /** Nanoseconds that the process stood still, all in all. */
  public long frozenNanos() {
    return frozenNanos;
  }

  /** Stops time. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }

  private void tick() {
    StallGuard guard = new StallGuard(nanoClock.getAsLong(), STALE_NANOS);
    while (!closed) {
      LockSupport.parkNanos(TICK_NANOS);
      long stallNanos = guard.advance(nanoClock.getAsLong());
      NOW.setOpaque(this, guard.livenessNanos());
      frozenNanos = guard.frozenNanos();
      if (stallNanos > STALL_NANOS) {
        warn(stallNanos);
      }
    }
  }

  /** Whatever happens to the log, time goes on. */
  private static void warn(long stallNanos) {
    try {
      LOG.warn(
          "the server stood still for {} ms; that time counts against no node",
          stallNanos / 1_000_000);
    } catch (Throwable unsaid) {
      // There is nobody to tell.
    }
  }
}
