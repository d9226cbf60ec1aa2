package io.heartbus.server.webhook;

import static java.util.Objects.requireNonNull;

import io.heartbus.server.presence.Follower;
import io.heartbus.server.presence.LogPosition;
import io.heartbus.server.presence.PresenceLog;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All webhooks of a server. Each has a virtual thread and a place in the log of its own, so that a
 * receiver that hangs costs only itself. Any thread may close them.
 */
public final class Webhooks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);

  /** For what the last moments of the server brought, such as the leave that all nodes took. */
  private static final long LAST_WORDS_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final PresenceLog log;
  private final @Nullable Path dir;
  private final InstantSource wallClock;
  private final List<WebhookCounts> counts = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch ending = new CountDownLatch(1);
  private @Nullable HttpClient client;
  private @Nullable ExecutorService executor;

  private Webhooks(PresenceLog log, @Nullable Path dir, InstantSource wallClock) {
    this.log = log;
    this.dir = dir;
    this.wallClock = wallClock;
  }

  /**
   * Starts them. Each goes on where its receiver was, if that was kept, else behind the newest
   * event. How far they are is kept beside the log, if that is kept.
   */
  public static Webhooks start(
      List<WebhookSettings> settings, PresenceLog log, InstantSource wallClock) {
    return start(settings, log, log.dir(), wallClock);
  }

  /** As the other one, with how far they are kept in that folder; null for nowhere. */
  static Webhooks start(
      List<WebhookSettings> settings,
      PresenceLog log,
      @Nullable Path dir,
      InstantSource wallClock) {
    Webhooks webhooks = new Webhooks(log, dir, wallClock);
    if (!settings.isEmpty()) {
      webhooks.startAll(settings);
    }
    return webhooks;
  }

  private void startAll(List<WebhookSettings> settings) {
    executor = Executors.newVirtualThreadPerTaskExecutor();
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(executor)
            .build();
    Map<String, Integer> sameAddresses = new HashMap<>();
    for (WebhookSettings webhook : settings) {
      int number = sameAddresses.merge(webhook.url().toString(), 1, Integer::sum);
      start(webhook, dir == null ? null : new CursorFile(dir, number + " " + webhook.url()));
    }
  }

  private void start(WebhookSettings webhook, @Nullable CursorFile file) {
    Follower follower = new Follower(log, webhook.filter(), position(file));
    WebhookCounts count = new WebhookCounts(counts.size(), webhook, log, follower.position());
    counts.add(count);
    Target target = new Target(webhook, requireNonNull(client), wallClock);
    threads.add(
        Thread.ofVirtual()
            .name("webhook-" + count.index())
            .start(new Courier(follower, target, count, file, ending)));
  }

  private LogPosition position(@Nullable CursorFile file) {
    try {
      LogPosition kept = file == null ? null : file.read();
      return kept == null ? new LogPosition(log.epoch(), log.last()) : kept;
    } catch (IOException unreadable) {
      LOG.warn(
          "webhook {}: how far it was is lost, so it begins at the oldest event: {}",
          counts.size(),
          unreadable.toString());
      return new LogPosition(log.epoch(), log.first() - 1);
    }
  }

  /** What there is to count, in the order of the configuration. */
  public List<WebhookCounts> counts() {
    return Collections.unmodifiableList(counts);
  }

  /** Ends them: who takes what there is gets it, but nobody is waited for longer than 2 s. */
  @Override
  public void close() {
    ending.countDown();
    long untilNanos = System.nanoTime() + LAST_WORDS_NANOS;
    try {
      for (Thread thread : threads) {
        boolean _ = thread.join(Duration.ofNanos(Math.max(1, untilNanos - System.nanoTime())));
      }
    } catch (InterruptedException hurry) {
      // Whoever interrupts a close wants it to be quick; the caller still sees the interrupt.
      Thread.currentThread().interrupt();
    }
    threads.forEach(Thread::interrupt);
    if (client != null) {
      client.shutdownNow();
    }
    if (executor != null) {
      List<Runnable> _ = executor.shutdownNow();
    }
  }
}
