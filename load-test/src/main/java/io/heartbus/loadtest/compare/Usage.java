package io.heartbus.loadtest.compare;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;

/**
 * What a time of load took of the processors.
 *
 * @param busiestShare of that time that the busiest thread of the generator ran: at 1 it can do no
 *     more
 */
record Usage(double serverCpuSeconds, double busiestShare) {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MICROS_PER_SECOND = 1e6;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** Reads until the window is over, and tells what it took. */
  static Usage of(Clients clients, Clients.Ear ear, Window window, Cpu cpu) throws IOException {
    clients.read(window.fromNanos(), ear);
    Reading before = cpu.read();
    clients.read(window.untilNanos(), ear);
    return between(before, cpu.read());
  }

  /** What was taken from one reading to the other. */
  static Usage between(Reading before, Reading after) {
    long busiestNanos = 0;
    for (int thread = 0; thread < after.threadNanos.size(); thread++) {
      long ranNanos = after.threadNanos.get(thread) - before.threadNanos.get(thread);
      busiestNanos = Math.max(busiestNanos, ranNanos);
    }
    return new Usage(
        (after.serverNanos - before.serverNanos) / NANOS_PER_SECOND,
        (double) busiestNanos / (after.nanos - before.nanos));
  }

  /** Server CPU for each of so many things, in microseconds. */
  double microsPer(long count) {
    return serverCpuSeconds * MICROS_PER_SECOND / count;
  }

  /** The clocks to read: of a server, and of the threads that load it. */
  record Cpu(ServerProcess server, List<Thread> threads) {
    /** The clocks when one thread does all. */
    static Cpu ofThisThread(ServerProcess server) {
      return new Cpu(server, List.of(Thread.currentThread()));
    }

    Reading read() throws IOException {
      List<Long> threadNanos =
          threads.stream().map(thread -> THREADS.getThreadCpuTime(thread.threadId())).toList();
      return new Reading(System.nanoTime(), server.cpuNanos(), threadNanos);
    }
  }

  /** All clocks at one time. */
  record Reading(long nanos, long serverNanos, List<Long> threadNanos) {}
}
