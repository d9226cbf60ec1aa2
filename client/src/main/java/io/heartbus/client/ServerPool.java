package io.heartbus.client;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Which server to try next, and when: each has its own count of failures and its own wait. Pure but
 * for its memory; belongs to the thread that connects.
 */
final class ServerPool {

  /** The next attempt: at {@code server}, after {@code waitNanos} (0 = now). */
  record Turn(ServerAddress server, long waitNanos) {}

  private static final class Entry {
    final ServerAddress server;
    int failures;
    long notBeforeNanos;

    Entry(ServerAddress server, long nowNanos) {
      this.server = server;
      this.notBeforeNanos = nowNanos;
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private final RetryRule rule;
  private final RandomGenerator random;
  private boolean fresh = true;

  /** Whether there has been a session: until then every server has one try. */
  private boolean settled;

  private @Nullable ServerAddress redirect;

  ServerPool(List<ServerAddress> servers, RetryRule rule, RandomGenerator random, long nowNanos) {
    servers.forEach(server -> entries.add(new Entry(server, nowNanos)));
    this.rule = rule;
    this.random = random;
  }

  /**
   * The first server at first, and until there has been a session the others before any has a
   * second try; then the redirect, any that is due, or the one that is due first.
   */
  Turn next(long nowNanos) {
    if (fresh) {
      return new Turn(entries.getFirst().server, 0);
    }
    boolean firstRound = !settled && !allTried();
    List<Entry> due =
        entries.stream()
            .filter(e -> e.notBeforeNanos - nowNanos <= 0 && !(firstRound && e.failures > 0))
            .toList();
    if (!due.isEmpty()) {
      ServerAddress any = due.get(random.nextInt(due.size())).server;
      return new Turn(redirect == null ? any : redirect, 0);
    }
    Entry first = entries.getFirst();
    for (Entry entry : entries) {
      first = entry.notBeforeNanos - first.notBeforeNanos < 0 ? entry : first;
    }
    return new Turn(redirect == null ? first.server : redirect, first.notBeforeNanos - nowNanos);
  }

  /** Whether every server has had its try. */
  boolean allTried() {
    return entries.stream().allMatch(entry -> entry.failures > 0);
  }

  /** An attempt at that server failed. */
  void failed(ServerAddress server, IOException cause, long nowNanos) {
    fresh = false;
    redirect = null;
    for (Entry entry : entries) {
      if (entry.server.equals(server)) {
        entry.failures++;
        postpone(entry, rule.delay(cause, entry.failures), nowNanos);
      }
    }
    if (RetryRule.concernsNode(cause)) {
      postponeAll(rule.delay(cause, failuresOf(server)), nowNanos);
    }
  }

  /**
   * A session at that server was lost. All servers wait: when one of them dies, its nodes must not
   * fall upon the others at once.
   *
   * @param lasting whether the session had proved itself, so that earlier failures count no more
   */
  void sessionLost(ServerAddress server, IOException cause, boolean lasting, long nowNanos) {
    fresh = false;
    settled = true;
    redirect = null;
    if (lasting) {
      entries.forEach(entry -> entry.failures = 0);
    }
    for (Entry entry : entries) {
      entry.failures += entry.server.equals(server) ? 1 : 0;
    }
    postponeAll(rule.delay(cause, failuresOf(server)), nowNanos);
  }

  /** The server said when to come back, and perhaps where. */
  void sentAway(long comeBackNanos, @Nullable ServerAddress elsewhere, long nowNanos) {
    fresh = false;
    settled = true;
    redirect = elsewhere;
    postponeAll(Duration.ofNanos(Math.max(0, comeBackNanos - nowNanos)), nowNanos);
  }

  private void postponeAll(Duration wait, long nowNanos) {
    entries.forEach(entry -> postpone(entry, wait, nowNanos));
  }

  private static void postpone(Entry entry, Duration wait, long nowNanos) {
    long notBeforeNanos = nowNanos + wait.toNanos();
    if (notBeforeNanos - entry.notBeforeNanos > 0) {
      entry.notBeforeNanos = notBeforeNanos;
    }
  }

  /** At least 1: a redirect's own server is in no entry. */
  private int failuresOf(ServerAddress server) {
    return entries.stream()
        .filter(entry -> entry.server.equals(server))
        .mapToInt(entry -> entry.failures)
        .max()
        .orElse(1);
  }
}
