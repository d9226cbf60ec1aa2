package io.heartbus.loadtest;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The servers to connect to, as people write them: {@code HOST:PORT} or {@code
 * 127.0.0.1-127.0.0.8:9501}, several separated by commas. Many addresses of one server are a way
 * around the limit on local ports.
 */
final class TargetAddresses {
  private static final int PORT_MAX = 65_535;

  private TargetAddresses() {}

  /**
   * The addresses that the text names, in its order; looks up names of hosts, but connects nowhere.
   *
   * @throws UsageException when it is no such list, or a host is unknown
   */
  static List<InetSocketAddress> parse(String text) throws UsageException {
    List<InetSocketAddress> targets = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      addTo(targets, part.strip());
    }
    if (targets.size() > SourceAddresses.ADDRESSES_MAX) {
      throw new UsageException("at most " + SourceAddresses.ADDRESSES_MAX + " targets");
    }
    return targets;
  }

  private static void addTo(List<InetSocketAddress> targets, String part) throws UsageException {
    int colon = part.lastIndexOf(':');
    if (colon <= 0) {
      throw new UsageException("'" + part + "' is not HOST:PORT");
    }
    String host = part.substring(0, colon);
    int port = port(part.substring(colon + 1), part);
    if (SourceAddresses.isRange(host)) {
      for (InetAddress address : SourceAddresses.range(host)) {
        targets.add(new InetSocketAddress(address, port));
      }
      return;
    }
    InetSocketAddress target = new InetSocketAddress(host, port);
    if (target.isUnresolved()) {
      throw new UsageException("cannot find the host '" + host + "'");
    }
    targets.add(target);
  }

  private static int port(String text, String part) throws UsageException {
    try {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= PORT_MAX) {
        return port;
      }
    } catch (NumberFormatException e) {
      // The same complaint as for a number out of range.
    }
    throw new UsageException("'" + part + "' has no port from 1 to " + PORT_MAX);
  }
}
