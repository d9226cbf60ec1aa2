package io.heartbus.server.webhook;

import io.heartbus.server.presence.EventFilter;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who is told of events by HTTP POST. Times in milliseconds.
 *
 * @param secret signs the body; null for no signature
 * @param filter which events
 * @param batchEventsMax how many events one request brings at most
 * @param timeoutMs how long an answer may take
 * @param retryDelayMsMax how long the pauses between tries get
 */
public record WebhookSettings(
    URI url,
    @Nullable String secret,
    EventFilter filter,
    int batchEventsMax,
    long timeoutMs,
    long retryDelayMsMax) {
  /** Without the secret. */
  @Override
  public String toString() {
    return "WebhookSettings[url=" + url + ", secret=" + (secret == null ? "none" : "set") + "]";
  }
}
