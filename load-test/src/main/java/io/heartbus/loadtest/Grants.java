package io.heartbus.loadtest;

/**
 * The credit that a node gives for one channel, and gives back as it takes messages. Pure. Owned by
 * the fleet's thread; times are nanoseconds since the run began.
 */
sealed interface Grants {
  /** What the node granted when the channel was opened. */
  int initial();

  /** A frame of that cost came in and is used up. */
  void took(long cost);

  /** What to grant now, 0 for nothing; the caller sends it. */
  int take(long nowNanos);

  /** When there may be something to grant though nothing came in. */
  long dueNanos();

  /** Gives back what was taken once that is half of all, to spare frames. */
  final class Prompt implements Grants {
    private final int initial;
    private int taken;

    Prompt(int initial) {
      this.initial = initial;
    }

    @Override
    public int initial() {
      return initial;
    }

    @Override
    public void took(long cost) {
      taken += (int) cost;
    }

    @Override
    public int take(long nowNanos) {
      if (taken < initial / 2 || taken == 0) {
        return 0;
      }
      int grant = taken;
      taken = 0;
      return grant;
    }

    @Override
    public long dueNanos() {
      return Span.NEVER;
    }
  }

  /**
   * Gives back one message at a time and not often, as a receiver that cannot keep up. When the
   * span is over it takes all that waits, so that what was lost can be told from what was late.
   */
  final class Slow implements Grants {
    /** Given on top at the end, so that a long queue does not come in small helpings. */
    private static final int CATCH_UP_BYTES = 1024 * 1024;

    private final int initial;
    private final Span span;
    private final long stepNanos;
    private final long messageCost;
    private long taken;
    private long nextNanos;
    private boolean catchingUp;

    /** One message of that cost is taken every {@code stepNanos}. */
    Slow(int initial, Span span, long stepNanos, long messageCost) {
      this.initial = initial;
      this.span = span;
      this.stepNanos = stepNanos;
      this.messageCost = messageCost;
    }

    @Override
    public int initial() {
      return initial;
    }

    @Override
    public void took(long cost) {
      taken += cost;
    }

    @Override
    public int take(long nowNanos) {
      if (dueNanos() > nowNanos) {
        return 0;
      }
      long grant = span.ended() ? taken : Math.min(taken, messageCost);
      taken -= grant;
      if (span.ended() && !catchingUp) {
        catchingUp = true;
        grant += CATCH_UP_BYTES;
      }
      nextNanos = Math.max(nextNanos + stepNanos, nowNanos);
      return (int) grant;
    }

    @Override
    public long dueNanos() {
      if (span.ended()) {
        return taken > 0 || !catchingUp ? Pacing.AT_ONCE : Span.NEVER;
      }
      return taken > 0 ? nextNanos : Span.NEVER;
    }
  }
}
