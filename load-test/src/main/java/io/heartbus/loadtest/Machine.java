package io.heartbus.loadtest;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Scanner;
import org.jspecify.annotations.Nullable;

/** What this machine and this process are, as the operating system tells at that moment. */
final class Machine {
  private static final long BYTES_PER_KIB = 1024;

  /** Kernels use these when nobody changes them. */
  private static final Routes.Ports DEFAULT_PORTS = new Routes.Ports(32_768, 60_999);

  private Machine() {}

  /**
   * The facts without which a measurement says little. Values that the system does not tell are
   * null.
   *
   * @param descriptorsMax how many files and sockets this process may have open
   */
  record Facts(
      int cores,
      @Nullable String processor,
      @Nullable Long memoryBytes,
      String kernel,
      String jdk,
      long descriptorsMax) {}

  static Facts facts() {
    String memory = field("/proc/meminfo", "MemTotal");
    return new Facts(
        Runtime.getRuntime().availableProcessors(),
        field("/proc/cpuinfo", "model name"),
        memory == null ? null : kibibytes(memory),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vendor") + " " + Runtime.version(),
        system().getMaxFileDescriptorCount());
  }

  /** How many connections this process could open. */
  static Preflight.Limits limits() {
    return new Preflight.Limits(
        system().getMaxFileDescriptorCount() - descriptorsOpen(), localPorts().count());
  }

  /** The ports that connections of this machine come from. */
  static Routes.Ports localPorts() {
    try {
      // Not readString: it reads in pieces, and this file is empty from the second piece on.
      Path range = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
      Scanner ends = new Scanner(Files.readAllLines(range).getFirst());
      return new Routes.Ports(ends.nextInt(), ends.nextInt());
    } catch (IOException e) {
      return DEFAULT_PORTS;
    }
  }

  /** Whether connections can come from that address. */
  static boolean owns(InetAddress address) {
    try {
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      // Nobody knows; the first connect will.
      return true;
    }
  }

  /** The processor time that this process has used so far. */
  static long cpuNanos() {
    return system().getProcessCpuTime();
  }

  /** Files and sockets that this process has open. */
  static long descriptorsOpen() {
    return system().getOpenFileDescriptorCount();
  }

  /** The memory of this process that is resident now; null where the system does not tell. */
  static @Nullable Long rssBytes() {
    String resident = field("/proc/self/status", "VmRSS");
    return resident == null ? null : kibibytes(resident);
  }

  /** Whether standard error goes to somebody who looks at it. */
  static boolean errorIsTerminal() {
    try {
      String file = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private static UnixOperatingSystemMXBean system() {
    return ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class);
  }

  private static long kibibytes(String text) {
    return new Scanner(text).nextLong() * BYTES_PER_KIB;
  }

  /** The value of the first line {@code name: value}; null when the file has none, or is not. */
  private static @Nullable String field(String file, String name) {
    try {
      List<String> lines = Files.readAllLines(Path.of(file));
      for (String line : lines) {
        int colon = line.indexOf(':');
        if (colon > 0 && line.substring(0, colon).strip().equals(name)) {
          return line.substring(colon + 1).strip();
        }
      }
    } catch (IOException e) {
      // Not Linux: the fact stays untold.
    }
    return null;
  }
}
