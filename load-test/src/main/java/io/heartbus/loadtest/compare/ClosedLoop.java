package io.heartbus.loadtest.compare;

import static io.heartbus.loadtest.compare.Measurement.grouped;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * Beats, or messages that come back, each followed by the next as soon as it has been answered.
 *
 * @param payloadBytes of each message; 0 for beats
 * @param ahead how many each connection has under way, at most {@link Underway#COUNT_MAX}
 */
record ClosedLoop(String name, int connections, int payloadBytes, int ahead, Timing timing)
    implements Measurement {
  private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(2);

  @Override
  public String title() {
    return "%s, %d under way on each of %s connections"
        .formatted(
            beats() ? "beats" : "echo of %s B".formatted(grouped(payloadBytes)),
            ahead,
            grouped(connections));
  }

  private boolean beats() {
    return payloadBytes == 0;
  }

  private Part part(int place) {
    return beats() ? Part.idle(place) : Part.echo(place, payloadBytes);
  }

  @Override
  public Findings take(Target target) throws IOException {
    try (Clients clients = new Clients(target.address())) {
      clients.grow(connections, place -> target.peer().converse(part(place)));
      Window window = timing.from(System.nanoTime());
      Tally tally = new Tally(window);
      Loop loop = new Loop(tally);
      clients.begin(loop);
      Usage.Cpu cpu = Usage.Cpu.ofThisThread(target.process());
      Usage usage = Usage.of(clients, loop, window, cpu);
      Findings findings = new Findings();
      findings.usage(usage, window);
      findings.count("answered", tally.count());
      findings.fact("p50Ms", tally.percentileMs(50));
      findings.fact("p99Ms", tally.percentileMs(99));
      findings.lost(
          clients.settle(
              System.nanoTime() + SETTLE_NANOS, (client, now) -> client.underway().take()));
      String what = beats() ? "beat" : "message";
      String load =
          beats()
              ? "beats one after the other"
              : "echo %s B, %d under way".formatted(grouped(payloadBytes), ahead);
      findings.figure("%s, %ss/s".formatted(load, what), tally.perSecond());
      findings.figure(
          "%s, server CPU per %s, us".formatted(load, what), usage.microsPer(tally.count()));
      return findings;
    }
  }

  private final class Loop implements Clients.Ear {
    private final Tally tally;

    Loop(Tally tally) {
      this.tally = tally;
    }

    @Override
    public void answered(Client client, long nowNanos) throws IOException {
      tally.answered(client.underway().take(), nowNanos);
    }

    @Override
    public void caughtUp(Client client, ByteBuffer out) throws IOException {
      long nowNanos = System.nanoTime();
      while (client.underway().count() < ahead && send(client.conversation(), out)) {
        client.underway().add(nowNanos);
      }
    }

    private boolean send(Conversation conversation, ByteBuffer out) {
      if (beats()) {
        conversation.beat(out);
        return true;
      }
      return conversation.publish(out);
    }
  }
}
