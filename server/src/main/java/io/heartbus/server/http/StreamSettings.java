package io.heartbus.server.http;

/**
 * Bounds of the live feeds.
 *
 * @param streamsMax how many may be open at once
 * @param keepAliveMs after which a feed with nothing to say says so
 * @param writeTimeoutMs how long a write to somebody who does not read may take
 */
public record StreamSettings(int streamsMax, long keepAliveMs, long writeTimeoutMs) {
  /** Short enough for the patience of browsers and of proxies on the way. */
  public static final long KEEP_ALIVE_MS = 10_000;

  /** The defaults of the configuration. */
  public static final StreamSettings USUAL = new StreamSettings(256, KEEP_ALIVE_MS, 10_000);
}
