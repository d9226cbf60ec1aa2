package io.heartbus.client;

import java.time.Duration;

/**
 * The bounds that SPEC fixes and no user needs to tune.
 *
 * @param frameTime within which a frame is complete after its first byte
 * @param writeTime without progress after which a write counts as stuck and the connection ends
 * @param lingerTime how long an ended connection or channel waits for the other side's end
 * @param closeTime how long {@link HeartbeatClient#close} takes at most
 */
record Limits(Duration frameTime, Duration writeTime, Duration lingerTime, Duration closeTime) {
  static final Limits STANDARD =
      new Limits(
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(2),
          Duration.ofSeconds(3));

  /** Largest DATA payload sent in one frame: longer ones would delay a beat behind them. */
  static final int FRAGMENT_BYTES_MAX = 16 * 1024;

  /** Messages on their way into the socket; a sender waits beyond this. */
  static final int DATA_OUTBOX_BYTES = 64 * 1024;

  /**
   * Answers and grants on their way into the socket; beyond this the peer floods or reads nothing.
   */
  static final int CONTROL_OUTBOX_BYTES = 256 * 1024;

  /** What a closing connection reads and forgets at most. */
  static final int LINGER_BYTES = 2 * 1024 * 1024;

  /** The body size that this side accepts in one frame once it is registered. */
  static final int FRAME_BYTES_MAX = 64 * 1024;

  /** Probes on their way at the same time. */
  static final int PINGS_MAX = 64;

  /** Events that wait for a slow listener; beyond this new ones are dropped and counted. */
  static final int EVENTS_MAX = 1024;
}
