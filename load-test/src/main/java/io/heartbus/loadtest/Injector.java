package io.heartbus.loadtest;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what the fleet's thread cannot, because it takes its time: each act when it is due. Owns one
 * platform thread, which begins and ends with the acts.
 */
final class Injector implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Injector.class);

  /** What is done. */
  interface Deed {
    void run() throws IOException, InterruptedException;
  }

  /** What is done when, after the begin. */
  record Act(long afterNanos, Deed deed) {}

  private final List<Act> acts;
  private final Thread thread = Thread.ofPlatform().name("injector").daemon().unstarted(this::work);
  private long beginNanos;

  /** Acts in any order. */
  Injector(List<Act> acts) {
    this.acts = acts.stream().sorted(Comparator.comparingLong(Act::afterNanos)).toList();
  }

  /** The acts are due from now on; once. */
  void begin() {
    beginNanos = System.nanoTime();
    thread.start();
  }

  /** Does nothing any more once the act that is under way is done. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    try {
      for (Act act : acts) {
        await(beginNanos + act.afterNanos());
        act.deed().run();
      }
    } catch (IOException e) {
      LOG.warn("no further faults: {}", e.getMessage());
    } catch (InterruptedException e) {
      LOG.debug("the run ends before the last fault");
    }
  }

  private static void await(long dueNanos) throws InterruptedException {
    for (long waitNanos = dueNanos - System.nanoTime();
        waitNanos > 0;
        waitNanos = dueNanos - System.nanoTime()) {
      LockSupport.parkNanos(waitNanos);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }
}
