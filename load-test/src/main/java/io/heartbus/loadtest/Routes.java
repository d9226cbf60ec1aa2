package io.heartbus.loadtest;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * From where to where each connection goes, down to the local port. Left alone, Linux tries port
 * after port, and once half of its range is in use towards one address that takes it milliseconds
 * for every connect: the load tester would measure that. So it deals out the ports itself. Safe for
 * any thread.
 */
final class Routes {
  /**
   * The ports that a machine deals out to connections.
   *
   * @param first the lowest
   * @param last the highest
   */
  record Ports(int first, int last) {
    int count() {
      return last - first + 1;
    }
  }

  /** Both ends of a connection to be. */
  record Route(InetSocketAddress local, InetSocketAddress target) {}

  /**
   * Neighbours are this far apart, so that two load testers, each of which wants thousands of
   * ports, mostly miss each other. A prime that divides no usual number of ports.
   */
  private static final int STRIDE = 7_919;

  private final List<InetAddress> sources;
  private final List<InetSocketAddress> targets;
  private final Ports ports;
  private final RandomGenerator random;

  /** Guards what follows, and the random numbers. */
  private final ReentrantLock lock = new ReentrantLock();

  /** By pair of source and target: how many steps of the stride it is from the first port. */
  private final int[] steps;

  /** Routes of a scenario on a machine with these ports; the random numbers are theirs alone. */
  Routes(Scenario scenario, Ports ports, RandomGenerator random) {
    this.sources = scenario.sources();
    this.targets = scenario.targets();
    this.ports = ports;
    this.random = random;
    this.steps = new int[pairs(scenario)];
    for (int pair = 0; pair < steps.length; pair++) {
      steps[pair] = random.nextInt(ports.count());
    }
  }

  /** How many pairs of source and target a scenario has; each has all ports for itself. */
  static int pairs(Scenario scenario) {
    return Math.max(1, scenario.sources().size()) * scenario.targets().size();
  }

  /** The next route of that node; another one each time. */
  Route next(int nodeIndex) {
    int pair = nodeIndex % steps.length;
    int sourceCount = Math.max(1, sources.size());
    InetSocketAddress target = targets.get(pair / sourceCount);
    int port = nextPort(pair);
    if (port == target.getPort()) {
      // A socket that calls its own address gets through, to itself.
      port = nextPort(pair);
    }
    InetSocketAddress local =
        sources.isEmpty()
            ? new InetSocketAddress(port)
            : new InetSocketAddress(sources.get(pair % sourceCount), port);
    return new Route(local, target);
  }

  /**
   * The last route of that node was taken. Whoever has it most likely has the following ones, too:
   * another load test goes the same way. So this one goes on somewhere else.
   */
  void taken(int nodeIndex) {
    lock.lock();
    try {
      steps[nodeIndex % steps.length] = random.nextInt(ports.count());
    } finally {
      lock.unlock();
    }
  }

  private int nextPort(int pair) {
    int step;
    lock.lock();
    try {
      step = steps[pair];
      steps[pair] = (step + 1) % ports.count();
    } finally {
      lock.unlock();
    }
    return ports.first() + (int) ((long) step * stride() % ports.count());
  }

  private int stride() {
    return ports.count() % STRIDE == 0 ? 1 : STRIDE;
  }
}
