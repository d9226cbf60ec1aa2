package io.heartbus.server;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many virtual threads run at once: one while there is little to do, as many as there are
 * processors as soon as one does not get its turn. A beat that comes alone wakes a carrier thread;
 * with a second one idle, that is woken too, to look for work that the first has just taken up.
 *
 * <p>Owns a platform thread. While one carrier does it all, it starts a virtual thread every
 * {@value #LOOK_MS} ms, and if that has not run {@value #PATIENCE_MS} ms later (there is too much
 * to do, or something keeps the carrier), all take part until there was little to do for some
 * seconds.
 */
final class Carriers {
  private static final long NANOS_PER_MS = 1_000_000;
  private static final int LOOK_MS = 20;
  private static final int PATIENCE_MS = 10;

  private static final Logger LOG = LoggerFactory.getLogger(Carriers.class);

  /** For so long there has to be little to do; longer when one carrier was not enough for long. */
  private static final long CALM_NANOS_MIN = TimeUnit.SECONDS.toNanos(2);

  private static final long CALM_NANOS_MAX = TimeUnit.SECONDS.toNanos(64);

  /**
   * So much of one processor, used by everything in this process, is little: one carrier saves
   * some.
   */
  private static final double CALM_SHARE = 1.2;

  private final VirtualThreadSchedulerMXBean scheduler;
  private final LongSupplier cpuNanos;
  private final int most;
  private final Thread thread = Thread.ofPlatform().name("carriers").daemon().unstarted(this::run);
  private volatile boolean ran;
  private volatile boolean ended;

  /**
   * Governs that scheduler from {@link #start} on.
   *
   * @param cpuNanos the processor time that this process has had so far
   */
  Carriers(VirtualThreadSchedulerMXBean scheduler, LongSupplier cpuNanos) {
    this.scheduler = scheduler;
    this.cpuNanos = cpuNanos;
    this.most = scheduler.getParallelism();
  }

  /**
   * Governs the virtual threads of this JVM for good, if there is a choice. Whoever sets their
   * parallelism keeps what they set.
   */
  static void govern() {
    if (System.getProperty("jdk.virtualThreadScheduler.parallelism") != null) {
      return;
    }
    VirtualThreadSchedulerMXBean scheduler =
        ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    OperatingSystemMXBean process =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    if (scheduler != null && process != null && scheduler.getParallelism() > 1) {
      new Carriers(scheduler, process::getProcessCpuTime).start();
    }
  }

  void start() {
    thread.start();
  }

  private void run() {
    long calmNanos = CALM_NANOS_MIN;
    while (!ended) {
      awaitCalm(calmNanos);
      scheduler.setParallelism(1);
      long aloneNanos = -System.nanoTime();
      awaitCrowd();
      scheduler.setParallelism(most);
      aloneNanos += System.nanoTime();
      LOG.debug("one carrier thread was enough for {} ms", aloneNanos / NANOS_PER_MS);
      calmNanos =
          aloneNanos > 2 * calmNanos ? CALM_NANOS_MIN : Math.min(2 * calmNanos, CALM_NANOS_MAX);
    }
  }

  private void awaitCalm(long calmNanos) {
    boolean calm = false;
    while (!calm && !ended) {
      long wallNanos = -System.nanoTime();
      long usedNanos = -cpuNanos.getAsLong();
      sleep(calmNanos);
      wallNanos += System.nanoTime();
      usedNanos += cpuNanos.getAsLong();
      calm = usedNanos < CALM_SHARE * wallNanos;
    }
  }

  private void awaitCrowd() {
    boolean ranInTime = true;
    while (ranInTime && !ended) {
      sleep((LOOK_MS - PATIENCE_MS) * NANOS_PER_MS);
      ran = false;
      Thread _ = Thread.startVirtualThread(() -> ran = true);
      sleep(PATIENCE_MS * NANOS_PER_MS);
      ranInTime = ran;
    }
  }

  private void sleep(long nanos) {
    long endNanos = System.nanoTime() + nanos;
    long leftNanos = nanos;
    while (leftNanos > 0 && !ended) {
      LockSupport.parkNanos(leftNanos);
      leftNanos = endNanos - System.nanoTime();
    }
  }

  /** Lets all take part again, and waits until they may. */
  void end() throws InterruptedException {
    ended = true;
    LockSupport.unpark(thread);
    thread.join();
  }
}
