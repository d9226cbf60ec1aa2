package io.heartbus.server.liveness;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clock that silence is measured with: nanoseconds since its start, in steps of {@link
 * #TICK_NANOS}, without the time in which this server could not listen; never zero. Reading it
 * costs one load (System.nanoTime costs ten times that on a virtual machine), so every frame can be
 * stamped with it.
 *
 * <p>Owns one platform thread, and a short virtual one to tell of a stall; any thread may read.
 */
public final class LivenessClock implements AutoCloseable {
  /** How often the clock moves on a healthy machine. */
  public static final long TICK_NANOS = 10_000_000;

  /**
   * How far the clock moves at a tick at most, however late that comes; so it is also how much
   * older than true a stamp can be, and what is added to every limit.
   */
  public static final long STALE_NANOS = 2 * TICK_NANOS;

  /** How often the canary beats. */
  public static final long CANARY_BEAT_NANOS = 500_000_000;

  private static final StallSettings USUAL = new StallSettings(500, 2_000, 60_000);
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
  private final InstantSource wallClock;
  private final StallSettings settings;
  private final Consumer<Stall> listener;
  private final AtomicLong canaryAnswers = new AtomicLong();
  private final Thread thread =
      Thread.ofPlatform().name("liveness-clock").daemon().unstarted(this::run);

  /** Written by the clock's thread, opaque; read by all. */
  private long nowNanos = TICK_NANOS;

  /** These three are written by the clock's thread. */
  private volatile long ticks;

  private volatile long frozenNanos;
  private volatile boolean held;

  private volatile boolean canaryLeft;
  private volatile boolean closed;

  /** A clock whose stalls nobody is told of, with the usual settings. */
  public LivenessClock(LongSupplier nanoClock) {
    this(nanoClock, InstantSource.system(), USUAL, _ -> {});
  }

  /**
   * A clock that stands at its first tick until it is started.
   *
   * @param nanoClock System::nanoTime
   * @param wallClock tells when the machine was suspended, and nothing else
   * @param listener is told of every stall when it is over, on a thread of its own
   */
  public LivenessClock(
      LongSupplier nanoClock,
      InstantSource wallClock,
      StallSettings settings,
      Consumer<Stall> listener) {
    this.nanoClock = nanoClock;
    this.wallClock = wallClock;
    this.settings = settings;
    this.listener = listener;
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

  /** How often the clock looked at the time; goes on while liveness time stands still. */
  public long ticks() {
    return ticks;
  }

  /** Nanoseconds that did not count, all in all. */
  public long frozenNanos() {
    return frozenNanos;
  }

  /** Whether time stands still, or did for more than a fifth of the last five minutes. */
  public boolean held() {
    return held;
  }

  /** Takes note that a beat of the server's own node was answered in time. */
  public void canaryAnswered() {
    canaryAnswers.incrementAndGet();
  }

  /** Takes note that there is no such node any more: its silence means nothing. */
  public void canaryLeft() {
    canaryLeft = true;
  }

  /** Stops time. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }

  private void run() {
    StallGuard guard = new StallGuard(settings, nanoClock.getAsLong(), wallClock.millis());
    while (!closed) {
      LockSupport.parkNanos(TICK_NANOS);
      tick(guard);
    }
  }

  private void tick(StallGuard guard) {
    long answers = canaryLeft ? 0 : canaryAnswers.get();
    @Nullable Stall over = guard.advance(nanoClock.getAsLong(), wallClock.millis(), answers);
    NOW.setOpaque(this, guard.livenessNanos());
    // This thread may have had to wait for a processor in between.
    guard.shown(nanoClock.getAsLong());
    frozenNanos = guard.frozenNanos();
    held = guard.held();
    ticks = guard.ticks();
    if (over != null) {
      tell(over);
    }
  }

  /** Whatever happens to those who are told, time goes on. */
  private void tell(Stall stall) {
    try {
      Thread.ofVirtual()
          .inheritInheritableThreadLocals(false)
          .start(() -> {
            LOG.warn(
                "the liveness clock stood still for {} ms ({}); that time counts against no node",
                stall.lostMs(),
                stall.detail());
            listener.accept(stall);
          });
    } catch (Throwable unsaid) {
      // There is nobody to tell.
    }
  }
}
