package io.heartbus.loadtest;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.protocol.Frame;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** A script for a {@link FakeServer} that tells a {@link FakePresence} who is there. */
final class WatchedBus implements FakeServer.Script, AutoCloseable {
  private static final long CHECK_MS = 5;
  private static final long NANOS_PER_MILLI = 1_000_000;

  /**
   * What one check adds to a silence at most: while this process stood still, nobody was silent.
   */
  private static final long STEP_NANOS_MAX = 50 * NANOS_PER_MILLI;

  private final FakePresence presence;
  private final int intervalMs;
  private final long timeoutNanos;
  private final Set<Seat> seats = ConcurrentHashMap.newKeySet();
  private final AtomicLong sessions = new AtomicLong();
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

  /** Belongs to the watch, as the silences do. */
  private long checkedNanos = System.nanoTime();

  /** One node that is in. */
  private final class Seat {
    private final String id;
    private final long session = sessions.incrementAndGet();
    private final FakeServer.Peer peer;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicBoolean heard = new AtomicBoolean(true);
    private long silenceNanos;

    private Seat(String id, FakeServer.Peer peer) {
      this.id = id;
      this.peer = peer;
    }

    private void end(String cause) {
      if (over.compareAndSet(false, true)) {
        seats.remove(this);
        presence.happened("offline", id, session, cause);
      }
    }
  }

  /** A bus that calls a node offline after so much silence, whatever it told the node. */
  WatchedBus(FakePresence presence, int intervalMs, long timeoutMs) {
    this.presence = presence;
    this.intervalMs = intervalMs;
    this.timeoutNanos = timeoutMs * NANOS_PER_MILLI;
    ScheduledFuture<?> _ =
        watch.scheduleWithFixedDelay(this::check, CHECK_MS, CHECK_MS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void play(FakeServer.Peer peer) throws IOException {
    Seat seat = new Seat(peer.awaitRegister().nodeId(), peer);
    presence.happened("online", seat.id, seat.session, null);
    seats.add(seat);
    try {
      peer.accept(intervalMs, 1);
      boolean stays = true;
      while (stays) {
        Frame frame = peer.read();
        seat.heard.set(true);
        stays = peer.answer(frame);
      }
      seat.end("LEFT");
    } finally {
      seat.end("DISCONNECTED");
    }
  }

  @Override
  public void close() {
    watch.shutdownNow();
  }

  private void check() {
    long nowNanos = System.nanoTime();
    long stepNanos = Math.min(nowNanos - checkedNanos, STEP_NANOS_MAX);
    checkedNanos = nowNanos;
    for (Seat seat : seats) {
      // Counted from the check that sees the frame, so that no verdict is early.
      seat.silenceNanos = seat.heard.getAndSet(false) ? 0 : seat.silenceNanos + stepNanos;
      if (seat.silenceNanos > timeoutNanos) {
        seat.end("TIMEOUT");
        seat.peer.end(ErrorCode.HEARTBEAT_TIMEOUT);
      }
    }
  }
}
