package io.heartbus.server.connection;

import io.heartbus.protocol.ErrorCode;
import io.heartbus.server.node.Roster;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Takes leave of all nodes so that they do not come back all at once, here or elsewhere. Runs on
 * the thread of whoever wants the server to end.
 */
final class Drain {
  private static final long NANOS_PER_MS = 1_000_000;
  private static final long POLL_MS = 20;

  /** After the last word to the last node, how long its socket may take to close. */
  private static final long LINGER_MS = 2_500;

  private final ConnectionContext context;
  private final DrainSettings settings;

  Drain(ConnectionContext context, DrainSettings settings) {
    this.context = context;
    this.settings = settings;
  }

  void run() throws InterruptedException {
    List<Connection> leaving = new ArrayList<>();
    context.roster().forEach(link -> leaving.add((Connection) link));
    long comeBackMs = comeBackMs(leaving.size());
    long spreadMs = Math.min(settings.windowMs(), comeBackMs);
    long startNanos = System.nanoTime();
    for (int i = 0; i < leaving.size(); i++) {
      long dueNanos = startNanos + spreadMs * NANOS_PER_MS * i / leaving.size();
      TimeUnit.NANOSECONDS.sleep(Math.max(0, dueNanos - System.nanoTime()));
      leaving.get(i).goAway(0, comeBackMs, settings.windowMs());
    }
    awaitEmpty(settings.windowMs());
    context
        .roster()
        .forEach(link ->
            ((Connection) link).refuse(ErrorCode.DRAINING, "the server shuts down", comeBackMs));
    awaitEmpty(LINGER_MS);
  }

  /** The time that all nodes need to register at the rate the other servers can take them in. */
  private long comeBackMs(int nodes) {
    return Math.ceilDiv(nodes * 1000L, settings.reconnectsPerSecond());
  }

  private void awaitEmpty(long limitMs) throws InterruptedException {
    Roster roster = context.roster();
    long startNanos = System.nanoTime();
    while (roster.size() > 0 && System.nanoTime() - startNanos < limitMs * NANOS_PER_MS) {
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
  }
}
