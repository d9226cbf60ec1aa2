package io.heartbus.server.interleaving;

import com.typesafe.config.ConfigFactory;
import io.heartbus.server.HeartbeatServer;
import io.heartbus.server.ServerConfig;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** One server, some nodes, and a few thousand operations drawn from one seed. */
final class Round {
  private static final int PHASES = 3;

  /** Now and then the server gets this long to keep up. */
  private static final long BREATH_NANOS = 1_000;

  private final long seed;
  private final SplittableRandom random;
  private final Profile profile;

  Round(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.profile = Profile.of(random);
  }

  /** What a round came to. */
  record Tally(long operations, long connections, long checked) {
    Tally plus(Tally other) {
      return new Tally(
          operations + other.operations, connections + other.connections, checked + other.checked);
    }
  }

  /** Runs it; throws what is wrong, with the seed and the last lines of the trace. */
  Tally run() throws IOException {
    int threadsBefore = ServerThreads.count();
    String settings = profile.settings();
    try (HeartbeatServer server =
        HeartbeatServer.start(
            ServerConfig.of(ConfigFactory.parseString(settings).atPath("heartbus.server")))) {
      World world = new World(random, profile, server.busAddress());
      try {
        new Script(world, new Figures(server)).run(threadsBefore);
      } catch (AssertionError | RuntimeException wrong) {
        throw new AssertionError(
            "seed %d, %s: %s%n%s".formatted(seed, profile, wrong.getMessage(), world.trace()),
            wrong);
      }
      return new Tally(world.operations, world.connections, world.checked);
    }
  }

  /** What the nodes do. */
  private static final class Script {
    private final World world;
    private final SplittableRandom random;
    private final Talk talk;
    private final Openings openings;
    private final Oddities oddities;
    private final Settling settling;

    Script(World world, Figures figures) {
      this.world = world;
      random = world.random();
      talk = new Talk(world);
      openings = new Openings(world);
      oddities = new Oddities(world);
      settling = new Settling(world, figures, talk, openings, oddities);
    }

    void run(int threadsBefore) throws IOException {
      for (int phase = 0; phase < PHASES; phase++) {
        for (int i = 500 + random.nextInt(2500); i > 0; i--) {
          step();
        }
        settling.settle();
      }
      for (Peer peer : world.slots().live()) {
        oddities.leave(peer);
      }
      settling.checkEmpty(() ->
          ServerThreads.count() <= threadsBefore
              ? ""
              : ServerThreads.count() + " consumers are left, there were " + threadsBefore);
    }

    private void step() throws IOException {
      world.operations++;
      List<Peer> live = world.slots().live();
      if (live.isEmpty() || random.nextInt(80) == 0) {
        world.slots().connect(random.nextInt(world.slots().count()));
      } else {
        operate(live.get(random.nextInt(live.size())));
      }
      for (Peer peer : world.slots().peers()) {
        if (peer.model().ending() || random.nextInt(3) == 0) {
          peer.line().flush(random);
        }
        if (random.nextInt(4) == 0) {
          peer.read();
        }
      }
      if (random.nextInt(50) == 0) {
        LockSupport.parkNanos(BREATH_NANOS);
      }
    }

    private void operate(Peer peer) throws IOException {
      int chance = random.nextInt(1000);
      if (chance < 5 && !peer.model().relays().unbound()) {
        oddities.leave(peer);
      } else if (chance < 7 && !peer.model().relays().unbound()) {
        oddities.flood(peer);
      } else if (chance < 12) {
        peer.pause(random.nextInt(200));
      } else if (chance < 50) {
        answer();
      } else if (chance < 80) {
        openings.turnOver(peer);
      } else if (chance < 150) {
        oddities.harmless(peer);
      } else if (chance < 260) {
        openings.any(peer);
      } else {
        talk.any(peer);
      }
    }

    private void answer() {
      ChannelModel channel = world.nextToAnswer();
      if (channel != null && channel.connection().live()) {
        Peer peer = world.slots().peerOf(channel.connection());
        openings.answer(peer, channel, random.nextInt(8) == 0);
      }
    }
  }
}
