package io.heartbus.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What this machine and this process allow, as far as Linux tells. Immutable.
 *
 * @param descriptorsSoft open files and sockets of this process; -1 where unknown, as in all others
 * @param descriptorsHard what a process may raise that to by itself
 * @param descriptorsSystem fs.nr_open, what a privileged process may raise that to
 * @param backlogMax net.core.somaxconn
 * @param tcpPagesMax the last of net.ipv4.tcp_mem: pages that all TCP sockets together may fill
 * @param heapBytesMax the most this JVM takes for objects
 */
record HostLimits(
    long descriptorsSoft,
    long descriptorsHard,
    long descriptorsSystem,
    long backlogMax,
    long tcpPagesMax,
    long heapBytesMax) {
  static final long UNKNOWN = -1;

  /** For jars, logs, HTTP and selectors. */
  private static final int DESCRIPTORS_RESERVED = 300;

  /** A node with its connection takes 2 KB, and the collector wants as much again. */
  private static final long HEAP_BYTES_PER_NODE = 4_000;

  private static final int FILE_BYTES_MAX = 8192;
  private static final long MIB = 1 << 20;
  private static final Pattern OPEN_FILES =
      Pattern.compile("^Max open files\\s+(\\S+)\\s+(\\S+)", Pattern.MULTILINE);
  private static final Pattern LAST_NUMBER = Pattern.compile("(\\d+)\\s*$");

  /** The limits of this process. */
  static HostLimits ofThisProcess() {
    Path proc = Path.of("/proc");
    return parse(
        text(proc.resolve("self/limits")),
        text(proc.resolve("sys/fs/nr_open")),
        text(proc.resolve("sys/net/core/somaxconn")),
        text(proc.resolve("sys/net/ipv4/tcp_mem")),
        Runtime.getRuntime().maxMemory());
  }

  /** The limits that these texts of Linux state; an empty one states nothing. */
  static HostLimits parse(
      String limits, String nrOpen, String somaxconn, String tcpMem, long heapBytesMax) {
    Matcher openFiles = OPEN_FILES.matcher(limits);
    boolean found = openFiles.find();
    Matcher tcpPages = LAST_NUMBER.matcher(tcpMem);
    return new HostLimits(
        found ? number(openFiles.group(1)) : UNKNOWN,
        found ? number(openFiles.group(2)) : UNKNOWN,
        number(nrOpen),
        number(somaxconn),
        tcpPages.find() ? number(tcpPages.group(1)) : UNKNOWN,
        heapBytesMax);
  }

  /** One line for the log. */
  String summary() {
    return "file descriptors %s (hard limit %s, fs.nr_open %s), somaxconn %s, tcp_mem %s pages, heap %s"
        .formatted(
            shown(descriptorsSoft),
            shown(descriptorsHard),
            shown(descriptorsSystem),
            shown(backlogMax),
            shown(tcpPagesMax),
            heapBytesMax == Long.MAX_VALUE ? "unlimited" : heapBytesMax / MIB + " MiB");
  }

  /** What stands in the way of that many connections, and what to change; one sentence each. */
  List<String> shortages(int connectionsMax, int backlog) {
    List<String> shortages = new ArrayList<>();
    String unreachable = "limits.max-connections = " + connectionsMax + " cannot be reached: ";
    long descriptors = (long) connectionsMax + DESCRIPTORS_RESERVED;
    if (known(descriptorsSoft) && descriptorsSoft < descriptors) {
      shortages.add(
          unreachable
              + "%d file descriptors are enough for about %d; %s, or lower limits.max-connections"
                  .formatted(
                      descriptorsSoft,
                      Math.max(0, descriptorsSoft - DESCRIPTORS_RESERVED),
                      descriptorRemedy(descriptors)));
    }
    long heapBytes = connectionsMax * HEAP_BYTES_PER_NODE;
    if (heapBytesMax < heapBytes) {
      shortages.add(
          unreachable
              + "a heap of %d MiB is enough for about %d; give the JVM -Xmx%dm"
                  .formatted(
                      heapBytesMax / MIB,
                      heapBytesMax / HEAP_BYTES_PER_NODE,
                      Math.ceilDiv(heapBytes, MIB)));
    }
    if (known(tcpPagesMax) && tcpPagesMax < connectionsMax) {
      shortages.add(
          ("net.ipv4.tcp_mem = %d pages is little for %d connections: after a stall each has a page"
                  + " of unread beats, and the kernel drops what is over; sysctl -w"
                  + " net.ipv4.tcp_mem='%d %d %d'")
              .formatted(
                  tcpPagesMax,
                  connectionsMax,
                  2L * connectionsMax,
                  5L * connectionsMax / 2,
                  3L * connectionsMax));
    }
    if (known(backlogMax) && backlogMax < backlog) {
      shortages.add(
          "listen.backlog = %d is cut to %d; sysctl -w net.core.somaxconn=%d"
              .formatted(backlog, backlogMax, backlog));
    }
    return shortages;
  }

  private String descriptorRemedy(long descriptors) {
    if (descriptorsHard >= descriptors) {
      return "start it with ulimit -n " + descriptors;
    }
    String hard =
        "raise the hard limit to %d (systemd: LimitNOFILE=%d; else nofile in limits.conf)"
            .formatted(descriptors, descriptors);
    return known(descriptorsSystem) && descriptorsSystem < descriptors
        ? "sysctl -w fs.nr_open=" + descriptors + ", then " + hard
        : hard;
  }

  private static boolean known(long limit) {
    return limit != UNKNOWN;
  }

  private static String shown(long limit) {
    if (limit == Long.MAX_VALUE) {
      return "unlimited";
    }
    return known(limit) ? Long.toString(limit) : "unknown";
  }

  private static long number(String text) {
    String stripped = text.strip();
    if (stripped.equals("unlimited")) {
      return Long.MAX_VALUE;
    }
    try {
      return Long.parseLong(stripped);
    } catch (NumberFormatException notTold) {
      return UNKNOWN;
    }
  }

  private static String text(Path file) {
    byte[] bytes = new byte[FILE_BYTES_MAX];
    try (InputStream in = Files.newInputStream(file)) {
      // One read: a file below /proc/sys has nothing more to say to a second one.
      int read = in.read(bytes);
      return new String(bytes, 0, Math.max(0, read), StandardCharsets.US_ASCII);
    } catch (IOException notTold) {
      // Another system, or a container that hides it.
      return "";
    }
  }
}
