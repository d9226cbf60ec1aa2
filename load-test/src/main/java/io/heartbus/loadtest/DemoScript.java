package io.heartbus.loadtest;

import io.heartbus.protocol.Frame;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The nodes of the scenario {@code demo}: a small living fleet to look at. Most beat, some publish;
 * at random a node falls silent, closes, says goodbye or is replaced by a new start of itself, and
 * all come back. Owned by the fleet's thread; times are nanoseconds since the run began.
 */
final class DemoScript implements NodeScript {
  private static final List<String> ZONES = List.of("berlin", "lisbon", "oslo", "paris", "vienna");
  private static final List<String> MODELS = List.of("gateway", "meter", "sensor");
  private static final List<String> FIRMWARES = List.of("1.8.2", "2.0.1", "2.1.0");

  private static final long NEVER = Long.MAX_VALUE;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final int PUBLISHER_EVERY = 8;

  /** Out of a hundred partings. */
  private static final int SILENT_SHARE = 35;

  private static final int CLOSE_SHARE = 25;
  private static final int GOODBYE_SHARE = 25;

  /** How fast the fleet lives. */
  record Tempo(long stayNanosMean, long awayNanosMin, long awayNanosMax, long publishNanosMax) {
    private static final long SECOND_NANOS = 1_000_000_000L;

    /** A thousand nodes that stay so long make five events per second to look at. */
    static final Tempo CALM =
        new Tempo(200 * SECOND_NANOS, 5 * SECOND_NANOS, 40 * SECOND_NANOS, 20 * SECOND_NANOS);
  }

  private final RandomGenerator random;
  private final Tempo tempo;
  private final long patienceNanos;
  private final long[] staysUntil;
  private final long[] publishesAt;
  private final boolean[] replacing;

  /** The script of that scenario. */
  DemoScript(Scenario scenario, Tempo tempo, RandomGenerator random) {
    this.random = random;
    this.tempo = tempo;
    this.patienceNanos = scenario.connectTimeout().toNanos();
    this.staysUntil = new long[scenario.nodes()];
    this.publishesAt = new long[scenario.nodes()];
    this.replacing = new boolean[scenario.nodes()];
    Arrays.fill(publishesAt, NEVER);
  }

  @Override
  public String nodeId(int index) {
    int number = index / ZONES.size() + 1;
    return String.format(Locale.ROOT, "demo-%s-%04d", zone(index), number);
  }

  @Override
  public Frame.Attributes attributes(Node node) {
    int number = node.index() / ZONES.size();
    Map<String, String> metadata =
        Map.of(
            "model", MODELS.get(number % MODELS.size()),
            "firmware", FIRMWARES.get(number / MODELS.size() % FIRMWARES.size()));
    return new Frame.Attributes(metadata, zone(node.index()), node.lastEpoch(), null);
  }

  @Override
  public void entered(Connection connection, Frame.Pace pace, long nowNanos) {
    int index = connection.node().index();
    replacing[index] = false;
    publishesAt[index] = index % PUBLISHER_EVERY == 0 ? nextPublish(nowNanos) : NEVER;
    stay(connection, nowNanos);
  }

  @Override
  public void due(Fleet fleet, Connection connection, long nowNanos) {
    int index = connection.node().index();
    if (publishesAt[index] <= nowNanos) {
      publishesAt[index] = nextPublish(nowNanos);
      if (connection.publish(message(), nowNanos)) {
        fleet.measurements().messages().plainSent();
      }
    }
    if (staysUntil[index] <= nowNanos) {
      part(fleet, connection, nowNanos);
    } else {
      connection.wakeScriptAt(Math.min(staysUntil[index], publishesAt[index]));
    }
  }

  @Override
  public void ended(Fleet fleet, Connection connection, Ending ending, long nowNanos) {
    Node node = connection.node();
    fleet.decide(node);
    if (replacing[node.index()] && ending instanceof Ending.Lost) {
      // The old session heard of the new one first; the new one is on its way.
      return;
    }
    note(fleet, ending);
    Connection other = node.connection();
    if (other != null) {
      // A replacement that was refused, or the one that it replaced: the node is still in.
      if (replacing[node.index()] && !(ending instanceof Ending.Wanted)) {
        replacing[node.index()] = false;
        stay(other, nowNanos);
      }
      return;
    }
    replacing[node.index()] = false;
    long back =
        nowNanos
            + Math.max(retryNanos(ending), between(tempo.awayNanosMin(), tempo.awayNanosMax()));
    fleet.connect(node, back, back);
  }

  @Override
  public boolean hopeless(Census census, long nowNanos) {
    return census.connected() == 0 && nowNanos > patienceNanos;
  }

  private void stay(Connection connection, long nowNanos) {
    int index = connection.node().index();
    // Exponential: a fleet in which nobody knows who is next.
    double share = -Math.log(1 - random.nextDouble());
    staysUntil[index] = nowNanos + (long) (share * tempo.stayNanosMean());
    connection.wakeScriptAt(Math.min(staysUntil[index], publishesAt[index]));
  }

  private void part(Fleet fleet, Connection connection, long nowNanos) {
    Node node = connection.node();
    int draw = random.nextInt(100);
    if (draw < SILENT_SHARE) {
      connection.fallSilent();
      node.restart(random.nextLong());
    } else if (draw < SILENT_SHARE + CLOSE_SHARE) {
      connection.close(nowNanos);
    } else if (draw < SILENT_SHARE + CLOSE_SHARE + GOODBYE_SHARE) {
      connection.leave(nowNanos);
    } else {
      replacing[node.index()] = true;
      node.restart(random.nextLong());
      fleet.connect(node, nowNanos, nowNanos);
    }
  }

  private static void note(Fleet fleet, Ending ending) {
    switch (ending) {
      case Ending.Refused(var reason, _) -> fleet.measurements().refused(reason, false);
      case Ending.Busy _ -> fleet.measurements().busy();
      case Ending.Lost(var reason, _) -> fleet.measurements().lost(reason);
      case Ending.Wanted() -> {}
    }
  }

  private static long retryNanos(Ending ending) {
    return NANOS_PER_MILLI
        * switch (ending) {
          case Ending.Refused(_, var retryAfterMs) -> retryAfterMs;
          case Ending.Busy(var retryAfterMs) -> retryAfterMs;
          case Ending.Lost(_, var retryAfterMs) -> retryAfterMs;
          case Ending.Wanted() -> 0;
        };
  }

  private long nextPublish(long nowNanos) {
    return nowNanos + between(0, tempo.publishNanosMax());
  }

  private byte[] message() {
    double celsius = 20 + 5 * random.nextGaussian();
    return String.format(Locale.ROOT, "{\"celsius\":%.1f}", celsius)
        .getBytes(StandardCharsets.UTF_8);
  }

  private long between(long from, long to) {
    return random.nextLong(from, to);
  }

  private static String zone(int index) {
    return ZONES.get(index % ZONES.size());
  }
}
