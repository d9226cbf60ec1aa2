package io.heartbus.server.liveness;

import org.jspecify.annotations.Nullable;

/**
 * How much a node has come and gone lately: a penalty that each return adds to and that time
 * halves. While it is high, the node's events are held back, which is all it does: its connection
 * is left alone. Route flap damping of BGP (RFC 2439), for presence. Pure and immutable.
 *
 * @param penalty what it was at {@code atNanos}
 * @param atNanos liveness time of the last return
 * @param suppressed whether events are held back
 */
public record FlapPenalty(double penalty, long atNanos, boolean suppressed) {
  private static final double NANOS_PER_MS = 1e6;

  /**
   * The penalty after one more return.
   *
   * @param before null for a node that had none
   */
  public static FlapPenalty returned(
      @Nullable FlapPenalty before, FlapSettings settings, long nowNanos) {
    double left = before == null ? 0 : before.left(settings, nowNanos);
    double penalty = left + settings.penalty();
    boolean over = settings.suppressOver() > 0 && penalty > settings.suppressOver();
    return new FlapPenalty(penalty, nowNanos, over || (before != null && before.suppressed));
  }

  /** Whether the node has settled, so that its events may be told again. */
  public boolean settled(FlapSettings settings, long nowNanos) {
    return left(settings, nowNanos) < settings.reuseUnder();
  }

  private double left(FlapSettings settings, long nowNanos) {
    double halfLives = (nowNanos - atNanos) / (settings.halfLifeMs() * NANOS_PER_MS);
    return penalty * Math.pow(0.5, halfLives);
  }
}
