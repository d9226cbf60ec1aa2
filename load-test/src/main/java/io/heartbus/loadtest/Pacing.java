package io.heartbus.loadtest;

/**
 * When the messages of one channel are meant to leave. Pure; owned by the fleet's thread. Times are
 * nanoseconds since the run began.
 */
sealed interface Pacing {
  long NEVER = Span.NEVER;

  /** When a message is due that may leave whenever the credit allows it. */
  long AT_ONCE = Long.MIN_VALUE;

  /** When the next message is due; {@link #NEVER} when nothing but an answer can change that. */
  long dueNanos();

  /** The next message, which is due, leaves. Returns when it was meant to. */
  long begin(long nowNanos);

  /** A message came back. */
  void answered();

  /** How many messages were due before the span ended, and have not left. */
  long backlog();

  /** A closed loop: so many messages are under way at any time, and none waits to be sent. */
  final class Window implements Pacing {
    private final Span span;
    private int free;

    Window(Span span, int messages) {
      this.span = span;
      this.free = messages;
    }

    @Override
    public long dueNanos() {
      return free > 0 && span.on() ? AT_ONCE : NEVER;
    }

    @Override
    public long begin(long nowNanos) {
      free--;
      return nowNanos;
    }

    @Override
    public void answered() {
      free++;
    }

    @Override
    public long backlog() {
      return 0;
    }
  }

  /**
   * An open loop: one message every so often, whatever becomes of the earlier ones. What is held
   * back by a lack of credit leaves late, and its latency counts from when it should have left.
   */
  final class Schedule implements Pacing {
    private final Span span;
    private final double offsetNanos;
    private final double stepNanos;
    private long begun;

    /** The first is due {@code offsetNanos} after the span began. */
    Schedule(Span span, double offsetNanos, double stepNanos) {
      this.span = span;
      this.offsetNanos = offsetNanos;
      this.stepNanos = stepNanos;
    }

    @Override
    public long dueNanos() {
      if (span.beginNanos() == NEVER) {
        return NEVER;
      }
      long due = span.beginNanos() + (long) (offsetNanos + begun * stepNanos);
      return due < span.endNanos() ? due : NEVER;
    }

    @Override
    public long begin(long nowNanos) {
      long due = dueNanos();
      begun++;
      return due;
    }

    @Override
    public void answered() {
      // An open loop waits for nothing.
    }

    @Override
    public long backlog() {
      long due = dueNanos();
      return span.ended() && due != NEVER
          ? 1 + (long) ((span.endNanos() - 1 - due) / stepNanos)
          : 0;
    }
  }

  /** As much as the credit allows, from the first moment on. */
  final class Flood implements Pacing {
    @Override
    public long dueNanos() {
      return AT_ONCE;
    }

    @Override
    public long begin(long nowNanos) {
      return nowNanos;
    }

    @Override
    public void answered() {
      // Nothing comes back.
    }

    @Override
    public long backlog() {
      return 0;
    }
  }
}
