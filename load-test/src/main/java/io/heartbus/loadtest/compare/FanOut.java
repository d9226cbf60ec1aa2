package io.heartbus.loadtest.compare;

import static io.heartbus.loadtest.compare.Measurement.grouped;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One connection publishes to many, and stays {@link #AHEAD_MESSAGES} ahead of what was delivered
 * to them on average, as far as its credit allows.
 */
record FanOut(String name, int members, int payloadBytes, Timing timing) implements Measurement {
  private static final int AHEAD_MESSAGES = 64;

  @Override
  public String title() {
    return "%s B from one publisher to %s members, %d messages under way"
        .formatted(grouped(payloadBytes), grouped(members), AHEAD_MESSAGES);
  }

  @Override
  public boolean suits(Peer peer) {
    return peer.fansOut();
  }

  @Override
  public Findings take(Target target) throws IOException {
    try (Clients clients = new Clients(target.address())) {
      clients.grow(members + 1, place -> target.peer().converse(Part.fanOut(place, payloadBytes)));
      Window window = timing.from(System.nanoTime());
      Publisher publisher = new Publisher(clients.at(0), window);
      clients.begin(publisher);
      Usage.Cpu cpu = Usage.Cpu.ofThisThread(target.process());
      Usage usage = Usage.of(clients, publisher, window, cpu);
      Findings findings = new Findings();
      findings.usage(usage, window);
      findings.count("delivered", publisher.counted);
      findings.figure(
          "fan-out to %s, deliveries/s".formatted(grouped(members)),
          publisher.counted / window.seconds());
      findings.figure(
          "fan-out to %s, server CPU per delivery, us".formatted(grouped(members)),
          usage.microsPer(publisher.counted));
      return findings;
    }
  }

  private final class Publisher implements Clients.Ear {
    private final Client client;
    private final Window window;
    private long published;
    private long delivered;

    /** Of those, what came within the window. */
    private long counted;

    Publisher(Client client, Window window) {
      this.client = client;
      this.window = window;
    }

    @Override
    public void answered(Client member, long nowNanos) {
      delivered++;
      if (window.contains(nowNanos)) {
        counted++;
      }
    }

    @Override
    public void turned(ByteBuffer out) throws IOException {
      while (published - delivered / members < AHEAD_MESSAGES
          && client.conversation().publish(out)) {
        published++;
      }
      client.send(out);
    }
  }
}
