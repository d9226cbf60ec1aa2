package io.heartbus.server;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
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

  /** In processors, used by everything in this process: with one carrier it will be less. */
  private static final double CALM_PROCESSORS = 1.2;

  private final int most;
  private final IntConsumer parallelism;
  private final LongSupplier cpuNanos;
  private final Thread thread = Thread.ofPlatform().name("carriers").daemon().unstarted(this::run);
  private volatile boolean ran;
  private volatile boolean ended;

  /**
   * Governs from {@link #start} on.
   *
   * @param most how many there are when all take part
   * @param parallelism sets how many there are
   * @param cpuNanos the processor time that this process has had so far
   */
  Carriers(int most, IntConsumer parallelism, LongSupplier cpuNanos) {
    this.most = most;
    this.parallelism = parallelism;
    this.cpuNanos = cpuNanos;
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
      new Carriers(
              scheduler.getParallelism(), scheduler::setParallelism, process::getProcessCpuTime)
          .start();
    }
  }

  void start() {
    thread.start();
  }

  private void run() {
    long calmNanos = CALM_NANOS_MIN;
    while (!ended) {
      awaitCalm(calmNanos);
      parallelism.accept(1);
      long aloneNanos = -System.nanoTime();
      awaitCrowd();
      parallelism.accept(most);
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
      calm = usedNanos < CALM_PROCESSORS * wallNanos;
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
