package io.heartbus.loadtest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A network namespace of a process, joined to this machine by a pair of interfaces, in which each
 * node has an address whose packets can be dropped. The kernel takes it away when the process and
 * its last connection are over. Only loopback targets can be reached from it; the network outside
 * never sees any of this. Needs root. One thread.
 */
final class Namespace implements AutoCloseable {
  /** Runs a command in a namespace of its own. */
  static final List<String> WRAPPER = List.of("unshare", "-n", "--");

  private static final int ROOT = 0;
  private static final int BLOCKS = 128;
  private static final int BLOCK_PREFIX = 22;

  private final String outer;
  private final String inner;
  private final int block;
  private long pid;

  private Namespace(int block) {
    this.block = block;
    this.outer = "heartbus-" + block + "a";
    this.inner = "heartbus-" + block + "b";
  }

  /** Why there can be none on this machine for these targets; null when there can. */
  static @Nullable String obstacle(List<InetSocketAddress> targets) {
    try {
      if (!Integer.valueOf(ROOT).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
        return "dropping packets needs root";
      }
    } catch (IOException | UnsupportedOperationException e) {
      return "this system has no network namespaces";
    }
    return targets.getFirst().getAddress().isLoopbackAddress()
        ? null
        : "only a server on this machine's loopback can be reached from a network namespace";
  }

  /**
   * One that nobody has, in the block of addresses that is for benchmarks (198.18.0.0/15).
   *
   * @throws IOException when all are taken
   */
  static Namespace unused(RandomGenerator random) throws IOException {
    int from = random.nextInt(BLOCKS);
    for (int i = 0; i < BLOCKS; i++) {
      Namespace candidate = new Namespace((from + i) % BLOCKS);
      InetAddress address = InetAddress.ofLiteral(candidate.hostAddress());
      if (NetworkInterface.getByName(candidate.outer) == null
          && NetworkInterface.getByInetAddress(address) == null) {
        return candidate;
      }
    }
    throw new IOException("all addresses for network namespaces are taken");
  }

  /** Where this machine is, seen from inside. */
  String hostAddress() {
    return address(1);
  }

  /** The addresses of so many nodes, as {@link SourceAddresses} reads them. */
  String nodeAddresses(int count) {
    return nodeAddress(0) + "-" + nodeAddress(count - 1);
  }

  /** Joins the namespace of that process to this machine. */
  void join(long process, int nodes) throws IOException, InterruptedException {
    pid = process;
    String joined = Long.toString(process);
    ip("link", "add", outer, "type", "veth", "peer", "name", inner, "netns", joined);
    ip("addr", "add", hostAddress() + "/" + BLOCK_PREFIX, "dev", outer);
    ip("link", "set", outer, "up");
    for (int i = 0; i < nodes; i++) {
      inside("addr", "add", nodeAddress(i) + "/" + BLOCK_PREFIX, "dev", inner);
    }
    inside("link", "set", inner, "up");
    // What is dropped has to be looked at before what is delivered here.
    inside("rule", "add", "pref", "100", "lookup", "local");
    inside("rule", "del", "pref", "0");
  }

  /** Has every packet to and from that node dropped, from before this returns. */
  void drop(int node) throws IOException, InterruptedException {
    inside("rule", "add", "pref", "1", "from", nodeAddress(node), "blackhole");
    inside("rule", "add", "pref", "1", "to", nodeAddress(node), "blackhole");
  }

  @Override
  public void close() {
    try {
      ip("link", "del", outer);
    } catch (IOException e) {
      // The kernel was faster: the process is gone, and its namespace with it.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String nodeAddress(int node) {
    return address(2 + node);
  }

  private String address(int number) {
    int low = block << (32 - BLOCK_PREFIX) | number;
    return String.format(
        Locale.ROOT, "198.%d.%d.%d", 18 + (low >> 16), low >> 8 & 0xFF, low & 0xFF);
  }

  private static void ip(String... words) throws IOException, InterruptedException {
    Command.run(command(List.of("ip"), words));
  }

  private void inside(String... words) throws IOException, InterruptedException {
    Command.run(command(List.of("nsenter", "-t", Long.toString(pid), "-n", "ip"), words));
  }

  private static List<String> command(List<String> start, String... words) {
    return Stream.concat(start.stream(), Stream.of(words)).toList();
  }
}
