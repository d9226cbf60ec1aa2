package io.heartbus.client;

import io.heartbus.protocol.Frame;
import io.heartbus.protocol.Wire;

/** On what terms a {@link Peer} lets a node in. */
public record Terms(
    long intervalMs, long timeoutMs, long phaseMs, int ackEvery, long initialCredit, long epoch) {
  public static final int FRAME_BYTES_MAX = 64 * 1024;

  /** So slow that no test sees a beat. */
  public static final Terms STANDARD = new Terms(60_000, 180_000, 60_000, 1, 4096, 1);

  /** A beat every so often, the first one at once. */
  public static Terms beating(long intervalMs, long timeoutMs) {
    return new Terms(intervalMs, timeoutMs, 0, 1, 4096, 1);
  }

  public Terms withCredit(long value) {
    return new Terms(intervalMs, timeoutMs, phaseMs, ackEvery, value, epoch);
  }

  public Terms withEpoch(long value) {
    return new Terms(intervalMs, timeoutMs, phaseMs, ackEvery, initialCredit, value);
  }

  public Frame.Registered answer() {
    return new Frame.Registered(
        Wire.VERSION,
        0,
        ackEvery,
        Wire.CAPABILITY_CREDIT | Wire.CAPABILITY_HEARTBEAT_STATS | Wire.CAPABILITY_SERVER_OPEN,
        new Frame.Pace(intervalMs, timeoutMs),
        phaseMs,
        initialCredit,
        FRAME_BYTES_MAX,
        1024,
        Wire.DEFAULT_CHANNEL,
        256 * 1024,
        epoch,
        new byte[Wire.SESSION_TOKEN_BYTES]);
  }
}
