package io.heartbus.server.webhook;

import io.heartbus.server.presence.Follower;
import io.heartbus.server.presence.Follower.Portion;
import io.heartbus.server.presence.LogPosition;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of one webhook: takes from the log what its receiver has not had, and tells it, the
 * same delivery until it is taken, one after the other. Nothing but that one delivery waits in
 * memory; the rest waits in the log, and when that has moved on, the next delivery tells the gap.
 */
final class Courier implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Courier.class);

  /** How soon it notices the end of the server, and the beginning of another log. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** Events that nobody wanted are not worth a file each. */
  private static final int UNSAVED_EVENTS_MAX = 1000;

  private final Follower follower;
  private final Target target;
  private final WebhookSettings settings;
  private final WebhookCounts counts;
  private final @Nullable CursorFile file;
  private final CountDownLatch ending;
  private final RetryDelay retryDelay;
  private LogPosition saved;
  private boolean saves = true;

  /**
   * @param file where to remember how far the receiver is; null for nowhere
   * @param ending opens when the server ends: what is there by then has one more try
   */
  Courier(
      Follower follower,
      Target target,
      WebhookCounts counts,
      @Nullable CursorFile file,
      CountDownLatch ending) {
    this.follower = follower;
    this.target = target;
    this.settings = target.settings();
    this.counts = counts;
    this.file = file;
    this.ending = ending;
    this.retryDelay = new RetryDelay(settings.retryDelayMsMax());
    this.saved = follower.position();
  }

  @Override
  public void run() {
    try {
      if (file != null && !file.exists()) {
        // Also when nothing is ever taken: from here on, nothing may be missed.
        save(follower.position(), file);
      }
      while (tellNext()) {
        // A delivery at a time.
      }
    } catch (InterruptedException ended) {
      LOG.debug("{} is cut off", counts);
    } catch (RuntimeException surprise) {
      LOG.error("{} ends; nobody is told anything there any more", counts, surprise);
    }
  }

  /** Tells what there is, or waits for it. Returns whether to go on. */
  private boolean tellNext() throws InterruptedException {
    // Asked first: what comes until then is still looked for.
    boolean last = ending.getCount() == 0;
    Portion portion = follower.next(settings.batchEventsMax());
    if (!portion.isEmpty()) {
      boolean taken = deliver(Delivery.of(portion));
      if (taken) {
        counts.gaps.add(portion.missing() == null ? 0 : 1);
        passed(0);
      }
      return taken;
    }
    passed(last ? 0 : UNSAVED_EVENTS_MAX);
    if (!last) {
      follower.await(LOOK_NANOS);
    }
    return !last;
  }

  /** Tries until it is taken; false when the server ends meanwhile. */
  private boolean deliver(Delivery delivery) throws InterruptedException {
    int failures = 0;
    while (true) {
      Outcome outcome = target.post(delivery);
      counts.deliveries(outcome.result()).increment();
      if (outcome.taken()) {
        counts.events.add(delivery.events());
        succeeded(failures);
        return true;
      }
      failures++;
      failed(failures, outcome);
      long pauseMs = retryDelay.delayMs(failures, ThreadLocalRandom.current());
      if (ending.await(pauseMs, TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
  }

  private void failed(int failures, Outcome outcome) {
    counts.failures(failures);
    if (failures == 1) {
      LOG.warn("{} fails: {}; it is tried again until it does not", counts, outcome.what());
    } else {
      LOG.debug("{} fails: {}", counts, outcome.what());
    }
  }

  private void succeeded(int failures) {
    if (failures > 0) {
      counts.failures(0);
      LOG.info("{} works again, after {} failures", counts, failures);
    }
  }

  /** Everything up to the follower's position was told, or is not wanted. */
  private void passed(int unsavedMax) {
    LogPosition position = follower.position();
    counts.position(position);
    boolean far =
        !position.epoch().equals(saved.epoch())
            || Math.abs(position.seq() - saved.seq()) > unsavedMax;
    if (file != null && far) {
      save(position, file);
    }
  }

  private void save(LogPosition position, CursorFile to) {
    try {
      to.write(position);
      saved = position;
      if (!saves) {
        LOG.info("{}: its cursor can be written again", counts);
      }
      saves = true;
    } catch (IOException failure) {
      if (saves) {
        LOG.warn(
            "{}: its cursor cannot be written, so a restart tells events again: {}",
            counts,
            failure.toString());
      }
      saves = false;
    }
  }
}
