package io.heartbus.loadtest.compare;

import static io.heartbus.loadtest.compare.Measurement.grouped;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Connections let in, as fast as one after the other can be asked for; the second time of two, so
 * that the server has done it before.
 */
record Connects(String name, int connections) implements Measurement {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  @Override
  public String title() {
    return "%s connections as fast as they are let in".formatted(grouped(connections));
  }

  @Override
  public Findings take(Target target) throws IOException {
    connect(target);
    try (Clients nobody = new Clients(target.address())) {
      // The server parts with the first ones.
      nobody.read(System.nanoTime() + PAUSE_NANOS, (client, now) -> {});
    }
    return connect(target);
  }

  private Findings connect(Target target) throws IOException {
    try (Clients clients = new Clients(target.address())) {
      Usage.Cpu cpu = Usage.Cpu.ofThisThread(target.process());
      Usage.Reading before = cpu.read();
      clients.grow(connections, place -> target.peer().converse(Part.idle(place)));
      Usage.Reading after = cpu.read();
      Usage usage = Usage.between(before, after);
      Findings findings = new Findings();
      findings.usage(usage, new Window(before.nanos(), after.nanos()));
      double seconds = (after.nanos() - before.nanos()) / NANOS_PER_SECOND;
      findings.figure("connects/s", connections / seconds);
      findings.figure("server CPU per connect, us", usage.microsPer(connections));
      return findings;
    }
  }
}
