package io.heartbus.server;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.Set;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The size of heap that Shenandoah collects at, kept near what lives. By itself it collects when
 * the heap is about as large as it may become: under a load of messages the process then is as
 * large as {@code -Xmx} although next to nothing lives, and half of its time goes to pages that the
 * kernel clears. {@code SoftMaxHeapSize} lowers that; it may be exceeded, and can be set while the
 * JVM runs.
 *
 * <p>Each end of a collection sets it, on the JVM's thread for notifications. Other collectors do
 * not take notice, and whoever sets the flag keeps what they set.
 */
final class HeapTarget {
  private static final Logger LOG = LoggerFactory.getLogger(HeapTarget.class);
  private static final String FLAG = "SoftMaxHeapSize";

  /** The collector's name in JMX; it has another, for pauses, when nothing was freed yet. */
  private static final String CYCLES = "Shenandoah Cycles";

  /** The flag is as the JVM chose it; a command line, a file or the environment says otherwise. */
  private static final Set<VMOption.Origin> UNSET =
      Set.of(VMOption.Origin.DEFAULT, VMOption.Origin.ERGONOMIC);

  /** What there is to fill between two collections, as far as what lives is little. */
  private static final long ROOM_BYTES = 384L << 20;

  private final HotSpotDiagnosticMXBean flags;
  private final long maxBytes;

  private HeapTarget(HotSpotDiagnosticMXBean flags, long maxBytes) {
    this.flags = flags;
    this.maxBytes = maxBytes;
  }

  /** Begins to follow the collections of this JVM, if that can do any good. Called once. */
  static void follow() {
    HotSpotDiagnosticMXBean flags =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    GarbageCollectorMXBean collector = collector();
    if (flags == null
        || collector == null
        || !UNSET.contains(flags.getVMOption(FLAG).getOrigin())) {
      return;
    }
    HeapTarget target = new HeapTarget(flags, Runtime.getRuntime().maxMemory());
    target.set(used());
    ((NotificationEmitter) collector).addNotificationListener(target::collected, null, null);
  }

  private static @Nullable GarbageCollectorMXBean collector() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .filter(bean -> bean.getName().equals(CYCLES))
        .findFirst()
        .orElse(null);
  }

  private static long used() {
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private void collected(Notification notification, @Nullable Object handback) {
    if (notification
        .getType()
        .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
      set(used());
    }
  }

  private void set(long usedBytes) {
    try {
      flags.setVMOption(FLAG, Long.toString(bytes(usedBytes, maxBytes)));
    } catch (IllegalArgumentException refused) {
      LOG.debug("this JVM does not take {}", FLAG, refused);
    }
  }

  /** At what size to collect when so much was left by the last collection. Pure. */
  static long bytes(long usedBytes, long maxBytes) {
    return Math.min(maxBytes, 2 * usedBytes + ROOM_BYTES);
  }
}
