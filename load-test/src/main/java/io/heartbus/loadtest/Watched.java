package io.heartbus.loadtest;

import org.jspecify.annotations.Nullable;

/**
 * One node of a run that is watched: what is true of it, and what the presence feed says of it. A
 * pure judgement. Not thread-safe. Times are those of the machine's monotonic clock.
 */
final class Watched {
  private static final long NEVER = Long.MAX_VALUE;
  private static final long NANOS_PER_MILLI = 1_000_000;

  /**
   * A frame that left another process so shortly before the fault may or may not have reached the
   * network: whatever counts from it is unsure.
   */
  static final long UNSURE_NANOS = 50 * NANOS_PER_MILLI;

  /** What a feed has said of a node. */
  private enum Told {
    ABSENT,
    ONLINE,
    SUSPECT
  }

  private long enteredNanos = NEVER;
  private long intervalNanos;
  private long timeoutNanos;
  private long spokeNanos;
  private @Nullable Fault fault;
  private long faultNanos = NEVER;
  private long faultEndNanos = NEVER;
  private boolean unsure;
  private long leftNanos = NEVER;

  private Told told = Told.ABSENT;
  private long session;
  private boolean toldOnline;
  private boolean detected;

  /**
   * It was let in, and agreed on that pace. Its silence counts from its REGISTER: the answer may
   * have waited for whoever reads it.
   */
  void entered(long nowNanos, long intervalMs, long timeoutMs) {
    enteredNanos = nowNanos;
    intervalNanos = intervalMs * NANOS_PER_MILLI;
    timeoutNanos = timeoutMs * NANOS_PER_MILLI;
  }

  /** A frame of it left, or was about to. */
  void spoke(long nowNanos) {
    if (fault == null || nowNanos < faultNanos - UNSURE_NANOS) {
      spokeNanos = Math.max(spokeNanos, nowNanos);
    } else {
      // What leaves later, nobody hears.
      unsure |= nowNanos <= faultEndNanos + UNSURE_NANOS;
    }
  }

  /** It died between these two moments, which are the same for one of the fleet. */
  void killed(Fault by, long beginNanos, long endNanos) {
    fault = by;
    faultNanos = beginNanos;
    faultEndNanos = endNanos;
    unsure = !by.inFleet() && spokeNanos >= beginNanos - UNSURE_NANOS;
  }

  /** It says goodbye. */
  void left(long nowNanos) {
    if (fault == null) {
      leftNanos = nowNanos;
    }
  }

  /** What it died of; null when it did not. */
  @Nullable Fault fault() {
    return fault;
  }

  /** When it died, at the earliest. */
  long faultNanos() {
    return faultNanos;
  }

  /** Whether nobody can tell which frame of it was its last. */
  boolean unsure() {
    return unsure;
  }

  /** When its silence has lasted for the timeout. */
  long deadlineNanos() {
    return spokeNanos + timeoutNanos;
  }

  /** Whether it was in then, and neither dead nor leaving. */
  boolean alive(long atNanos) {
    return enteredNanos <= atNanos && atNanos < faultNanos && atNanos < leftNanos;
  }

  /** For how long it had been alive then. */
  long aliveNanos(long atNanos) {
    return enteredNanos == NEVER
        ? 0
        : Math.max(0, Math.min(Math.min(faultNanos, leftNanos), atNanos) - enteredNanos);
  }

  /** Whether it had been silent for so long, alive though it was, that the server may say that. */
  boolean neglected(FeedEvent event, long atNanos) {
    long silenceNanos = atNanos - spokeNanos;
    return event.type().equals(FeedEvent.SUSPECT)
        ? silenceNanos >= Math.min(2 * intervalNanos, timeoutNanos)
        : silenceNanos >= timeoutNanos && Fault.SILENCE.cause().equals(event.cause());
  }

  /** The feed said that it is offline, and it is dead: whether that is news. */
  boolean detect() {
    boolean news = !detected;
    detected = true;
    return news;
  }

  /** Whether it came in or left, and the feed has not said so. That it died is told apart. */
  boolean owed() {
    return enteredNanos != NEVER && (!toldOnline || (leftNanos != NEVER && told != Told.ABSENT));
  }

  /**
   * The feed has something to say of it.
   *
   * @param held whether the server held verdicts back before, so that it need not say all
   * @return whether that may follow what it said before
   */
  boolean tell(FeedEvent event, boolean held) {
    boolean same = event.session() == session;
    boolean newer = event.session() > session;
    boolean legal =
        switch (event.type()) {
          case FeedEvent.ONLINE ->
              switch (told) {
                case ABSENT -> newer;
                case SUSPECT -> same;
                case ONLINE -> held && same;
              };
          case FeedEvent.SUSPECT -> told == Told.ONLINE && same;
          case FeedEvent.OFFLINE -> told != Told.ABSENT && same;
          case FeedEvent.REPLACED -> told != Told.ABSENT && newer;
          default -> false;
        };
    told =
        switch (event.type()) {
          case FeedEvent.ONLINE, FeedEvent.REPLACED -> Told.ONLINE;
          case FeedEvent.SUSPECT -> Told.SUSPECT;
          case FeedEvent.OFFLINE -> Told.ABSENT;
          default -> told;
        };
    toldOnline |= told == Told.ONLINE;
    session = event.session();
    return legal;
  }
}
