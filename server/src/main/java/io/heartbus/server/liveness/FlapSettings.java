package io.heartbus.server.liveness;

/**
 * When a node comes and goes so often that its events are held back.
 *
 * @param penalty what each return from offline costs
 * @param halfLifeMs after which half of a penalty is forgiven
 * @param suppressOver above it events are held back; 0 = never
 * @param reuseUnder below it they are told again
 */
public record FlapSettings(int penalty, long halfLifeMs, int suppressOver, int reuseUnder) {
  /** Every event is told. */
  public static final FlapSettings OFF = new FlapSettings(0, 1, 0, 0);
}
