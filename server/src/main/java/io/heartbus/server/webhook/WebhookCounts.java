package io.heartbus.server.webhook;

import io.heartbus.server.presence.LogPosition;
import io.heartbus.server.presence.PresenceLog;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What there is to count about one webhook. Its courier writes; any thread may read. */
public final class WebhookCounts {
  /** Events that were taken. */
  public final LongAdder events = new LongAdder();

  /** How often the receiver was told that events are missing. */
  public final LongAdder gaps = new LongAdder();

  private final int index;
  private final String host;
  private final PresenceLog log;
  private final Map<DeliveryResult, LongAdder> deliveries = new EnumMap<>(DeliveryResult.class);
  private volatile int failures;
  private volatile LogPosition position;

  WebhookCounts(int index, WebhookSettings settings, PresenceLog log, LogPosition position) {
    this.index = index;
    // Not the whole address: what is behind the host often lets in whoever knows it.
    this.host = settings.url().getAuthority();
    this.log = log;
    this.position = position;
    for (DeliveryResult result : DeliveryResult.values()) {
      deliveries.put(result, new LongAdder());
    }
  }

  /** Its place in the configuration. */
  public int index() {
    return index;
  }

  /** Where it goes, as far as everybody may know. */
  public String host() {
    return host;
  }

  /** Tries that ended so. */
  public LongAdder deliveries(DeliveryResult result) {
    LongAdder count = deliveries.get(result);
    if (count == null) {
      throw new IllegalArgumentException("no count for " + result);
    }
    return count;
  }

  /** How many tries have failed since the last one that did not. */
  public int failures() {
    return failures;
  }

  /** How many events of the log it has not been told of, wanted or not. */
  public long eventsBehind() {
    return Math.max(0, log.last() - position.seq());
  }

  void failures(int inARow) {
    failures = inARow;
  }

  void position(LogPosition taken) {
    position = taken;
  }

  @Override
  public String toString() {
    return "webhook " + index + " (" + host + ")";
  }
}
