package io.heartbus.loadtest;

import io.heartbus.loadtest.Scenario.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Scenarios of tests: a sound one, and what differs from it. */
final class Scenarios {
  private Kind kind;
  private List<InetSocketAddress> targets;
  private List<InetAddress> sources = List.of();
  private int nodes = 10;
  private double connectsPerSecond = 1_000;
  private Duration connectTimeout = Duration.ofSeconds(10);
  private Duration interval = Duration.ofMillis(100);
  private @Nullable Duration duration = Duration.ofMillis(500);
  private Duration coolDown = Duration.ZERO;
  private Traffic traffic = Traffic.NONE;
  private boolean giveUp;
  private @Nullable Duration p99Max;
  private @Nullable Duration timeout;
  private @Nullable Faults faults;
  private @Nullable Storm storm;

  private Scenarios(Kind kind, int port) {
    this.kind = kind;
    port(port);
  }

  static Scenarios heartbeat(int port) {
    return new Scenarios(Kind.HEARTBEAT, port);
  }

  static Scenarios connect(int port) {
    return new Scenarios(Kind.CONNECT, port).lasting(Duration.ZERO);
  }

  static Scenarios demo(int port) {
    return new Scenarios(Kind.DEMO, port);
  }

  /** Messages that come back, on one channel of each node; a closed loop. */
  static Scenarios echo(int port, int window) {
    return new Scenarios(Kind.ECHO, port)
        .traffic(traffic(100, new Traffic.Echo(1, window, 0), Traffic.Fanout.NONE));
  }

  /** Messages of that size, no channels that are stuck, and little patience at the end. */
  static Traffic traffic(int messageBytes, Traffic.Echo echo, Traffic.Fanout fanout) {
    return new Traffic(messageBytes, echo, fanout, Traffic.Stuck.NONE, Duration.ofSeconds(1));
  }

  /** Messages that the first node publishes to all others, so many per second. */
  static Scenarios fanout(int port, int nodes, int slowMembers, double perSecond) {
    Traffic.Fanout fanout = new Traffic.Fanout(1, nodes - 1, slowMembers, 20, 1, perSecond);
    return new Scenarios(Kind.FANOUT, port)
        .nodes(nodes)
        .traffic(traffic(100, Traffic.Echo.NONE, fanout));
  }

  /** Both, slowly. */
  static Scenarios mixed(int port) {
    return new Scenarios(Kind.MIXED, port)
        .traffic(traffic(100, new Traffic.Echo(1, 1, 100), new Traffic.Fanout(1, 9, 0, 20, 1, 10)));
  }

  /** Nodes die, so many of each fault, and the feed is at that port. */
  static Scenarios detect(int port, int httpPort, int victims) {
    Scenarios scenarios = new Scenarios(Kind.DETECT, port);
    InetSocketAddress http = new InetSocketAddress(InetAddress.getLoopbackAddress(), httpPort);
    scenarios.faults = new Faults(victims, http, 0, null);
    return scenarios;
  }

  /** Nodes are cut off that often and come back; some stay. */
  static Scenarios storm(int port, int rounds, int untouched) {
    Scenarios scenarios = new Scenarios(Kind.STORM, port);
    scenarios.storm = new Storm(rounds, untouched, 0);
    return scenarios;
  }

  Scenarios cutting(int cuts) {
    faults = new Faults(faults.victims(), faults.http(), cuts, faults.delayMax());
    return this;
  }

  Scenarios delayMax(Duration bound) {
    faults = new Faults(faults.victims(), faults.http(), faults.cuts(), bound);
    return this;
  }

  Scenarios timeout(Duration asked) {
    timeout = asked;
    return this;
  }

  Scenarios traffic(Traffic messages) {
    traffic = messages;
    return this;
  }

  Scenarios nodes(int count) {
    nodes = count;
    return this;
  }

  Scenarios port(int port) {
    return targets(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
  }

  Scenarios targets(List<InetSocketAddress> addresses) {
    targets = addresses;
    return this;
  }

  Scenarios sources(List<InetAddress> addresses) {
    sources = addresses;
    return this;
  }

  Scenarios connectsPerSecond(double rate) {
    connectsPerSecond = rate;
    return this;
  }

  Scenarios connectTimeout(Duration limit) {
    connectTimeout = limit;
    return this;
  }

  Scenarios interval(Duration asked) {
    interval = asked;
    return this;
  }

  Scenarios lasting(@Nullable Duration limit) {
    duration = limit;
    return this;
  }

  Scenarios coolingDown(Duration time) {
    coolDown = time;
    return this;
  }

  Scenarios givingUp() {
    giveUp = true;
    return this;
  }

  Scenarios p99Max(Duration bound) {
    p99Max = bound;
    return this;
  }

  /** Runs nodes that beat and stay. */
  Measured run() throws IOException {
    Scenario scenario = scenario();
    HeartbeatScript script = new HeartbeatScript("test-");
    return run(new Fleet(scenario, script, RandomGenerator.getDefault()), scenario);
  }

  /** The same, until it is enough or nobody is left. */
  Measured run(BooleanSupplier enough) throws IOException {
    Scenario scenario = lasting(Duration.ofHours(1)).scenario();
    HoldingScript script = new HoldingScript(enough);
    return run(new Fleet(scenario, script, RandomGenerator.getDefault()), scenario);
  }

  /** Runs the fleet and shows nobody how it goes. */
  static Measured run(Fleet fleet, Scenario scenario) throws IOException {
    try (Timeline timeline = Timeline.unseen(scenario)) {
      return fleet.run(timeline);
    }
  }

  Scenario scenario() {
    return new Scenario(
        kind,
        targets,
        sources,
        nodes,
        connectsPerSecond,
        connectTimeout,
        interval,
        timeout == null ? interval.multipliedBy(3) : timeout,
        duration,
        coolDown,
        traffic,
        giveUp,
        p99Max,
        faults,
        storm);
  }
}
