package io.heartbus.client;

import io.heartbus.protocol.Frame;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The one clock of a connection, on a virtual thread of its own: beats and probes when {@link
 * HeartbeatPacer} says so, and ends what has taken too long: an answer, a frame, a write, a close.
 */
final class HeartbeatLoop implements Runnable {
  /** How often it looks whether a connection that shall be left can be. */
  private static final long DEPARTURE_NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Connection connection;
  private final Limits limits;

  /** How long it sleeps at most, because stuck reads and writes do not wake it. */
  private final long napNanos;

  // Belong to this loop's thread.
  private final Standstill frameStandstill;
  private final Standstill writeStandstill;

  private volatile @Nullable Thread thread;
  private volatile boolean stopped;
  private volatile @Nullable HeartbeatPacer pacer;
  private final AtomicReference<Frame.@Nullable Pace> retune = new AtomicReference<>();
  private volatile @Nullable Closing closing;

  /** At that moment the socket is closed, and why. */
  private record Closing(long atNanos, String why) {}

  HeartbeatLoop(Connection connection, Limits limits) {
    this.connection = connection;
    this.limits = limits;
    this.napNanos = Math.min(limits.frameTime().toNanos(), limits.writeTime().toNanos()) / 4;
    this.frameStandstill = new Standstill(napNanos, System.nanoTime());
    this.writeStandstill = new Standstill(napNanos, System.nanoTime());
  }

  /** The socket is closed then, unless {@link #started} comes first. */
  void closeAfter(Duration wait, String why) {
    closing = new Closing(System.nanoTime() + wait.toNanos(), why);
    wake();
  }

  /** The registration was granted: from now on it beats. */
  void started(HeartbeatPacer newPacer) {
    closing = null;
    pacer = newPacer;
    wake();
  }

  void retune(Frame.Pace pace) {
    retune.set(pace);
    wake();
  }

  void stop() {
    stopped = true;
    wake();
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    while (!stopped) {
      long nowNanos = System.nanoTime();
      long restNanos = Math.min(watch(nowNanos), pace(nowNanos));
      if (restNanos > 0) {
        LockSupport.parkNanos(this, restNanos);
      }
    }
  }

  void wake() {
    LockSupport.unpark(thread);
  }

  /** Ends what has taken too long; the answer is how long it may rest. */
  private long watch(long nowNanos) {
    Closing present = closing;
    if (present != null && nowNanos - present.atNanos() >= 0) {
      connection.fail(new ConnectionLostException(present.why()));
      return napNanos;
    }
    long midFrameNanos = connection.input().midFrameNanos(nowNanos);
    if (frameStandstill.look(midFrameNanos, nowNanos) > limits.frameTime().toNanos()) {
      connection.fail(new ConnectionLostException("a frame from the server never got complete"));
    }
    long stalledNanos = connection.writer().stalledNanos(nowNanos);
    if (writeStandstill.look(stalledNanos, nowNanos) > limits.writeTime().toNanos()) {
      connection.fail(new ConnectionLostException("the server stopped reading"));
    }
    connection.channels().expire(nowNanos);
    long untilClose = present == null ? napNanos : present.atNanos() - nowNanos;
    return Math.min(Math.min(napNanos, untilClose), depart(nowNanos));
  }

  /** Leaves a server that said goodbye: when it is time and nothing is under way, or at the end. */
  private long depart(long nowNanos) {
    Departure departure = connection.departure();
    if (departure == null || closing != null) {
      return napNanos;
    }
    boolean drained = nowNanos - departure.drainedNanos() >= 0;
    boolean due = nowNanos - departure.comeBackNanos() >= 0;
    if (drained || (due && !connection.channels().busy())) {
      connection.leave(null);
      return napNanos;
    }
    return DEPARTURE_NAP_NANOS;
  }

  private long pace(long nowNanos) {
    HeartbeatPacer present = pacer;
    if (present == null) {
      return napNanos;
    }
    Frame.Pace wanted = retune.getAndSet(null);
    if (wanted != null) {
      present.retune(
          TimeUnit.MILLISECONDS.toNanos(wanted.intervalMs()),
          TimeUnit.MILLISECONDS.toNanos(wanted.timeoutMs()));
    }
    long heardNanos = connection.input().heardNanos();
    return switch (present.act(heardNanos, connection.writer().sentNanos(), nowNanos)) {
      case NONE -> present.restNanos(heardNanos, nowNanos);
      case BEAT -> {
        connection.beat(nowNanos);
        yield 0;
      }
      case PING -> {
        connection.probe(nowNanos);
        yield 0;
      }
      case GIVE_UP -> {
        connection.fail(new ConnectionLostException("the server fell silent"));
        yield napNanos;
      }
    };
  }
}
