package io.heartbus.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbus.server.node.EventType;
import io.heartbus.server.node.NodeEvent;
import io.heartbus.server.presence.EventFilter;
import io.heartbus.server.presence.LogSettings;
import io.heartbus.server.presence.PresenceLog;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What tests of webhooks start from: a log, and a receiver that is told of it once they start. */
abstract class Hooked {
  static final String EPOCH = "1790000000000000";
  static final String SECRET = "no-log-has-this";
  static final int LOG_EVENTS_MAX = 50;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  PresenceLog log = log(EPOCH, 0);
  Receiver receiver;
  Webhooks webhooks;

  @BeforeEach
  void open() throws IOException {
    receiver = new Receiver();
  }

  @AfterEach
  void close() throws IOException {
    receiver.close();
    if (webhooks != null) {
      webhooks.close();
    }
  }

  static PresenceLog log(String epoch, long last) {
    return new PresenceLog(
        LogSettings.inMemory(LOG_EVENTS_MAX, 1 << 20), InstantSource.system(), epoch, last);
  }

  /** Quick tries, batches of 5, a timeout that nothing meets by chance. */
  WebhookSettings settings() {
    return settings(receiver.url(), 5, 60_000);
  }

  static WebhookSettings settings(URI url, int batchEventsMax, long timeoutMs) {
    return new WebhookSettings(url, SECRET, EventFilter.ALL, batchEventsMax, timeoutMs, 2);
  }

  void start(WebhookSettings... settings) {
    start(null, settings);
  }

  void start(Path dir, WebhookSettings... settings) {
    webhooks = Webhooks.start(List.of(settings), log, dir, InstantSource.system());
  }

  WebhookCounts counts() {
    return webhooks.counts().getFirst();
  }

  void append(int events) {
    for (int i = 0; i < events; i++) {
      log.append(new NodeEvent(EventType.ONLINE, "n" + (log.last() + 1), 1, null, null, -1, null));
    }
  }

  /** The numbers that a request brings. */
  static List<Long> numbers(Receiver.Request request) {
    List<Long> numbers = new ArrayList<>();
    json(request).path("events").forEach(event -> numbers.add(event.path("seq").asLong()));
    return numbers;
  }

  static JsonNode json(Receiver.Request request) {
    return JSON.readTree(request.body());
  }

  static void await(String what, BooleanSupplier condition) {
    long startNanos = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - startNanos)
          .as("never: %s", what)
          .isLessThan(TimeUnit.SECONDS.toNanos(Receiver.PATIENCE_SECONDS));
      LockSupport.parkNanos(1_000_000);
    }
  }
}
