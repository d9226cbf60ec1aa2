package io.heartbus.loadtest;

import io.heartbus.loadtest.Scenario.Kind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Predicate;

/**
 * Whether this machine lets the load tester open all those connections: a pure judgement, so that a
 * run that would die half-way is refused before it starts.
 */
final class Preflight {
  /** Descriptors for everything but nodes: jars, standard streams, the selector, the report. */
  static final int DESCRIPTOR_RESERVE = 64;

  /**
   * In the demo, a node that is replaced has two connections for a moment; one in so many nodes.
   */
  private static final int REPLACED_EVERY = 20;

  private Preflight() {}

  /**
   * What the machine allows.
   *
   * @param descriptorsFree files that this process may still open
   * @param localPorts ephemeral ports of the machine
   */
  record Limits(long descriptorsFree, int localPorts) {}

  /**
   * Lets the scenario pass.
   *
   * @param own whether an address is one of this machine
   * @throws UsageException when it cannot work on this machine; the message says what would help
   */
  static void check(Scenario scenario, Limits limits, Predicate<InetAddress> own)
      throws UsageException {
    checkFamilies(scenario);
    for (InetAddress source : scenario.sources()) {
      if (!own.test(source)) {
        throw new UsageException(source.getHostAddress() + " is no address of this machine");
      }
    }
    int connections =
        scenario.nodes() + (scenario.kind() == Kind.DEMO ? scenario.nodes() / REPLACED_EVERY : 0);
    long descriptors = connections + (long) DESCRIPTOR_RESERVE;
    if (descriptors > limits.descriptorsFree()) {
      throw new UsageException(
          String.format(
              "%,d nodes need %,d file descriptors and this process may open %,d more:"
                  + " raise ulimit -n, or run several load testers",
              scenario.nodes(), descriptors, limits.descriptorsFree()));
    }
    long ports = (long) Routes.pairs(scenario) * limits.localPorts();
    if (connections > ports) {
      throw new UsageException(
          String.format(
              "%,d nodes need as many local ports and there are %,d: widen"
                  + " net.ipv4.ip_local_port_range, or give more addresses in --target or"
                  + " --sources",
              scenario.nodes(), ports));
    }
  }

  private static void checkFamilies(Scenario scenario) throws UsageException {
    for (InetAddress source : scenario.sources()) {
      for (InetSocketAddress target : scenario.targets()) {
        if (source.getAddress().length != target.getAddress().getAddress().length) {
          throw new UsageException(
              source.getHostAddress() + " cannot reach " + target + ": IPv4 and IPv6 do not mix");
        }
      }
    }
  }
}
