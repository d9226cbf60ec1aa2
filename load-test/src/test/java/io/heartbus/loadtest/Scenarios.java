package io.heartbus.loadtest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heartbus.loadtest.Scenario.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Scenarios of tests: a sound one, and what differs from it. */
final class Scenarios {
  private Kind kind;
  private List<InetSocketAddress> targets;
  private List<InetAddress> sources = List.of();
  private int nodes = 10;
  private Duration connectTimeout = Duration.ofSeconds(10);
  private Duration interval = Duration.ofMillis(100);
  private @Nullable Duration duration = Duration.ofMillis(500);
  private boolean giveUp;
  private @Nullable Duration p99Max;

  private Scenarios(Kind kind, int port) {
    this.kind = kind;
    this.targets = List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
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

  Scenarios nodes(int count) {
    nodes = count;
    return this;
  }

  Scenarios targets(List<InetSocketAddress> addresses) {
    targets = addresses;
    return this;
  }

  Scenarios sources(List<InetAddress> addresses) {
    sources = addresses;
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

  /** Runs the fleet and shows nobody how it goes. */
  static Measured run(Fleet fleet, Scenario scenario) throws IOException {
    PrintStream nobody = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
    try (Progress progress = new Progress(nobody, false, scenario)) {
      return fleet.run(progress);
    }
  }

  Scenario scenario() {
    return new Scenario(
        kind,
        targets,
        sources,
        nodes,
        1_000,
        connectTimeout,
        interval,
        interval.multipliedBy(3),
        duration,
        giveUp,
        p99Max);
  }
}
