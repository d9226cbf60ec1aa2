package io.heartbus.loadtest.compare;

import static io.heartbus.loadtest.compare.Measurement.grouped;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Connections that have beaten a few times and are silent since: what each costs in memory, as the
 * slope between a few of them and many. Best taken of a server that has just been started.
 *
 * @param beatsPerSecond of all together, while they beat
 * @param calm how long they are silent, so that a server can give back what it does not use
 */
record Idle(String name, int few, int many, int beatsPerSecond, Duration calm)
    implements Measurement {
  private static final int BEATS = 8;
  private static final double BYTES_PER_MIB = 1 << 20;
  private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private record Memory(long residentBytes, long liveBytes) {}

  @Override
  public String title() {
    return "%s to %s connections, idle for %d s after %d beats"
        .formatted(grouped(few), grouped(many), calm.toSeconds(), BEATS);
  }

  @Override
  public Findings take(Target target) throws IOException {
    try (Clients clients = new Clients(target.address())) {
      Memory before = memory(clients, target, few);
      Memory after = memory(clients, target, many);
      Findings findings = new Findings();
      findings.figure(
          "resident memory with %s idle, MiB".formatted(grouped(many)),
          after.residentBytes / BYTES_PER_MIB);
      findings.figure(
          "resident memory per idle connection, bytes",
          slope(before.residentBytes, after.residentBytes));
      if (target.peer().onJvm()) {
        findings.figure(
            "live heap per idle connection, bytes", slope(before.liveBytes, after.liveBytes));
      }
      return findings;
    }
  }

  private double slope(long before, long after) {
    return (after - before) / (double) (many - few);
  }

  private Memory memory(Clients clients, Target target, int count) throws IOException {
    clients.grow(count, place -> target.peer().converse(Part.idle(place)));
    beat(clients, BEATS);
    clients.read(System.nanoTime() + calm.toNanos(), (client, now) -> {});
    // Before any collection that only a measurement would ask for.
    long residentBytes = target.process().residentBytes();
    if (!target.peer().onJvm()) {
      return new Memory(residentBytes, 0);
    }
    target.process().collect();
    beat(clients, 1);
    return new Memory(residentBytes, target.process().liveBytes());
  }

  private void beat(Clients clients, int times) throws IOException {
    Clients.Ear ear = (client, now) -> client.underway().take();
    long beginNanos = System.nanoTime();
    EvenPace pace = new EvenPace(beginNanos, beatsPerSecond);
    Window window = new Window(beginNanos, pace.dueNanos((long) times * clients.count()));
    PacedSender sender = new PacedSender(clients, pace, window, true);
    try (sender) {
      sender.start();
      clients.read(window.untilNanos(), ear);
    }
    sender.lagP99Ms();
    long missing = clients.settle(System.nanoTime() + SETTLE_NANOS, ear);
    if (missing > 0) {
      throw new IOException("the server left %d beats unanswered".formatted(missing));
    }
    clients.read(System.nanoTime() + QUIET_NANOS, ear);
  }
}
