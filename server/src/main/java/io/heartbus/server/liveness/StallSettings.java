package io.heartbus.server.liveness;

/**
 * When the liveness clock stands still besides the time in which the process did.
 *
 * @param gapMs a stop of the process that is longer counts as a stall
 * @param canaryTimeoutMs how long the canary may be unanswered before the server counts as unwell
 * @param freezeMsMax how long time stands still at most for want of a healthy canary
 */
public record StallSettings(long gapMs, long canaryTimeoutMs, long freezeMsMax) {}
