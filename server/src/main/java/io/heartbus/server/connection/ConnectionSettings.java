package io.heartbus.server.connection;

import org.jspecify.annotations.Nullable;

/**
 * Bounds of connections. Times in milliseconds, sizes in bytes.
 *
 * @param connectionsMax how many may be open at once
 * @param connectionsPerAddressMax how many of one address; 0 = no limit
 * @param registrationsPerSecondMax beyond it newcomers are told when to come back
 * @param registerTimeoutMs from accept to a complete REGISTER
 * @param frameTimeoutMs from the first byte of a frame to its last
 * @param writeTimeoutMs how long a write may make no progress
 * @param frameBytesMax the largest body of a frame that is read
 * @param connectionBudgetBytes the sum of credit that a connection has out at once
 * @param outboxBytesMax how much may wait to be written to a connection
 * @param controlFramesMax per connection and 30 s, beyond twice what is due; 0 = no limit
 * @param legacyEnabled whether HBP/1 is spoken
 * @param authToken what nodes must present; null = nothing
 */
public record ConnectionSettings(
    int connectionsMax,
    int connectionsPerAddressMax,
    int registrationsPerSecondMax,
    long registerTimeoutMs,
    long frameTimeoutMs,
    long writeTimeoutMs,
    int frameBytesMax,
    int connectionBudgetBytes,
    int outboxBytesMax,
    int controlFramesMax,
    boolean legacyEnabled,
    @Nullable String authToken) {
  /** Without the secret. */
  @Override
  public String toString() {
    return "ConnectionSettings[connectionsMax="
        + connectionsMax
        + ", authToken="
        + (authToken == null ? "none" : "set")
        + "]";
  }
}
