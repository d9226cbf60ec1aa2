package io.heartbus.loadtest;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a run does, complete and checked. Immutable.
 *
 * @param targets the servers, in turn
 * @param sources the addresses to come from, in turn; empty leaves the choice to the kernel
 * @param duration how long all nodes are held after the ramp; null means until stopped
 * @param coolDown over how long the goodbyes are spread
 * @param traffic the messages that go beside the beats
 * @param giveUp whether a node closes that hears nothing for its timeout
 * @param p99Max the bound on the 99th percentile, or null when there is none
 * @param faults what the scenario detect does to nodes; null in any other
 * @param storm what the scenario storm does to nodes; null in any other
 */
record Scenario(
    Kind kind,
    List<InetSocketAddress> targets,
    List<InetAddress> sources,
    int nodes,
    double connectsPerSecond,
    Duration connectTimeout,
    Duration interval,
    Duration timeout,
    @Nullable Duration duration,
    Duration coolDown,
    Traffic traffic,
    boolean giveUp,
    @Nullable Duration p99Max,
    @Nullable Faults faults,
    @Nullable Storm storm) {

  /** What kind of load it is. */
  enum Kind {
    /** Nodes come in; the time that takes is what counts. */
    CONNECT,
    /** Nodes come in and beat; the time to the answers is what counts. */
    HEARTBEAT,
    /** Messages come back to the nodes that sent them. */
    ECHO,
    /** A few nodes publish and many others get that. */
    FANOUT,
    /** Both, at rates that are given. */
    MIXED,
    /** Nodes die in several ways; how soon and how rightly the server says so is what counts. */
    DETECT,
    /** Nodes are cut off all at once and come back; the time that takes is what counts. */
    STORM,
    /** Nodes live and part, for somebody to look at. */
    DEMO;

    /** Whether messages are what it measures. */
    boolean messages() {
      return this == ECHO || this == FANOUT || this == MIXED;
    }

    /** Its name on the command line. */
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The names of all, for a message. */
    static String names() {
      return String.join(", ", Arrays.stream(values()).map(Kind::text).toList());
    }
  }

  /** Nodes that one run may have. */
  static final int NODES_MAX = 2_000_000;

  Scenario {
    targets = List.copyOf(targets);
    sources = List.copyOf(sources);
    require(!targets.isEmpty(), "target: there is none");
    require(nodes >= 1 && nodes <= NODES_MAX, "nodes: from 1 to " + NODES_MAX);
    require(timeout.compareTo(interval) > 0, "timeout: has to be longer than the interval");
    require(
        kind != Kind.HEARTBEAT || (duration != null && duration.compareTo(interval) >= 0),
        "duration: has to be one interval at least, or nothing is measured");
    require(kind == Kind.DEMO || duration != null, "duration: only the demo runs for ever");
    require(
        !traffic.any() || (duration != null && duration.isPositive()),
        "duration: without any, no message is due");
    require(kind == Kind.DETECT ^ faults == null, "faults: belong to the scenario detect");
    require(kind == Kind.STORM ^ storm == null, "storms: belong to the scenario storm");
    traffic.check(nodes);
    if (faults != null && duration != null) {
      faults.check(nodes, interval, timeout, duration);
    }
    if (storm != null) {
      storm.check(nodes);
    }
  }

  /**
   * How long all nodes are held, in nanoseconds; {@code Long.MAX_VALUE} when something else than
   * time ends that.
   */
  long holdNanos() {
    return kind == Kind.STORM ? Long.MAX_VALUE : quietNanos();
  }

  /** The duration in nanoseconds; {@code Long.MAX_VALUE} when there is none. */
  long quietNanos() {
    return duration == null ? Long.MAX_VALUE : duration.toNanos();
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
