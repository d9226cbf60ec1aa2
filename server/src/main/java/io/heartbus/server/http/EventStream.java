package io.heartbus.server.http;

import io.heartbus.server.http.EventStreamText.GapJson;
import io.heartbus.server.presence.EventFilter;
import io.heartbus.server.presence.Follower;
import io.heartbus.server.presence.LogPosition;
import io.heartbus.server.presence.PresenceLog;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.LockSupport;

/**
 * One live feed: follows the presence log by a position of its own, at the pace of its reader, who
 * is told a gap when the log forgets faster than that. One thread, that of the request.
 */
final class EventStream {
  private static final int EVENTS_PER_WRITE = 256;
  private static final long RETRY_MS = 1_000;
  private static final long NANOS_PER_MS = 1_000_000;

  /** Lets events come together, so that no feed takes the log's lock for each of many. */
  private static final long GATHER_NANOS = 20 * NANOS_PER_MS;

  private final PresenceLog log;
  private final Follower follower;
  private final long keepAliveNanos;
  private final WriteWatch watch;

  /** Where its reader is, as far as that was written. */
  private long position;

  /** The log that the reader knows of; empty at first. */
  private String epoch = "";

  private long lastWriteNanos;

  /** A feed of the events that pass a filter, from behind that position. */
  EventStream(
      PresenceLog log,
      EventFilter filter,
      LogPosition start,
      StreamSettings settings,
      WriteWatch watch) {
    this.log = log;
    this.follower = new Follower(log, filter, start);
    this.position = start.seq();
    this.keepAliveNanos = settings.keepAliveMs() * NANOS_PER_MS;
    this.watch = watch;
  }

  /**
   * Writes what happens, for as long as somebody reads it.
   *
   * @throws IOException when the reader is gone, or stopped to read
   * @throws InterruptedException when the server ends
   */
  void follow(OutputStream out) throws IOException, InterruptedException {
    EventStreamText text = new EventStreamText();
    text.retry(RETRY_MS);
    while (true) {
      Follower.Portion portion = follower.next(EVENTS_PER_WRITE);
      tell(portion, text);
      boolean moved = follower.position().seq() != position;
      position = follower.position().seq();
      long quietNanos = System.nanoTime() - lastWriteNanos;
      if (text.isEmpty() && quietNanos >= keepAliveNanos) {
        text.position(position);
      }
      if (!text.isEmpty()) {
        watch.write(out, text.bytes());
        text = new EventStreamText();
        lastWriteNanos = System.nanoTime();
        quietNanos = 0;
      }
      if (!moved) {
        follower.await(keepAliveNanos - quietNanos);
      } else if (portion.events().size() < EVENTS_PER_WRITE) {
        LockSupport.parkNanos(GATHER_NANOS);
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private void tell(Follower.Portion portion, EventStreamText text) {
    if (!portion.from().epoch().equals(epoch)) {
      epoch = portion.from().epoch();
      text.log(new EventStreamText.LogJson(epoch, log.first(), log.last()), position);
    }
    if (portion.missing() != null) {
      text.gap(GapJson.of(portion.missing()), portion.from().seq());
    }
    portion.events().forEach(text::event);
  }
}
