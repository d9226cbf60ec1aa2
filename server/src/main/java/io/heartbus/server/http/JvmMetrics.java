package io.heartbus.server.http;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.hotspot.BufferPoolsExports;
import io.prometheus.client.hotspot.ClassLoadingExports;
import io.prometheus.client.hotspot.GarbageCollectorExports;
import io.prometheus.client.hotspot.MemoryAllocationExports;
import io.prometheus.client.hotspot.MemoryPoolsExports;
import io.prometheus.client.hotspot.StandardExports;
import io.prometheus.client.hotspot.ThreadExports;
import io.prometheus.client.hotspot.VersionInfoExports;
import java.util.List;

/** The metrics of the process and of its JVM, by simpleclient_hotspot. */
final class JvmMetrics {
  /** One set per JVM: one of them listens to every collection from its construction on. */
  private static final List<Collector> COLLECTORS =
      List.of(
          new StandardExports(),
          new MemoryPoolsExports(),
          new MemoryAllocationExports(),
          new BufferPoolsExports(),
          new GarbageCollectorExports(),
          new Threads(),
          new ClassLoadingExports(),
          new VersionInfoExports());

  private JvmMetrics() {}

  static void register(CollectorRegistry registry) {
    COLLECTORS.forEach(registry::register);
  }

  /** Threads without the search for deadlocks, which stops the JVM for as long as it takes. */
  private static final class Threads extends Collector {
    private final ThreadExports threads = new ThreadExports();

    @Override
    public List<MetricFamilySamples> collect() {
      return threads.collect(name -> !name.startsWith("jvm_threads_deadlocked"));
    }
  }
}
