package io.heartbus.loadtest.compare;

import static io.heartbus.loadtest.compare.Measurement.grouped;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Beats, or messages that come back, at an even rate, whatever the server does.
 *
 * @param payloadBytes of each message; 0 for beats
 */
record OpenLoop(String name, int connections, int perSecond, int payloadBytes, Timing timing)
    implements Measurement {
  private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(2);

  @Override
  public String title() {
    return "%s, one by one at %s/s over %s connections"
        .formatted(
            beats() ? "beats" : "echo of %s B".formatted(grouped(payloadBytes)),
            grouped(perSecond),
            grouped(connections));
  }

  private boolean beats() {
    return payloadBytes == 0;
  }

  @Override
  public Findings take(Target target) throws IOException {
    try (Clients clients = new Clients(target.address())) {
      clients.grow(connections, place -> target.peer().converse(part(place)));
      long nowNanos = System.nanoTime();
      Window window = timing.from(nowNanos);
      Tally tally = new Tally(window);
      Clients.Ear ear = (client, now) -> tally.answered(client.underway().take(), now);
      PacedSender sender =
          new PacedSender(clients, new EvenPace(nowNanos, perSecond), window, beats());
      Usage usage;
      try (sender) {
        List<Thread> threads = List.of(Thread.currentThread(), sender.start());
        usage = Usage.of(clients, ear, window, new Usage.Cpu(target.process(), threads));
      }
      Findings findings = new Findings();
      findings.usage(usage, window);
      findings.pace(sender.lagP99Ms(), tally.perSecond() / perSecond);
      findings.lost(clients.settle(System.nanoTime() + SETTLE_NANOS, ear));
      tell(findings, usage, tally);
      return findings;
    }
  }

  private Part part(int place) {
    return beats() ? Part.idle(place) : Part.echo(place, payloadBytes);
  }

  private void tell(Findings findings, Usage usage, Tally tally) {
    findings.count("answered", tally.count());
    String load = "%s/s".formatted(grouped(perSecond));
    if (beats()) {
      findings.figure(
          "server CPU per beat at %s, us".formatted(load), usage.microsPer(tally.count()));
      findings.fact("p50Ms", tally.percentileMs(50));
      findings.fact("p99Ms", tally.percentileMs(99));
      findings.fact("p999Ms", tally.percentileMs(99.9));
    } else {
      findings.fact("serverCpuMicrosPerMessage", usage.microsPer(tally.count()));
      findings.figure("echo at %s, p50, ms".formatted(load), tally.percentileMs(50));
      findings.figure("echo at %s, p99, ms".formatted(load), tally.percentileMs(99));
      findings.figure("echo at %s, p99.9, ms".formatted(load), tally.percentileMs(99.9));
    }
  }
}
