package io.heartbus.loadtest;

import io.heartbus.loadtest.series.Column;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.EnumMap;
import java.util.Map;

/**
 * What this process itself uses, from one reading to the next: a load tester that has no processor
 * left measures itself. One thread reads.
 */
final class Vitals {
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Thread fleet;
  private long lastNanos;
  private long lastCpuNanos;
  private long lastFleetNanos;

  /** From now on; that thread drives the nodes. */
  Vitals(Thread fleet, long nowNanos) {
    this.fleet = fleet;
    this.lastNanos = nowNanos;
    this.lastCpuNanos = Machine.cpuNanos();
    this.lastFleetNanos = fleetCpuNanos();
  }

  /** What it used since the last reading, as far as the system tells, and holds now. */
  Map<Column, Double> read(long nowNanos) {
    Map<Column, Double> values = new EnumMap<>(Column.class);
    long cpuNanos = Machine.cpuNanos();
    long fleetNanos = fleetCpuNanos();
    double nanos = nowNanos - lastNanos;
    if (nanos > 0) {
      values.put(Column.CPU, (cpuNanos - lastCpuNanos) / nanos);
      if (fleetNanos >= 0) {
        values.put(Column.FLEET_CPU, (fleetNanos - lastFleetNanos) / nanos);
      }
    }
    values.put(Column.DESCRIPTORS, (double) Machine.descriptorsOpen());
    lastNanos = nowNanos;
    lastCpuNanos = cpuNanos;
    lastFleetNanos = fleetNanos;
    return values;
  }

  /** Less than nothing where nobody tells. */
  private long fleetCpuNanos() {
    return threads.isThreadCpuTimeSupported() ? threads.getThreadCpuTime(fleet.threadId()) : -1;
  }
}
